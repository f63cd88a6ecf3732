/** Whatever path a program takes to its loops and its memory, it computes the bits that the evaluator says. */

import { describe, expect, it } from 'vitest';
import { runPipeline } from '../../src/pipeline.ts';
import { emitted, expected, firstDifference } from './run-emitted.ts';
import { dataFor, maxBatch, smallPrograms } from './small-programs.ts';

describe.each(['f32', 'f64'] as const)('the emitted code in %s has the bits of', (float) => {
  it.each(smallPrograms(float))('%s', async (_, program) => {
    const { planned } = runPipeline(program, { verify: true });
    const inTiles = runPipeline(program, { verify: true, abilities: { tiles: true } }).planned;
    for (const batch of [1, 4, maxBatch]) {
      const leaf = dataFor(program, batch);
      const wanted = expected(planned.program, batch, leaf);
      expect(wanted.size).toBeGreaterThan(0);
      expect(firstDifference(await emitted(planned, batch, leaf), wanted)).toBeUndefined();
      expect(firstDifference(await emitted(inTiles, batch, leaf, 'wasm'), wanted)).toBeUndefined();
    }
  });
});
