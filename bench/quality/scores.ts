/** Scores of mutation testing and of branch coverage, as their runs report them. */

import { grouped, percent, table } from './markdown.ts';

interface Score {
  readonly killed: number;
  readonly timeout: number;
  readonly survived: number;
  readonly noCoverage: number;
  readonly total: number;
}

/** What `tests/mutation/score.mjs` writes. */
export interface MutationReport {
  readonly commit: string;
  readonly stryker: string;
  readonly machine: string;
  readonly folders: Readonly<Record<string, Score>>;
  readonly files: Readonly<Record<string, Score>>;
}

interface Sums {
  readonly taken: number;
  readonly missed: number;
  /** Ways that exist for the type checker alone, such as the right side of `xs[i] ?? 0`. */
  readonly fallbacks: number;
}

/** What `npm run coverage` writes with `--json`. */
export interface CoverageReport {
  readonly commit: string;
  readonly folders: Readonly<Record<string, Sums>>;
}

const found = ({ killed, timeout }: Score): number => killed + timeout;

export function mutationSection({ commit, stryker, machine, folders, files }: MutationReport): string {
  const rowOf = (name: string, score: Score): readonly (string | number)[] => [
    `\`${name}\``,
    grouped(score.total),
    grouped(found(score)),
    grouped(score.survived),
    grouped(score.noCoverage),
    percent(found(score), score.total),
  ];
  const rows = (scores: Readonly<Record<string, Score>>) =>
    Object.entries(scores).map(([name, score]) => rowOf(name, score));
  const head = ['', 'mutants', 'noticed', 'survived', 'not reached', 'score'];
  return [
    '## Mutation testing',
    `Stryker ${stryker} from commit ${commit} on ${machine}: each mutant is tried by those of the fast tests that reach it ` +
      '(`tests/mutation/files.ts`). Mutants of what runs while modules are loaded are left out. Random graphs, trajectories and ' +
      'seeded bugs are not among these tests.',
    table(head, rows(folders)),
    '<details><summary>file by file</summary>',
    table(head, rows(files)),
    '</details>',
  ].join('\n\n');
}

export function coverageSection({ commit, folders }: CoverageReport): string {
  const rows = Object.entries(folders).map(([name, { taken, missed, fallbacks }]) => [
    `\`${name}\``,
    grouped(taken + missed),
    percent(taken, taken + missed),
    grouped(fallbacks),
  ]);
  return [
    '## Branches',
    `Branches that the tests take (\`npm run coverage\`, commit ${commit}). A type fallback is a way that exists for the type ` +
      'checker alone, such as the right side of `xs[i] ?? 0` where the element is there; those not taken are counted apart.',
    table(['folder', 'branches', 'taken', 'type fallbacks not taken'], rows),
  ].join('\n\n');
}
