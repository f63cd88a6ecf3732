/** Blocks of emitted trainers, cut out by the name that their comment computes. */

import { read } from './sources.ts';

interface Block {
  /** The names on the left of the equations of its comment. */
  readonly names: readonly string[];
  readonly text: string;
}

/** Every block: a comment of equations and the statements below it, without the indentation of the function around. */
function blocksOf(trainer: string): readonly Block[] {
  const lines = read(trainer).split('\n');
  const found: Block[] = [];
  let current: string[] = [];
  const close = (): void => {
    const names = current.flatMap((line) => /^\/\/ (\w+) = /.exec(line)?.[1] ?? []);
    if (names.length > 0) found.push({ names, text: current.join('\n') });
    current = [];
  };
  for (const line of lines) {
    const inner = line.startsWith('    ') ? line.slice(4) : undefined;
    const begins = inner?.startsWith('// ') && !current.at(-1)?.startsWith('//');
    if (inner === undefined || begins) close();
    if (inner !== undefined && (begins || current.length > 0)) current.push(inner);
  }
  close();
  return found;
}

/** The block that computes `name`, with its comment. */
export function blockOf(trainer: string, name: string): string {
  const found = blocksOf(trainer).find(({ names }) => names.includes(name));
  if (found === undefined) throw new Error(`${trainer} has no block of ${name}.`);
  return found.text;
}

/** The entries of the layout for some states, each in a line or over several. */
export function stateLines(trainer: string, names: readonly string[]): string {
  const entries = [
    ...read(trainer).matchAll(
      /^ {4}\{(?: name: '([^']+)', role: .*\},|\n {6}name: '([^']+)', role: [\s\S]*?\n {4}\},)$/gm,
    ),
  ];
  return names
    .map((name) => {
      const [text] = entries.find(([, short, long]) => name === (short ?? long)) ?? [];
      if (text === undefined) throw new Error(`${trainer} has no state ${name}.`);
      return text.replace(/^ {4}/gm, '');
    })
    .join('\n');
}
