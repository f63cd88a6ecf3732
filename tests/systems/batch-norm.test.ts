/** Batch normalization trains with the gradient through mean and variance, and predicts with running statistics. */

import { describe, expect, it } from 'vitest';
import { adam, type BatchNormOptions, batchNorm, constant, nesterov } from '../../src/index.ts';
import type { InitialValues } from '../../src/runtime/index.ts';
import type { Case } from './optimizer-cases.ts';
import { type Network, normalize, normalizeBackward, predictionOf, rowsOf, total } from './reference.ts';
import { adamRule, heavyBall } from './rules.ts';
import {
  normals,
  type Precision,
  plain,
  precisions,
  samples,
  showGradient,
  small,
  trainerOf,
} from './support.ts';
import { expectNear, expectSameTraining } from './training.ts';

const normalized: Network = { ...plain, normalized: true };

const withAdam: Case = {
  optimizer: adam({ learningRate: 0.02 }),
  rule: adamRule({ beta2: 0.999, epsilon: 1e-8 }),
  rate: 0.02,
  beta: 0.9,
};
const withNesterov: Case = {
  optimizer: nesterov({ learningRate: 0.3 }),
  rule: heavyBall(false),
  rate: 0.3,
  beta: 0.9,
  more: { lookAhead: true },
};

describe.each(precisions)('a network of normalized layers in %s', (dtype) => {
  it('takes the steps of Adam, keeps running statistics, and predicts with them', async () => {
    const { expected, found } = await expectSameTraining(normalized, withAdam, dtype);
    expect(Object.keys(expected.running)).toEqual(['mean1', 'variance1', 'mean2', 'variance2']);
    const probabilities = predictionOf(normalized, expected.parameters, expected.running, samples.x);
    const tolerance = dtype === 'f64' ? 1e-9 : 2e-3;
    expectNear(
      found.trainer.predict({ ...samples }).probabilities ?? [],
      probabilities.flat(),
      tolerance,
      'output',
    );
  });

  it('takes its statistics at the look-ahead point of Nesterov', async () => {
    await expectSameTraining(normalized, withNesterov, dtype);
  });
});

const [rows, columns] = [6, 3];
const values = normals(30, rows * columns).map((z, i) => 3 * z + (i % columns));
const weights = normals(31, rows * columns);
const [g, b] = [
  [1.5, -0.5, 0.25],
  [0.1, 0, -2],
] as const;

/** The weighted sum of batchNorm(x) for parameters x, so that gradients by x can be read. */
const weighted = (options: BatchNormOptions) =>
  small(
    (m) => {
      const probe = m.input('probe', ['batch', 1]);
      const x = m.param('x', [6, 3], constant(0));
      const weight = m.param('weight', [6, 3], constant(0), { trainable: false });
      return { loss: batchNorm(x, options).mul(weight).sum().add(probe.sum()) };
    },
    { optimizer: showGradient },
  );

describe('batchNorm', () => {
  const init = { x: values, weight: weights, g1: [...g], b1: [...b] };
  const onePass = async (dtype: Precision, options: BatchNormOptions = {}, start: InitialValues = init) => {
    const trainer = await trainerOf(weighted(options), dtype, { init: start });
    const { loss = Number.NaN } = trainer.step({ probe: [[0]] });
    return { loss, state: trainer.state };
  };

  it.each(precisions)(
    'has the gradients by input, scale and offset worked out by hand, in %s',
    async (dtype) => {
      const { state } = await onePass(dtype);
      const expected = normalizeBackward(
        normalize(rowsOf(values, columns), g, b),
        g,
        rowsOf(weights, columns),
      );
      const tolerance = dtype === 'f64' ? 1e-11 : 2e-4;
      expectNear(state.x ?? [], expected.dZ.flat(), tolerance, 'dX');
      expectNear(state.g1 ?? [], expected.dG, tolerance, 'dG');
      expectNear(state.b1 ?? [], expected.dB, tolerance, 'dB');
    },
  );

  it.each([0, 0.5, 0.9])('keeps a share of %d of the old mean and biased variance', async (momentum) => {
    const { state } = await onePass('f64', { momentum });
    const { mean, variance } = normalize(rowsOf(values, columns), g, b);
    expectNear(
      state.mean1 ?? [],
      mean.map((x) => (1 - momentum) * x),
      1e-12,
      'mean',
    );
    expectNear(
      state.variance1 ?? [],
      variance.map((x) => momentum + (1 - momentum) * x),
      1e-12,
      'variance',
    );
  });

  it('starts with scale 1, offset 0, mean 0 and variance 1, and names them by count or by its own name', async () => {
    const { layout, state } = await trainerOf(
      small((m) => {
        const x = m.input('x', ['batch', 2]);
        return { loss: batchNorm(batchNorm(x), { name: 'last' }).square().mean() };
      }),
    );
    const expected = { g1: [1, 1], b1: [0, 0], mean1: [0, 0], variance1: [1, 1] };
    const last = { 'last.g': [1, 1], 'last.b': [0, 0], 'last.mean': [0, 0], 'last.variance': [1, 1] };
    const found = Object.fromEntries(Object.entries(state).map(([name, xs]) => [name, [...xs]]));
    expect(found).toEqual({ ...expected, ...last });
    const statistics = layout.state.filter(({ role }) => role === 'statistic').map(({ name }) => name);
    expect(statistics).toEqual(['mean1', 'variance1', 'last.mean', 'last.variance']);
  });

  it('gives gradients that add up to 0 over the samples, as shifting all of them changes nothing', async () => {
    const { state } = await onePass('f64');
    for (let j = 0; j < columns; j++) {
      const column = [...(state.x ?? [])].filter((_, i) => i % columns === j);
      expect(Math.abs(total(column))).toBeLessThan(1e-13);
      expect(Math.max(...column.map(Math.abs))).toBeGreaterThan(0.01);
    }
  });

  it('puts epsilon inside the root', async () => {
    const epsilon = 0.5;
    const { loss } = await onePass('f64', { epsilon });
    const { mean, variance } = normalize(rowsOf(values, columns), g, b);
    const at = (xs: readonly number[], i: number): number => xs[i % columns] ?? Number.NaN;
    const terms = values.map((x, i) => {
      const unit = (x - at(mean, i)) / Math.sqrt(at(variance, i) + epsilon);
      return (at(g, i) * unit + at(b, i)) * (weights[i] ?? Number.NaN);
    });
    expect(loss).toBeCloseTo(total(terms), 12);
  });

  it.each(precisions)(
    'is the offset, with finite gradients, where a feature is constant (%s)',
    async (dtype) => {
      const { loss, state } = await onePass(dtype, {}, { ...init, x: values.map(() => 1e4), g1: [1, 1, 1] });
      expect(loss).toBeCloseTo(
        total(weights.map((w, i) => w * (b[i % columns] ?? Number.NaN))),
        dtype === 'f64' ? 12 : 4,
      );
      expect([...(state.x ?? [])].every(Number.isFinite)).toBe(true);
    },
  );

  it.each(precisions)('loses no digits to a large common offset (%s)', async (dtype) => {
    // Multiples of 1/64 below 2^17: float32 holds them, and their means, nearly exactly.
    const shifted = values.map((x) => 1e5 + Math.round(64 * x) / 64);
    const { loss } = await onePass(dtype, {}, { ...init, x: shifted });
    const { out } = normalize(rowsOf(shifted, columns), g, b);
    const expected = total(out.flat().map((u, i) => u * (weights[i] ?? Number.NaN)));
    expect(Math.abs(loss - expected)).toBeLessThan(dtype === 'f64' ? 1e-8 : 0.02);
  });
});
