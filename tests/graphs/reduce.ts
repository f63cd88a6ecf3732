/** Makes a sample that fails as small as it gets: fewer results, fewer values, sizes of 1, simple numbers. */

import { type Program, valuesOf } from '../../ir/program.ts';
import { verifyProgram } from '../../ir/verify.ts';
import { lossAlone, omissions, replacements, rootsAsLosses, withSizeOne } from './recast.ts';
import type { Sample } from './sample.ts';

export type Fails = (sample: Sample) => Promise<boolean>;

/** How many smaller samples are tried at most; each costs what a check costs. */
const patience = 3_000;

/**
 * The smallest sample found for which `fails` still holds; `sample` itself must fail. Where a plain model of the kind that a
 * user writes shows the fault, it stays one.
 */
export async function reduceSample(sample: Sample, fails: Fails): Promise<Sample> {
  const plain = await firstPlain(sample, fails);
  let smallest = plain ?? sample;
  let tried = 0;
  for (let progress = true; progress && tried < patience; ) {
    progress = false;
    for (const make of candidates(smallest, plain !== undefined)) {
      if (++tried > patience) break;
      const smaller = valid(make);
      if (!smaller || !isSimpler(smaller, smallest) || !(await fails(smaller))) continue;
      smallest = smaller;
      progress = true;
      break;
    }
  }
  return smallest;
}

/** The sample as a plain model, if that fails too. */
async function firstPlain(sample: Sample, fails: Fails): Promise<Sample | undefined> {
  const { program } = sample;
  for (const make of [() => lossAlone(program), ...rootsAsLosses(program)]) {
    const plain = valid(() => {
      const smaller = make();
      return smaller && { ...sample, program: smaller };
    });
    if (plain && (await fails(plain))) return plain;
  }
  return undefined;
}

/** A candidate that is no valid program is none. */
function valid(make: () => Sample | undefined): Sample | undefined {
  try {
    const sample = make();
    if (sample) verifyProgram(sample.program);
    return sample;
  } catch {
    return undefined;
  }
}

/** Steps that go one way only, so that reducing ends: fewer values, then fewer roots, smaller sizes, plainer numbers. */
function isSimpler(a: Sample, b: Sample): boolean {
  const [x, y] = [costOf(a), costOf(b)];
  const at = x.findIndex((cost, i) => cost !== y[i]);
  return at >= 0 && (x[at] ?? 0) < (y[at] ?? 0);
}

const styles = ['ones', 'whole', 'plain', 'wild'];

function costOf({ program, batch, style }: Sample): readonly number[] {
  const values = valuesOf(program);
  const computed = values.filter(({ op }) => !['input', 'state', 'constant'].includes(op));
  const roots = program.functions.flatMap((fn) => [...fn.results, ...fn.updates]);
  const sizes = [...program.inputs, ...program.states].flatMap(({ shape }) => shape.map(Number));
  const large = sizes.filter((size) => size !== 1).length;
  return [computed.length, roots.length, values.length, large, batch, styles.indexOf(style)];
}

function* candidates(sample: Sample, plain: boolean): Generator<() => Sample | undefined> {
  const { program } = sample;
  const withProgram = (make: () => Program) => () => {
    const smaller = plain ? lossAlone(make()) : make();
    return smaller && { ...sample, program: smaller };
  };
  if (!plain) for (const make of omissions(program)) yield withProgram(make);
  for (const make of replacements(program)) yield withProgram(make);
  const sizes = new Set(valuesOf(program).flatMap(({ shape }) => shape));
  for (const size of sizes) if (size !== 'batch') yield withProgram(() => withSizeOne(program, size));
  for (const batch of [1, 2]) yield () => ({ ...sample, batch });
  for (const style of ['ones', 'whole', 'plain'] as const) yield () => ({ ...sample, style });
}
