/** Lets the contenders of a case step in turns: every round each of them for a slice, only one of them at a time. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { disagreement, type Witness } from './agreement.ts';
import { type Case, flopsOf } from './cases.ts';
import { type Child, startChild } from './child.ts';
import type { Entrant } from './contenders.ts';
import { drawData, writeData } from './data.ts';
import { medianOf } from './numbers.ts';
import { coreCount } from './pinning.ts';
import type { Missing, Row } from './results.ts';

export interface Method {
  readonly rounds: number;
  /** Seconds of each turn. */
  readonly slice: number;
  /** Seconds of each of the two ways of stepping, before anything is measured. */
  readonly warmUp: number;
}

export interface Measured {
  readonly rows: readonly Row[];
  readonly missing: readonly Missing[];
  /** GFLOP/s by the name of the peak. */
  readonly peaks: Readonly<Record<string, number>>;
}

interface Runner {
  readonly entrant: Entrant;
  readonly child: Child;
  /** Steps per second, a round each. */
  readonly rates: number[];
  readonly busy: number[];
  flops: number;
}

/** Peaks are among the entrants. */
export async function measureCase(
  one: Case,
  entrants: readonly Entrant[],
  method: Method,
  say: (line: string) => void,
): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'chainrule-bench-'));
  try {
    writeData(folder, drawData(one));
    const started = await startAll(one, entrants, folder, method, say);
    const { runners, wrong } = judge(one.name, started.runners);
    for (const line of wrong) say(`${one.name}: ${line.who} is left out: ${line.reason}`);
    const failed = await takeTurns(runners, method, one.name);
    for (const { child } of started.runners) await child.close();
    const heights = Object.fromEntries(
      runners.filter(isPeak).map((peak) => [peak.entrant.who, (medianOf(peak.rates) * peak.flops) / 1e9]),
    );
    const ran = runners.filter((runner) => !isPeak(runner) && runner.rates.length > 0);
    return {
      rows: ran.map((runner) => rowOf(one, runner, heights)),
      missing: [...started.missing, ...wrong, ...failed],
      peaks: heights,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const isPeak = ({ entrant }: Runner): boolean => entrant.kind === 'peak';

/** One after another: what compiles takes all of a core. */
async function startAll(
  one: Case,
  entrants: readonly Entrant[],
  folder: string,
  { warmUp }: Method,
  say: (line: string) => void,
) {
  const runners: Runner[] = [];
  const missing: Missing[] = [];
  for (const entrant of entrants) {
    if (entrant.only !== undefined && entrant.only !== one.name) continue;
    try {
      if (entrant.threads > coreCount) throw new Error('this machine has too few cores');
      const child = await startChild(entrant, { case: one, folder, warmUp });
      runners.push({ entrant, child, rates: [], busy: [], flops: flopsOf(one) });
      say(`${one.name}: ${entrant.who} is ready`);
    } catch (thrown) {
      missing.push(missingOf(one.name, entrant, thrown));
      say(`${one.name}: ${entrant.who} is left out: ${missing.at(-1)?.reason}`);
    }
  }
  return { runners, missing };
}

/** Nobody is measured on other work than ours. */
function judge(name: string, started: readonly Runner[]) {
  const witnesses = started.filter((runner) => !isPeak(runner)).map(witnessOf);
  const reasonFor = (runner: Runner): string | undefined =>
    isPeak(runner) ? undefined : disagreement(witnessOf(runner), witnesses);
  return {
    runners: started.filter((runner) => reasonFor(runner) === undefined),
    wrong: started.flatMap((runner): readonly Missing[] => {
      const reason = reasonFor(runner);
      return reason === undefined ? [] : [{ case: name, who: runner.entrant.who, reason, isWrong: true }];
    }),
  };
}

const witnessOf = ({ entrant: { who, kind }, child }: Runner): Witness => ({
  who,
  kind,
  losses: child.ready.losses,
});

const missingOf = (name: string, { who }: Entrant, thrown: unknown): Missing => ({
  case: name,
  who,
  reason: thrown instanceof Error ? thrown.message : String(thrown),
});

/** Peaks take part in every round, so that a machine that slows down lowers them as well. */
async function takeTurns(
  runners: readonly Runner[],
  { rounds, slice }: Method,
  name: string,
): Promise<readonly Missing[]> {
  const failed = new Map<Runner, Missing>();
  for (let round = 0; round < rounds; round++) {
    // Every round begins elsewhere: nobody always follows the same one.
    const first = Math.floor((round * runners.length) / rounds);
    for (const runner of [...runners.slice(first), ...runners.slice(0, first)]) {
      if (failed.has(runner)) continue;
      try {
        const { steps, seconds, flops, busy } = await runner.child.slice(isPeak(runner) ? slice / 2 : slice);
        runner.rates.push(steps / seconds);
        runner.busy.push(busy);
        runner.flops = flops ?? runner.flops;
        // Threads of a library look for more work for a while before they sleep.
        if (runner.entrant.threads > 1) await pause(100);
      } catch (thrown) {
        failed.set(runner, missingOf(name, runner.entrant, thrown));
        runner.rates.length = 0;
      }
    }
  }
  return [...failed.values()];
}

function rowOf(one: Case, { entrant, child, rates, busy, flops }: Runner, heights: Measured['peaks']): Row {
  const { who, kind, threads, peak } = entrant;
  const rate = medianOf(rates);
  const gflops = (rate * flops) / 1e9;
  const height = heights[peak];
  return {
    case: one.name,
    who,
    kind,
    threads,
    steps_per_s: rate,
    min: Math.min(...rates),
    max: Math.max(...rates),
    gflops,
    share_of_peak: height === undefined ? null : gflops / (height * threads),
    cores_held: medianOf(busy),
    first_loss: child.ready.losses[0] ?? Number.NaN,
    later_loss: child.ready.losses[1] ?? Number.NaN,
    loss_read: child.ready.mode,
    version: child.ready.version,
  };
}
