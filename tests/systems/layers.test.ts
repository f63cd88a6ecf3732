/** Softmax, losses, penalties and normalized inputs have the gradients that one derives by hand. */

import { describe, expect, it } from 'vitest';
import {
  binaryCrossEntropy,
  constant,
  gradient,
  l1,
  l2,
  meanSquaredError,
  minMax,
  prelu,
  softmax,
  softmaxCrossEntropy,
  type Tensor,
  zScore,
} from '../../src/index.ts';
import { cell, crossEntropy, eachCell, rowsOf, softmaxRows, total } from './reference.ts';
import { anyLoss, normals, precisions, showGradient, small, trainerOf, uniforms } from './support.ts';
import { expectNear } from './training.ts';

const toleranceOf = { f64: 1e-12, f32: 1e-5 };
const rows = 6;
const columns = 4;
const logits = rowsOf(
  normals(60, rows * columns).map((x) => 2 * x),
  columns,
);
const classes = uniforms(61, rows).map((u) => Math.floor(u * columns));

describe.each(precisions)('in %s', (dtype) => {
  const tolerance = toleranceOf[dtype];

  it('softmax has rows of probabilities, for logits of any size', async () => {
    const declared = small((m) => {
      const x = m.input('x', ['batch', 4]);
      return { loss: anyLoss(m), outputs: { p: softmax(x) } };
    });
    const far = [
      [1e4, -1e4, 0, 1e4],
      [-1e4, -1e4, -1e4, -1e4],
      [0, -0, 0, 0],
      [100, 99, 98, 97],
    ];
    const { p = [] } = (await trainerOf(declared, dtype)).predict({ x: [...logits, ...far] });
    for (const row of rowsOf([...p], columns)) expect(total(row)).toBeCloseTo(1, dtype === 'f64' ? 14 : 6);
    expectNear(p, softmaxRows([...logits, ...far]).flat(), tolerance, 'p');
  });

  it('softmax has the derivative p_k (w_k - sum of p w) of a weighted sum', async () => {
    const weight = [0.5, -1, 2, 0.25];
    const declared = small((m) => {
      const x = m.input('x', ['batch', 4]);
      const sum = softmax(x)
        .mul(m.input('weight', ['batch', 4]))
        .sum();
      return { loss: anyLoss(m), outputs: { dX: gradient(sum, x) } };
    });
    const weights = logits.map(() => weight);
    const { dX = [] } = (await trainerOf(declared, dtype)).predict({ x: logits, weight: weights });
    const p = softmaxRows(logits);
    const means = p.map((row) => total(row.map((q, k) => q * (weight[k] ?? Number.NaN))));
    const expected = eachCell(p, (q, i, k) => q * ((weight[k] ?? Number.NaN) - (means[i] ?? Number.NaN)));
    expectNear(dX, expected.flat(), tolerance, 'dX');
  });

  it('softmaxCrossEntropy has the derivative (p - onehot(y)) / m, and is finite for logits of any size', async () => {
    const declared = small((m) => {
      const z = m.input('z', ['batch', 4]);
      const y = m.label('y', { classes: 4 });
      const weight = m.input('weight', ['batch', 4]);
      const loss = softmaxCrossEntropy(z, y);
      const dZ = gradient(loss, z);
      const metrics = { weighted: dZ.mul(weight).sum(), squared: dZ.square().mul(weight).sum() };
      return { loss: loss.add(anyLoss(m).mul(0)), metrics };
    });
    const trainer = await trainerOf(declared, dtype);
    for (const z of [logits, logits.map((row) => row.map((x) => 1e4 * x))]) {
      const weight = rowsOf(normals(62, rows * columns), columns);
      const found = trainer.evaluate({ z, y: classes, weight });
      const dZ = eachCell(softmaxRows(z), (p, i, k) => (p - (classes[i] === k ? 1 : 0)) / rows);
      const [sum, squares] = [
        total(eachCell(dZ, (d, i, k) => d * cell(weight, i, k)).flat()),
        total(eachCell(dZ, (d, i, k) => d * d * cell(weight, i, k)).flat()),
      ];
      expect(found.loss).toBeCloseTo(crossEntropy(z, classes), dtype === 'f64' ? 9 : 2);
      expect(found.weighted).toBeCloseTo(sum, dtype === 'f64' ? 12 : 5);
      expect(found.squared).toBeCloseTo(squares, dtype === 'f64' ? 12 : 5);
    }
  });

  it('binaryCrossEntropy has the derivative (sigmoid(z) - y) / n, and is finite for logits of any size', async () => {
    const declared = small((m) => {
      const z = m.input('z', ['batch', 4]);
      const y = m.input('y', ['batch', 4]);
      const loss = binaryCrossEntropy(z, y);
      return { loss: loss.add(anyLoss(m).mul(0)), outputs: { dZ: gradient(loss, z) } };
    });
    const trainer = await trainerOf(declared, dtype);
    const y = eachCell(logits, (x) => Number(x > 0.5));
    for (const z of [logits, eachCell(logits, (x) => 1e4 * x)]) {
      const share = eachCell(z, (x) => 1 / (1 + Math.exp(-x)));
      const losses = eachCell(
        z,
        (x, i, k) => Math.max(x, 0) - x * cell(y, i, k) + Math.log1p(Math.exp(-Math.abs(x))),
      );
      const { dZ = [] } = trainer.predict({ z, y });
      const { loss = Number.NaN } = trainer.evaluate({ z, y });
      expectNear([loss], [total(losses.flat()) / 24], tolerance, 'loss');
      expectNear(dZ, eachCell(share, (p, i, k) => (p - cell(y, i, k)) / 24).flat(), tolerance, 'dZ');
    }
  });

  it('meanSquaredError has the derivative 2 (x - y) / n by x and its opposite by y', async () => {
    const declared = small((m) => {
      const [x, y] = [m.input('x', ['batch', 4]), m.input('y', ['batch', 4])];
      const loss = meanSquaredError(x, y);
      return { loss: loss.add(anyLoss(m).mul(0)), outputs: { dX: gradient(loss, x), dY: gradient(loss, y) } };
    });
    const y = rowsOf(normals(63, rows * columns), columns);
    const { dX = [], dY = [] } = (await trainerOf(declared, dtype)).predict({ x: logits, y });
    const expected = eachCell(logits, (x, i, k) => (2 * (x - cell(y, i, k))) / (rows * columns)).flat();
    expectNear(dX, expected, tolerance, 'dX');
    expectNear(
      dY,
      expected.map((d) => -d),
      tolerance,
      'dY',
    );
  });

  it('l1 and l2 are sums of sizes and squares, with derivatives lambda sgn(w) and 2 lambda w', async () => {
    const [one, other] = [
      [1.5, 0, -2, -0],
      [0.25, -0.5],
    ];
    const declared = small((m) => {
      const [v, w] = [m.param('v', [2, 2], constant(0)), m.param('w', [2], constant(0))];
      const [sizes, squares] = [l1(0.3, v, w), l2(0.2, v, w)];
      const outputs = {
        sizeV: gradient(sizes, v),
        sizeW: gradient(sizes, w),
        squareV: gradient(squares, v),
        squareW: gradient(squares, w),
      };
      const probe = m.input('x', ['batch', 1]).sum().mul(0);
      return { loss: sizes.add(probe), metrics: { sizes, squares }, outputs };
    });
    const trainer = await trainerOf(declared, dtype, { init: { v: one, w: other } });
    const { sizes, squares } = trainer.evaluate({ x: [0] });
    expect(sizes).toBeCloseTo(0.3 * 4.25, dtype === 'f64' ? 14 : 6);
    expect(squares).toBeCloseTo(0.2 * (2.25 + 4 + 0.0625 + 0.25), dtype === 'f64' ? 14 : 6);
    const found = trainer.predict({ x: [0] });
    expectNear(found.sizeV ?? [], [0.3, 0, -0.3, 0], 1e-7, 'sgn');
    expectNear(found.sizeW ?? [], [0.3, -0.3], 1e-7, 'sgn');
    expectNear(found.squareV ?? [], [0.6, 0, -0.8, 0], 1e-6, '2w');
    expectNear(found.squareW ?? [], [0.1, -0.2], 1e-6, '2w');
  });

  it('minMax and zScore have the derivatives 1 / (max - min) and 1 / sqrt(variance), or 0', async () => {
    const declared = small((m) => {
      const x = m.input('x', ['batch', 4]);
      const weight = m.input('weight', ['batch', 4]);
      const by = (y: Tensor<readonly ['batch', 4]>) => gradient(y.mul(weight).sum(), x);
      return { loss: anyLoss(m), outputs: { ranged: by(minMax(x)), scored: by(zScore(x)) } };
    });
    const trainer = await trainerOf(declared, dtype);
    const x = eachCell(logits, (value, _, k) => (k === 2 ? 0.1 : value));
    const weight = rowsOf(normals(64, rows * columns), columns);
    trainer.fitStatistics({ x, weight });
    const { ranged = [], scored = [] } = trainer.predict({ x, weight });
    const columnsOf = [0, 1, 2, 3].map((k) => x.map((row) => row[k] ?? Number.NaN));
    const ranges = columnsOf.map((values) => Math.max(...values) - Math.min(...values));
    const deviations = columnsOf.map((values) => {
      const mean = total(values) / rows;
      return Math.sqrt(total(values.map((value) => (value - mean) ** 2)) / rows);
    });
    const over = (sizes: readonly number[]) =>
      eachCell(weight, (w, _, k) => (k === 2 ? 0 : w / (sizes[k] ?? Number.NaN))).flat();
    expectNear(ranged, over(ranges), tolerance, 'minMax');
    expectNear(scored, over(deviations), tolerance, 'zScore');
  });

  it.each([
    ['one number', []],
    ['one number in a row', [1]],
    ['one number per feature', [4]],
  ] as const)(
    'prelu has by its slope the sum of w x over the x that are not above 0 (%s)',
    async (_, shape) => {
      const declared = small(
        (m) => {
          const [x, weight] = [m.input('x', ['batch', 4]), m.input('weight', ['batch', 4])];
          const slope: Tensor<readonly number[]> = m.param('slope', [...shape], constant(0.25));
          const loss = prelu(x, slope).mul(weight).sum();
          return { loss, outputs: { dX: gradient(loss, x) } };
        },
        { optimizer: showGradient },
      );
      const x = eachCell(logits, (value, i) => (i === 0 ? 0 : value));
      const weight = rowsOf(normals(65, rows * columns), columns);
      const trainer = await trainerOf(declared, dtype);
      const { dX = [] } = trainer.predict({ x, weight });
      const slopes = eachCell(x, (value, i, k) => (value > 0 ? 1 : 0.25) * cell(weight, i, k));
      expectNear(dX, slopes.flat(), tolerance, 'dX');
      trainer.step({ x, weight });
      const terms = eachCell(x, (value, i, k) => Math.min(value, 0) * cell(weight, i, k));
      const perFeature = [0, 1, 2, 3].map((k) => total(terms.map((row) => row[k] ?? Number.NaN)));
      const expected = shape[0] === 4 ? perFeature : [total(perFeature)];
      expectNear(trainer.state.slope ?? [], expected, tolerance, 'dSlope');
    },
  );
});
