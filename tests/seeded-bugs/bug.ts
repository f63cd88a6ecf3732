/** What a seeded bug is: one deliberate fault of the compiler, as a change of text, and the test that must notice it. */

export interface SeededBug {
  /** Unique, in kebab-case. */
  readonly id: string;
  /** The fault in one sentence. */
  readonly what: string;
  /** Path from the root of the repository. */
  readonly file: string;
  /** Text of the file that occurs exactly once. */
  readonly find: string;
  readonly replace: string;
  /** The test file that must notice, as a path from the root. */
  readonly test: string;
  /** The full name of the test in it, as reports show it: suites and title, joined by ` > `. */
  readonly name: string;
}

type Fault = Pick<SeededBug, 'id' | 'what' | 'find' | 'replace'>;

/** Bugs of one source file that the tests of one test file notice: `inFile(file, test)(name, fault)`. */
export const inFile =
  (file: string, test: string) =>
  (name: string, fault: Fault): SeededBug => ({ ...fault, file, test, name });

/** `text` with the bug in it, or undefined when the patch no longer applies: `find` must occur exactly once. */
export function withBug({ find, replace }: SeededBug, text: string): string | undefined {
  const parts = text.split(find);
  return find !== '' && parts.length === 2 ? parts.join(replace) : undefined;
}

/** A pattern, as for `-t`, that fits the tests of these full names and no others. */
export function patternOf(names: readonly string[]): RegExp {
  const pattern = names.map((name) =>
    name
      .split(' > ')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
      .join('(?: > | )'),
  );
  return new RegExp(`^(?:${pattern.join('|')})$`);
}
