/** Random training graphs through the whole compiler: the property that every shard of CI and every soak runs. */

import fc from 'fast-check';
import { arbitraryRecipe, caseFrom, programOf } from '../arbitraries/graph.ts';
import type { Mismatch } from './check-passes.ts';
import { reduceSample } from './reduce.ts';
import { describeFailure, keepSample } from './regress.ts';
import { type CheckOptions, checkSample, type Sample } from './sample.ts';
import { add, countSample, type Tally } from './tally.ts';

/** Samples of 3 to 40 instructions: ranks 0 to 4, sizes 0 to 7, batches of 1 to 5, one in twenty unguarded. */
export const samples: fc.Arbitrary<Sample> = fc
  .record({
    recipe: arbitraryRecipe({ unguarded: true }),
    float: fc.constantFrom('f32', 'f32', 'f64'),
    batch: fc.integer({ min: 1, max: 5 }),
    seed: fc.nat(2 ** 30),
  })
  .map(
    ({ recipe, ...settings }): Sample => ({
      ...settings,
      program: programOf(caseFrom(recipe, 'f64')),
      style: recipe.guarded ? 'plain' : 'wild',
      guarded: recipe.guarded,
    }),
  );

/** Checks one sample; a check that throws is a mismatch of its own stage. */
export async function mismatchOf(sample: Sample, options: CheckOptions = {}): Promise<Mismatch | undefined> {
  try {
    return await checkSample(sample, options);
  } catch (thrown) {
    return { stage: 'crash', detail: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** The smallest sample that fails at the same stage as `sample` does, kept as a file and described. */
export async function report(sample: Sample, mismatch: Mismatch): Promise<string> {
  const kind = mismatch.stage === 'crash' ? mismatch.detail.slice(0, 30) : '';
  const smallest = await reduceSample(sample, async (smaller) => {
    const found = await mismatchOf(smaller);
    return found?.stage === mismatch.stage && found.detail.startsWith(kind);
  });
  const found = (await mismatchOf(smallest)) ?? mismatch;
  const file = keepSample(smallest, found);
  return `${describeFailure(smallest, found)}\nKept as tests/regress/${file}.`;
}

/** Checks one sample and counts what it holds; gives what to report when it fails. */
export async function tryOne(sample: Sample, tally: Tally): Promise<string | undefined> {
  countSample(tally, sample);
  const mismatch = await mismatchOf(sample, {
    trace: (name) => add(tally.equations, name),
    onUndecided: () => add(tally.counts, 'decided by rounding'),
    onNumbers: (finite) => add(tally.counts, finite ? 'finite' : 'not finite'),
    onGradient(error) {
      tally.worstGradient = Math.max(tally.worstGradient, error);
      add(tally.counts, error <= 1e-13 ? 'gradients within 1e-13' : 'gradients beyond 1e-13');
    },
  });
  return mismatch && report(sample, mismatch);
}

/** Samples that are drawn at once. */
const chunk = 100;

/** Checks `count` samples drawn from `seed`. Throws the report of the first that fails. */
export async function runSamples(count: number, seed: number, tally: Tally): Promise<void> {
  for (let from = 0; from < count; from += chunk) {
    for (const sample of fc.sample(samples, { numRuns: Math.min(chunk, count - from), seed: seed + from })) {
      const failure = await tryOne(sample, tally);
      if (failure !== undefined) throw new Error(failure);
    }
  }
}
