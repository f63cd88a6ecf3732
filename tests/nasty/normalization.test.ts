/** Normalization of what does not vary, of large numbers that hardly vary, and of single samples. */

import { describe, expect, it } from 'vitest';
import {
  batchNorm,
  constant,
  dense,
  meanSquaredError,
  minMax,
  normal,
  type Shape,
  type Tensor,
  zScore,
} from '../../src/index.ts';
import { normal01 } from '../../src/runtime/index.ts';
import { linesOf, refusal } from '../dsl/support.ts';
import { atPoint, collect, precisions, small, trained, trainerFor } from './support.ts';

const site = linesOf(import.meta.url);

/** Layer normalization as a user writes it: over the last axis, epsilon inside the root. */
const layerNorm = (x: Tensor<Shape>, epsilon = 1e-5): Tensor<Shape> => {
  const centred = x.sub(x.mean(-1, { keep: true }));
  return centred.div(centred.square().mean(-1, { keep: true }).add(epsilon).sqrt());
};

/** Two features around 10,000 that spread by 1, and their true variances. */
const far = Array.from({ length: 64 }, (_, i) => [0, 1].map((k) => 1e4 + normal01(1, k, 0, i)));

function varianceOf(feature: number): number {
  const xs = far.map((row) => Math.fround(row[feature] ?? 0));
  const mean = xs.reduce((a, b) => a + b, 0) / xs.length;
  return xs.reduce((total, x) => total + (x - mean) ** 2, 0) / xs.length;
}

describe.each(precisions)('in %s', (dtype) => {
  it('case 8: LayerNorm of a constant row is 0, with a finite gradient', async () => {
    for (const x of [0, 7, 1e4, -3e-30]) {
      const { value, gradient } = await atPoint((p) => layerNorm(p.reshape([1, 4])), [x, x, x, x], dtype);
      expect(value.map(Math.abs)).toEqual([0, 0, 0, 0]);
      expect(gradient.every(Number.isFinite)).toBe(true);
    }
  });

  it('case 8: LayerNorm of numbers around 10,000 that spread by 1 has mean 0 and variance 1', async () => {
    const row = far.map(([x = 0]) => x);
    const { value } = await atPoint((p) => layerNorm(p.reshape([1, 64])), row, dtype);
    const mean = value.reduce((a, b) => a + b, 0) / 64;
    expect(Math.abs(mean)).toBeLessThan(1e-3);
    expect(Math.abs(value.reduce((total, x) => total + (x - mean) ** 2, 0) / 64 - 1)).toBeLessThan(1e-3);
  });

  it('case 8: BatchNorm of a constant input gives b, and its step stays finite', async () => {
    const trainer = await trainerFor(
      (m) => {
        const z = batchNorm(dense(m.input('x', ['batch', 2]), 3, { bias: false }));
        return { loss: meanSquaredError(z, m.label('y', ['batch', 3])) };
      },
      {},
      dtype,
    );
    const data = { x: Array.from({ length: 16 }, () => 5), y: Array.from({ length: 24 }, (_, i) => i % 3) };
    const seen = await collect(trainer.fit(data, { steps: 20 }));
    // The best constant per unit is its label: what b can learn, it learns.
    expect(seen.at(-1)?.loss).toBeLessThan((seen[0]?.loss ?? 0) / 2);
    for (const array of Object.values(trainer.state)) expect([...array].every(Number.isFinite)).toBe(true);
  });

  it('case 8: BatchNorm finds the variance of numbers around 10,000 that spread by 1 to a thousandth', async () => {
    const trainer = await trainerFor(
      (m) => {
        const x = m.input('x', ['batch', 2]);
        return { loss: batchNorm(x, { momentum: 0, name: 'n' }).square().mean() };
      },
      { batch: 64 },
      dtype,
    );
    trainer.step({ x: far });
    const found = trainer.state['n.variance'] ?? [];
    for (const k of [0, 1]) expect(Math.abs((found[k] ?? 0) / varianceOf(k) - 1)).toBeLessThan(1e-3);
  });

  it.each([
    ['minMax', minMax],
    ['zScore', zScore],
  ] as const)('case 8: %s makes a constant feature 0, and other records of it too', async (_, normalize) => {
    const trainer = await trainerFor(
      (m) => {
        const x = normalize(m.input('x', ['batch', 2]));
        return { loss: x.mul(m.param('w', [2], constant(1))).mean(), outputs: { x } };
      },
      {},
      dtype,
    );
    await collect(trainer.fit({ x: [7, 1, 7, 2, 7, 3] }, { epochs: 1 }));
    const found = trainer.predict({ x: [7, 2, 8, 2] }).x ?? [];
    expect([found[0], found[2]]).toEqual([0, 0]);
    expect([...found].every(Number.isFinite)).toBe(true);
  });

  it('case 9: a partial batch of one record stays finite in training', async () => {
    const trainer = await trainerFor(
      (m) => ({
        loss: batchNorm(dense(m.input('x', ['batch', 2]), 2, { bias: false }))
          .square()
          .mean(),
      }),
      { batch: 4 },
      dtype,
    );
    const steps = await collect(trainer.fit({ x: [1, 2, 3, 4, 5, 7, 7, 8, 9, 1] }, { epochs: 3, batch: 4 }));
    expect(steps.length).toBe(6);
    expect(steps.every(({ loss }) => Number.isFinite(loss))).toBe(true);
  });

  it('case 9: single records are evaluated and predicted with the running statistics', async () => {
    const trainer = await trainerFor(
      (m) => {
        const z = batchNorm(dense(m.input('x', ['batch', 2]), 2, { bias: false, init: normal(1) }));
        return { loss: z.square().mean(), outputs: { z } };
      },
      {},
      dtype,
    );
    trainer.step({ x: [1, 2, 3, 5, -1, 0] });
    const [one, all] = [trainer.predict({ x: [3, 5] }).z, trainer.predict({ x: [1, 2, 3, 5] }).z];
    expect([...(one ?? [])]).toEqual([...(all ?? [])].slice(2));
    expect([...(one ?? [])].every((x) => Number.isFinite(x) && x !== 0)).toBe(true);
  });
});

describe('one value per channel', () => {
  const single = (batch: number, maxBatch = batch) =>
    small(
      (m) => ({ loss: batchNorm(dense(m.input('x', ['batch', 2]), 2, { bias: false })).mean() }), // normalized
      { batch, maxBatch },
    );

  it('case 9: BatchNorm in a model that takes one sample at once is refused when it is compiled', async () => {
    const diagnostic = await refusal(() => trained(single(1)));
    expect(diagnostic).toMatchObject({ code: 'model/option', severity: 'error', site: site('normalized') });
    expect(diagnostic.message).toBe(
      'option batch: expected at least 2 samples for batchNorm to take a variance of, got 1.',
    );
  });

  it('case 9: BatchNorm is not refused where a call can take two samples', async () => {
    for (const declared of [single(2), single(1, 2)])
      expect((await trained(declared)).compiled.layout.maxBatch).toBe(2);
  });
});
