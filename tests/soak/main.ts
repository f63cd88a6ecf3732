/**
 * `npm run soak -- --minutes N`: the properties and random graphs with fresh seeds, round after round, and a report.
 * Failing graphs are kept under tests/regress/ and run first from then on.
 *
 * `npm run soak -- --goal kills` and the other names of `goals.ts`, or `--goal all`: one round of each, however long it takes.
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { addCounts, type Counts } from '../counts.ts';
import { goals } from './goals.ts';
import { type Round, runRound } from './round.ts';

export interface SoakReport {
  readonly commit: string;
  readonly node: string;
  readonly cpu: string;
  readonly workers: number;
  readonly seconds: number;
  readonly rounds: readonly Omit<Round, 'counts'>[];
  readonly passed: number;
  readonly failed: number;
  readonly counts: Counts;
}

/** Every second round is of all properties; the others are of random graphs alone. */
const everything = [
  'tests/regress',
  'tests/properties',
  'tests/graphs',
  'tests/pipeline',
  'tests/runtime',
  'tests/data',
  'tests/checkpoint',
  'tests/fuzz',
  'tests/injection',
];
const graphsAlone = ['tests/regress', 'tests/graphs/graphs'];

/** Less time than this is not worth another round. */
const shortestRound = 45;

export async function main(words: readonly string[]): Promise<void> {
  const { minutes, workers, out, chosen } = readOptions(words);
  if (chosen.length > 0) return reachGoals(chosen, workers, out);
  const begin = performance.now();
  const elapsed = (): number => (performance.now() - begin) / 1000;
  const rounds: Round[] = [];
  let pace = 12 * workers; // graphs per second: a guess to begin with
  for (let left = 60 * minutes; left > shortestRound; left = 60 * minutes - elapsed()) {
    const all = rounds.length % 2 === 0 && left > 600;
    const graphs = Math.max(100, Math.floor(pace * Math.min(left - 20, all ? 60 : 400)));
    const round = await runRound({
      folders: all ? everything : graphsAlone,
      graphs,
      workers,
      limitSeconds: 3_000,
    });
    if (!all) pace = graphs / round.seconds;
    rounds.push(round);
    tell(`round ${rounds.length}`, round, `${round.counts.graphs?.graphs ?? 0} graphs`);
    write(out, reportOf(rounds, workers, elapsed()));
  }
  const { passed, failed, counts } = reportOf(rounds, workers, elapsed());
  console.log(`${rounds.length} rounds, ${counts.graphs?.graphs ?? 0} graphs; report in ${out}`);
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0 || rounds.length === 0) process.exitCode = 1;
}

async function reachGoals(chosen: readonly string[], workers: number, out: string): Promise<void> {
  const begin = performance.now();
  const rounds: Round[] = [];
  for (const name of chosen) {
    const extent = goals[name];
    if (extent === undefined) throw new Error(`There is no goal ${name}: ${Object.keys(goals).join(', ')}.`);
    const round = await runRound({ ...extent, graphs: 100, workers, limitSeconds: 20_000 });
    rounds.push(round);
    tell(name, round, JSON.stringify(round.counts));
    write(out, reportOf(rounds, workers, (performance.now() - begin) / 1000));
  }
  const { passed, failed } = reportOf(rounds, workers, 0);
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

function tell(name: string, { seed, seconds, passed, failed, failures }: Round, counted: string): void {
  console.log(
    `${name}: seed ${seed}, ${seconds.toFixed(0)} s, ${counted}, ${passed} passed, ${failed} failed`,
  );
  for (const failure of failures) console.log(`  ${failure}`);
}

function readOptions(words: readonly string[]) {
  const { values } = parseArgs({
    args: [...words],
    options: {
      minutes: { type: 'string', default: '60' },
      workers: { type: 'string', default: String(availableParallelism()) },
      out: { type: 'string', default: 'out/soak.json' },
      goal: { type: 'string', multiple: true, default: [] },
    },
  });
  const [minutes, workers] = [Number(values.minutes), Number(values.workers)];
  if (!(minutes > 0) || !Number.isInteger(workers) || workers < 1)
    throw new Error('Write: npm run soak -- [--minutes N] [--workers N] [--out FILE] [--goal NAME]');
  const chosen = values.goal.includes('all') ? Object.keys(goals) : values.goal;
  return { minutes, workers, out: values.out, chosen };
}

const reportOf = (rounds: readonly Round[], workers: number, seconds: number): SoakReport => ({
  commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
  node: process.version,
  cpu: cpus()[0]?.model ?? 'unknown',
  workers,
  seconds: Math.round(seconds),
  rounds: rounds.map(({ counts: _, ...round }) => ({ ...round, seconds: Math.round(round.seconds) })),
  passed: rounds.reduce((sum, { passed }) => sum + passed, 0),
  failed: rounds.reduce((sum, { failed }) => sum + failed, 0),
  counts: rounds.map(({ counts }) => counts).reduce(addCounts, {}),
});

function write(file: string, report: SoakReport): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
}
