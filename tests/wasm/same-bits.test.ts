/** WebAssembly and TypeScript train alike: after a thousand steps every weight has the same bits. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantiate } from '../../src/instantiate.ts';
import { publishCounts } from '../counts.ts';
import { samples } from '../graphs/run.ts';
import { seed } from '../properties/seed.ts';
import { asTypeScript, asWasm, optimized, planned, trained } from './training.ts';

const models = 200;
const steps = 1000;
const cut = { cacheBytes: 0, tileRows: 2 };

describe('a thousand steps', () => {
  it(`of ${models} random models, whole and cut into tiles`, { timeout: 600_000 }, async () => {
    let tiled = 0;
    for (const sample of fc.sample(samples, { numRuns: models, seed })) {
      const program = optimized(sample);
      const weights = async (code: string): Promise<string> =>
        trained(sample, program, (await instantiate(code)).create(), steps);
      const wanted = await weights(asTypeScript(program));
      if (planned(program, { tiles: true, cut }).tiling?.rows !== undefined) tiled++;
      expect(await weights(asWasm(program))).toBe(wanted);
      expect(await weights(asWasm(program, cut))).toBe(wanted);
    }
    publishCounts('same bits', { models, 'cut into tiles': tiled });
    expect(tiled).toBeGreaterThan(models / 4);
  });
});
