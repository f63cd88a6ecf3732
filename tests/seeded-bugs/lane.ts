/** One test runner that serves one bug after another: only the file with the bug is read anew, the rest stays compiled. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVitest, type TestCase, type TestModule, type Vitest } from 'vitest/node';
import { patternOf, type SeededBug } from './bug.ts';
import { seeding } from './plugin.ts';

/** What became of a test. */
export interface Verdict {
  readonly state: 'passed' | 'failed' | 'skipped' | 'pending';
  /** `Name: message` of each error. */
  readonly errors: readonly string[];
}

export interface Run {
  /** By full name, those that were asked for. */
  readonly tests: ReadonlyMap<string, Verdict>;
  /** What was thrown outside of every test: files that cannot be loaded, hooks that fail. */
  readonly outside: readonly string[];
  /** Whether the file with the bug was loaded. */
  readonly seeded: boolean;
}

export interface Lane {
  /** Runs tests of one file by their full names, on the compiler with `bug`. */
  run(test: string, names: readonly string[], bug?: SeededBug): Promise<Run>;
  close(): Promise<void>;
}

export async function openLane(root: string): Promise<Lane> {
  const seed: { bug?: SeededBug | undefined; loaded: boolean } = { loaded: false };
  const plugin = seeding(
    root,
    () => seed.bug,
    () => {
      seed.loaded = true;
    },
  );
  const vitest = await createVitest(
    'test',
    {
      root,
      watch: false,
      // The order of other runs is not to follow from what fails here.
      cache: false,
      reporters: [{}],
      maxWorkers: 1,
      setupFiles: [fileURLToPath(new URL('./watchdog.ts', import.meta.url))],
    },
    { plugins: [plugin] },
  );
  const forget = (bug: SeededBug | undefined): void => {
    if (bug) vitest.invalidateFile(join(root, bug.file));
  };
  return {
    async run(test, names, bug) {
      Object.assign(seed, { bug, loaded: false });
      forget(bug);
      try {
        return { ...(await runTests(vitest, join(root, test), names)), seeded: seed.loaded };
      } finally {
        seed.bug = undefined;
        forget(bug);
      }
    },
    close: () => vitest.close(),
  };
}

async function runTests(
  vitest: Vitest,
  file: string,
  names: readonly string[],
): Promise<Omit<Run, 'seeded'>> {
  vitest.setGlobalTestNamePattern(patternOf(names));
  const [project] = vitest.projects;
  if (!project) throw new Error('The test runner has no project.');
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications([
    project.createSpecification(file),
  ]);
  const modules = testModules.filter(({ moduleId }) => moduleId === file);
  const cases = modules.flatMap((module) => [...module.children.allTests()]);
  const asked = cases.filter(({ fullName }) => names.includes(fullName));
  return {
    tests: new Map(asked.map((test) => [test.fullName, verdictOf(test)])),
    outside: [...modules.flatMap(outsideOf), ...unhandledErrors.map(showError)],
  };
}

function verdictOf(test: TestCase): Verdict {
  const { state, errors = [] } = test.result();
  return { state, errors: errors.map(showError) };
}

/** Errors of the file and of its suites. */
const outsideOf = (module: TestModule): string[] =>
  [module, ...module.children.allSuites()].flatMap((part) => part.errors().map(showError));

function showError(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { name = 'Error', message = '' } = error as { readonly name?: string; readonly message?: string };
  return `${name}: ${message}`.replace(/\s+/g, ' ').trim();
}
