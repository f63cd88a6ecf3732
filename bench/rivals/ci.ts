/** The short benchmark of CI: chainrule alone, held to ratios within one run, which a slow machine does not change. */

import { appendFileSync } from 'node:fs';
import { rolldown } from './bundlers.ts';
import { type Case, cases, flopsOf, smallCase } from './cases.ts';
import { chainOf, networkOf, nLogN, timeCompiling } from './compile-times.ts';
import { type Compiler, compiler, type Target } from './compiler.ts';
import { entrants, peaks } from './contenders.ts';
import { type Measured, type Method, measureCase } from './measure.ts';
import { grouped, shown } from './numbers.ts';
import { sizesOf } from './sizes.ts';
import { caseLines } from './terminal.ts';

interface Check {
  readonly name: string;
  readonly passed: boolean;
  readonly found: string;
}

/** Steps over those of another, or arithmetic over that of a peak. */
interface Floor {
  readonly case: string;
  readonly who: string;
  readonly against: string;
  /** Well below what a quiet machine gives. */
  readonly floor: number;
}

const peak = 'wasm peak';

/** One thread: whoever else needs the other core of a shared machine halves the speed of two. */
const floors: readonly Floor[] = [
  { case: 'digits', who: 'wasm', against: 'ts', floor: 5 },
  { case: 'wide-small', who: 'wasm', against: 'ts', floor: 8 },
  { case: 'wide-small', who: 'wasm relaxed', against: 'ts', floor: 8 },
  { case: 'wide-small', who: 'wasm', against: peak, floor: 0.4 },
];

/** How far beyond its goal a size may be: a guard, while the document says where the goal is missed. */
const sizeTolerance = 2;

/** How much faster than n log n time may grow before it is no longer the noise of a shared machine. */
const growthTolerance = 1.5;

const method: Method = { rounds: 5, slice: 0.2, warmUp: 0.3 };

/** Whether every check passed. `file` takes a line for each of them: what became of it, the runner, its name. */
export async function runCi(file: string | undefined): Promise<boolean> {
  const checks = [...(await speedChecks()), ...(await compilerChecks())];
  console.log('');
  for (const { name, passed, found } of checks)
    console.log(`${passed ? 'passed' : 'FAILED'}: ${name}: ${found}`);
  const lines = checks.map(({ name, passed }) => `${passed ? 'passed' : 'failed'}\tbenchmarks\t${name}\n`);
  if (file !== undefined) appendFileSync(file, lines.join(''));
  const passed = checks.filter((check) => check.passed).length;
  console.log(`\n${passed} passed, ${checks.length - passed} failed`);
  return passed === checks.length;
}

async function speedChecks(): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for (const one of [...cases, smallCase]) {
    const own = floors.filter((floor) => floor.case === one.name);
    if (own.length > 0) checks.push(...(await holdCase(one, own)));
  }
  return checks;
}

async function holdCase(one: Case, own: readonly Floor[]): Promise<readonly Check[]> {
  const names = own.flatMap(({ who, against }) => [who, against]);
  const able = [...peaks, ...entrants].filter(({ who }) => names.includes(who));
  const measured = await measureCase(one, able, method, () => undefined);
  for (const line of caseLines(one.name, measured.rows)) console.log(line);
  const { missing, rows } = measured;
  return [
    {
      name: `${one.name}: all train, to the same loss`,
      passed: missing.length === 0,
      found:
        missing.length === 0
          ? `${shown(rows[0]?.later_loss ?? Number.NaN)} after ${one.checkSteps} steps`
          : missing.map(({ who, reason }) => `${who}: ${reason}`).join('; '),
    },
    ...own.map((floor) => holdFloor(one, floor, measured)),
  ];
}

/** Of the fastest round of each: what else runs can make a round slower and never faster. */
function holdFloor(one: Case, { who, against, floor }: Floor, { rows, peaks: heights }: Measured): Check {
  const fastest = (wanted: string): number => rows.find((row) => row.who === wanted)?.max ?? Number.NaN;
  const other = against === peak ? ((heights[peak] ?? Number.NaN) * 1e9) / flopsOf(one) : fastest(against);
  const ratio = fastest(who) / other;
  return {
    name: `${one.name}: ${who} makes at least ${floor} of ${against}`,
    passed: ratio >= floor,
    found: shown(ratio),
  };
}

async function compilerChecks(): Promise<readonly Check[]> {
  const parts = await compiler();
  const checks = [await attempted('seed: the arena', () => arenaCheck(parts))];
  for (const target of ['ts', 'wasm'] as const) {
    checks.push(await attempted(`${target}: compiling`, () => growthCheck(parts, target)));
    checks.push(await attempted(`${target}: size`, () => sizeCheck(target)));
  }
  return checks;
}

async function attempted(name: string, make: () => Promise<Check>): Promise<Check> {
  try {
    return await make();
  } catch (thrown) {
    return { name, passed: false, found: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

async function arenaCheck(parts: Compiler): Promise<Check> {
  const bytes: number[] = [];
  for (const batch of [6_000, 60_000]) {
    const network = networkOf(parts, { layers: [784, 32, 10], batch });
    bytes.push((await parts.compile(network, { target: 'wasm' })).layout.arenaBytes);
  }
  return {
    name: 'seed: the arena of wasm does not grow from batch 6,000 to 60,000',
    passed: bytes[0] === bytes[1],
    found: `${bytes.map(grouped).join(' and ')} bytes`,
  };
}

/** The fastest of each: what else runs can make a repetition slower and never faster. */
async function growthCheck(parts: Compiler, target: Target): Promise<Check> {
  const [smaller, larger] = [1_000, 10_000];
  const short = Math.min(...(await timeCompiling(parts, chainOf(parts, smaller), target, 7)));
  const long = Math.min(...(await timeCompiling(parts, chainOf(parts, larger), target, 2)));
  const limit = growthTolerance * nLogN(smaller, larger);
  return {
    name: `${target}: compiling ten times the operations takes at most ${shown(limit)} times as long`,
    passed: long <= limit * short,
    found: `${shown(long / short)} times: ${shown(short)} ms and ${shown(long)} ms`,
  };
}

async function sizeCheck(target: Target): Promise<Check> {
  const sizes = await sizesOf(target, await rolldown());
  const found = sizes.find(({ what }) => what === 'trainer and runtime');
  const limit = sizeTolerance * (found?.goal ?? Number.NaN);
  const gzip = found?.gzip ?? Number.NaN;
  return {
    name: `seed: trainer for ${target} and runtime stay within ${grouped(limit)} bytes, minified and gzip`,
    passed: gzip <= limit,
    found: `${grouped(gzip)} bytes`,
  };
}
