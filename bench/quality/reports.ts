/** What the runs behind docs/quality.md report, cut down to what the page shows. */

import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join, sep } from 'node:path';
import { type Counts, readCounts } from '../../tests/counts.ts';
import type { SoakReport } from '../../tests/soak/main.ts';

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** One run of `.ci/run`. */
export interface CiReport {
  readonly commit: string;
  readonly machine: string;
  readonly tests: Readonly<Record<string, Outcome>>;
  /** Checks of the other runners; the seeded bugs are one of them. */
  readonly checks: Readonly<Record<string, Outcome>>;
  /** Seconds that each stage took. */
  readonly stages: Readonly<Record<string, number>>;
  readonly counts: Counts;
}

export type { SoakReport };

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

export const machineOf = (): string =>
  `${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;

/** Reads the folder that `.ci/run` leaves its reports in when CHAINRULE_REPORTS names one. */
export function readCi(folder: string): CiReport {
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const { testResults }: VitestReport = JSON.parse(text('vitest.json'));
  // The run may have been on another checkout: folders are told by the last `tests` of a path.
  const folderOf = (name: string): string => {
    const below = name.slice(name.lastIndexOf(`${sep}tests${sep}`) + 7).split(sep);
    return below.length > 1 ? (below[0] ?? '') : '(top)';
  };
  const tests = tally(
    testResults.flatMap(({ name, assertionResults }) =>
      assertionResults.map(({ status }) => [folderOf(name), status] as const),
    ),
  );
  const checks = tally(
    linesOf(text('checks.txt')).map((line) => {
      const [status = '', runner = ''] = line.split('\t');
      return [runner, status] as const;
    }),
  );
  const stages = Object.fromEntries(
    linesOf(text('stages.txt')).map((line) => {
      const [title = '', seconds] = line.split('\t');
      return [title, Number(seconds)] as const;
    }),
  );
  const counts = readCounts(join(folder, 'counts.jsonl'));
  return { commit: text('commit.txt').trim(), machine: machineOf(), tests, checks, stages, counts };
}

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

function tally(results: readonly (readonly [string, string])[]): Readonly<Record<string, Outcome>> {
  const outcomes = new Map<string, { passed: number; failed: number; skipped: number }>();
  for (const [name, status] of results) {
    const outcome = outcomes.get(name) ?? { passed: 0, failed: 0, skipped: 0 };
    outcome[status === 'passed' || status === 'failed' ? status : 'skipped']++;
    outcomes.set(name, outcome);
  }
  return Object.fromEntries([...outcomes].sort(([a], [b]) => (a < b ? -1 : 1)));
}
