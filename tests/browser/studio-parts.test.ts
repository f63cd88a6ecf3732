/** Parts of the studio's page that need no browser: its models, links, the losses of long trainings, the header of a file. */

import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindSplit } from '../../src/bind.ts';
import { compile } from '../../src/compile.ts';
import { loadData } from '../../src/data/index.ts';
import { instantiate } from '../../src/instantiate.ts';
import { loadModel } from '../../src/load-model.ts';
import { createTrainer } from '../../src/runtime/index.ts';
import { headerOf } from '../../src/studio/app/state/csv-header.ts';
import { hashOf, openHash, type Shared, sharedIn } from '../../src/studio/app/state/share.ts';
import { meanOf, noLosses, withLosses } from '../../src/studio/app/train/loss-history.ts';

const starters = fileURLToPath(new URL('../../src/studio/app/starters/', import.meta.url));

describe('the models to start from', () => {
  /** The accuracy on test data that each reaches in the epochs it asks for; a straight line cannot do better on moons. */
  const least: Readonly<Record<string, number>> = {
    'softmax.model.ts': 0.83,
    'linear.model.ts': 0.83,
    'network.model.ts': 0.98,
    'digits.model.ts': 0.97,
    'batch-norm.model.ts': 0.97,
    'regularized.model.ts': 0.97,
  };

  it('are these', () => expect(readdirSync(starters).sort()).toEqual(Object.keys(least).sort()));

  it.each(Object.entries(least))('%s learns what it asks for', async (file, accuracy) => {
    const model = await loadModel(starters + file);
    const { code } = await compile(model, { target: 'wasm' });
    const trainer = createTrainer(await instantiate(code), { seed: 1 });
    const { data = '', batch, epochs = 1 } = model.options;
    const dataset = await loadData(data, { dtype: 'f32' });
    const { test } = dataset;
    if (test === undefined) throw new Error(`${data} has no test samples.`);
    const columns = bindSplit(trainer.layout, dataset, dataset.train);
    for await (const _ of trainer.fit(columns, { batch, epochs }));
    const reached = trainer.evaluate(bindSplit(trainer.layout, dataset, test));
    expect(reached.accuracy).toBeGreaterThan(accuracy);
  });
});

const seeds = fc.nat({ max: 2 ** 32 - 1 });
const shared: fc.Arbitrary<Shared> = fc.record({
  text: fc.string({ unit: 'binary', maxLength: 500 }),
  options: fc.record({
    dtype: fc.constantFrom('f32' as const, 'f64' as const),
    target: fc.constantFrom('ts' as const, 'wasm' as const),
  }),
  data: fc.option(fc.record({ kind: fc.constantFrom('moons', 'spirals', 'blobs', 'digits'), seed: seeds }), {
    nil: undefined,
  }),
  seed: seeds,
});

describe('a link', () => {
  it('restores whatever was shared', async () => {
    await fc.assert(
      fc.asyncProperty(shared, async (one) => {
        expect(await openHash(await hashOf(one))).toEqual({ kind: 'shared', shared: one });
      }),
      { numRuns: 50 },
    );
  });

  it('that was cut off or changed is refused with a reason, or opens something well-formed', async () => {
    await fc.assert(
      fc.asyncProperty(shared, fc.nat(), fc.constantFrom('', 'A', '!'), async (one, place, letter) => {
        const hash = await hashOf(one);
        const at = 4 + (place % (hash.length - 4));
        const opened = await openHash(hash.slice(0, at) + letter);
        if (opened.kind === 'shared') expect(sharedIn(opened.shared)).toEqual(opened.shared);
        else expect(opened).toEqual({ kind: 'broken', why: expect.stringMatching(/^It |^What /) });
      }),
      { numRuns: 100 },
    );
  });

  it('that unpacks to far more than a model is refused', async () => {
    const huge: Shared = {
      text: 'x'.repeat(5_000_000),
      options: { dtype: 'f32', target: 'ts' },
      data: undefined,
      seed: 1,
    };
    const hash = await hashOf(huge);
    expect(hash.length).toBeLessThan(20_000);
    expect(await openHash(hash)).toMatchObject({ kind: 'broken' });
  });

  it.each([
    null,
    7,
    {},
    { text: 1, options: { dtype: 'f32', target: 'ts' }, seed: 1 },
    { text: '', options: { dtype: 'f16', target: 'ts' }, seed: 1 },
    { text: '', options: { dtype: 'f32', target: 'js' }, seed: 1 },
    { text: '', options: { dtype: 'f32', target: 'ts' }, seed: -1 },
  ])('that holds %j is refused', (value) => expect(sharedIn(value)).toBeUndefined());

  it('brings no data but those that are made, and no options that they do not take', () => {
    const options = { dtype: 'f32', target: 'ts' };
    const dataOf = (data: unknown) => sharedIn({ text: '', options, seed: 1, data })?.data;
    expect(dataOf({ kind: 'csv', name: 'x', bytes: [] })).toBeUndefined();
    expect(dataOf({ kind: 'moons', samples: -3, noise: 'much', seed: 2 })).toEqual({
      kind: 'moons',
      seed: 2,
    });
  });
});

describe('losses', () => {
  const steps = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ step: i + 1, loss: Math.sin(i) + 2 }));

  it.each([1, 299, 300, 301, 12_345])('of %i steps are kept in few buckets, none of them lost', (count) => {
    let history = noLosses;
    const all = steps(count);
    for (let i = 0; i < count; i += 97) history = withLosses(history, all.slice(i, i + 97));
    const { buckets } = history;
    expect(buckets.length).toBeLessThanOrEqual(300);
    expect(buckets.reduce((sum, bucket) => sum + bucket.count, 0)).toBe(count);
    expect(buckets.at(-1)?.last).toBe(count);
    for (const bucket of buckets) {
      const own = all.slice(bucket.first - 1, bucket.last).map(({ loss }) => loss);
      expect([bucket.min, bucket.max]).toEqual([Math.min(...own), Math.max(...own)]);
      expect(meanOf(bucket)).toBeCloseTo(own.reduce((sum, loss) => sum + loss, 0) / own.length, 9);
    }
  });

  it('that are no numbers are left out', () => {
    const history = withLosses(noLosses, [
      { step: 1, loss: 1 },
      { step: 2, loss: Number.NaN },
      { step: 3, loss: Number.POSITIVE_INFINITY },
    ]);
    expect(history.buckets.map(({ last }) => last)).toEqual([1]);
  });
});

describe('the header of a file', () => {
  it.each([
    ['a,b,c\n1,2,3', ['a', 'b', 'c']],
    ['\uFEFFa , "b, ""quoted""" ,c\r\n1,2,3', ['a', 'b, "quoted"', 'c']],
    ['only', ['only']],
    ['', []],
  ])('%j names %j', (text, names) => expect(headerOf(new TextEncoder().encode(text))).toEqual(names));
});
