/** The emitted code computes what the evaluator computes, bit for bit. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runPipeline } from '../../src/pipeline.ts';
import { arbitraryProgram, dataFor } from '../arbitraries/graph.ts';
import { seed } from '../properties/seed.ts';
import { emitted, expected, firstDifference } from './run-emitted.ts';

const counts = { f32: 1_000, f64: 200 } as const;

describe.each(['f32', 'f64'] as const)('the emitted module in %s', (float) => {
  it(`equals the evaluator on ${counts[float]} random training programs`, { timeout: 400_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryProgram({ float }),
        fc.integer({ min: 1, max: 8 }),
        fc.nat(),
        async (program, n, data) => {
          const { planned } = runPipeline(program, { verify: true });
          const batch = Math.min(n, program.maxBatch);
          const leaf = dataFor(program, batch, data);
          const wanted = expected(planned.program, batch, leaf);
          const found = await emitted(planned, batch, leaf);
          expect(firstDifference(found, wanted)).toBeUndefined();
        },
      ),
      // Shrinking compiles hundreds of programs more: it may take a minute, not longer.
      {
        seed,
        numRuns: counts[float],
        interruptAfterTimeLimit: 300_000,
        endOnFailure: process.env.CHAINRULE_SHRINK === undefined,
      },
    );
  });
});
