/** A share of the random graphs of CI: files run beside each other, so that all cores have work. */

import { afterAll, expect, test } from 'vitest';
import { grownOps } from '../arbitraries/grow.ts';
import { seed } from '../properties/seed.ts';
import { runSamples } from './run.ts';
import { createTally, publishTally } from './tally.ts';

/** 4 shards of this size make the 10,000 graphs of CI; `CHAINRULE_GRAPHS` asks for another number of all of them. */
const wanted = Number(process.env.CHAINRULE_GRAPHS ?? 10_000);
export const shards = 4;

/** Registers the test of the shard with the number `shard`, from 0. */
export function testShard(shard: number): void {
  const count = Math.ceil(wanted / shards);
  const tally = createTally();
  test(`${count} random training graphs mean the same after every pass, as loops, in memory and as code`, {
    timeout: 1_200_000,
  }, async () => {
    await runSamples(count, seed + shard * 1_000_003, tally);
  });

  afterAll(() => {
    publishTally(tally);
    const finite = tally.counts.get('finite') ?? 0;
    expect(tally.counts.get('graphs')).toBe(count);
    expect(finite).toBeGreaterThanOrEqual(0.99 * (tally.counts.get('guarded') ?? 0));
    expect(tally.counts.get('gradients within 1e-13')).toBeGreaterThanOrEqual(0.999 * finite);
    expect(tally.counts.get('decided by rounding') ?? 0).toBeLessThanOrEqual(Math.max(2, count / 1_000));
    if (count >= 2_500)
      expect(grownOps.filter((op) => (tally.ops.get(op) ?? 0) < 1_000 / shards)).toEqual([]);
  });
}
