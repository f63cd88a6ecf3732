/** The words of the command line. */

import { type Case, cases } from './cases.ts';
import { type Entrant, entrants } from './contenders.ts';

const names = entrants.map(({ who }) => who).join(', ');

export const usage = `node bench/rivals/run.mjs [options]

Measures training steps per second of chainrule and of its rivals, interleaved in one run. The rivals are installed into
bench/rivals when they are first needed; what cannot be had is left out, and named.

  --json FILE    write the results
  --docs         write docs/benchmarks.md and its drawings
  --cases A,B    of ${cases.map(({ name }) => name).join(', ')}
  --only A,B     of ours, javascript, python, or by name: ${names}
  --quick        two short rounds
  --scaling      measure how time, memory and size grow, which a choice of cases or contenders leaves out otherwise
  --no-scaling   leave it out of all cases as well
  --render FILE  measure nothing: write the documents from the results in FILE
  --as-built     measure dist as it is, without building what is out of date
  --ci           chainrule alone, in a minute; fails on ratios within the run
  --check FILE   with --ci: append a line for each check`;

export interface Options {
  readonly json: string | undefined;
  readonly render: string | undefined;
  readonly docs: boolean;
  readonly quick: boolean;
  readonly ci: boolean;
  readonly check: string | undefined;
  readonly asBuilt: boolean;
  readonly scaling: boolean;
  readonly cases: readonly Case[];
  readonly entrants: readonly Entrant[];
}

const withValue = ['--json', '--cases', '--only', '--render', '--check'];
const flags = ['--docs', '--quick', '--ci', '--scaling', '--no-scaling', '--as-built'];

/** Throws what is wrong with the words. */
export function parseOptions(words: readonly string[]): Options {
  const given = new Map<string, string>();
  for (let i = 0; i < words.length; i++) {
    const name = words[i] ?? '';
    if (flags.includes(name)) given.set(name, '');
    else if (!withValue.includes(name)) throw new Error(`There is no option ${name}.`);
    else if (words[i + 1] === undefined) throw new Error(`${name} needs a value.`);
    else given.set(name, words[++i] ?? '');
  }
  return {
    json: given.get('--json'),
    render: given.get('--render'),
    docs: given.has('--docs'),
    quick: given.has('--quick'),
    ci: given.has('--ci'),
    check: given.get('--check'),
    asBuilt: given.has('--as-built'),
    scaling: given.has('--scaling') || !['--cases', '--only', '--no-scaling'].some((name) => given.has(name)),
    cases: chosen('--cases', given.get('--cases'), cases, ({ name }) => [name]),
    entrants: chosen('--only', given.get('--only'), entrants, ({ who, kind }) => [who, kind]),
  };
}

function chosen<T>(
  option: string,
  list: string | undefined,
  all: readonly T[],
  namesOf: (one: T) => readonly string[],
): readonly T[] {
  if (list === undefined) return all;
  const wanted = list.split(',').map((name) => name.trim());
  const unknown = wanted.find((name) => !all.some((one) => namesOf(one).includes(name)));
  if (unknown !== undefined) throw new Error(`${option} does not know "${unknown}".`);
  return all.filter((one) => namesOf(one).some((name) => wanted.includes(name)));
}
