/** Frozen, tied and stopped parameters; gradients of gradients; values that differ between training and use. */

import { describe, expect, it } from 'vitest';
import {
  adam,
  batchNorm,
  clipByNorm,
  constant,
  dropout,
  gradient,
  l2,
  type ModelContext,
  momentum,
  nesterov,
  type Tensor,
  whenTraining,
} from '../../src/index.ts';
import { cell, eachCell, product, rowsOf, total, transposed } from './reference.ts';
import { anyLoss, first, normals, precisions, showGradient, small, trainerOf } from './support.ts';
import { expectNear } from './training.ts';

const x = rowsOf(normals(90, 15), 3);
const squareStart = normals(91, 9);
const square = rowsOf(squareStart, 3);

describe('a frozen parameter', () => {
  const frozen = (m: ModelContext) => {
    const base = m.param('base', [3, 3], constant(0), { trainable: false });
    const head = m.param('head', [3], constant(0.1));
    return { loss: m.input('x', ['batch', 3]).matmul(base).mul(head).square().mean().add(l2(0.01, base)) };
  };

  it.each([
    ['Adam', adam({ learningRate: 0.1 })],
    ['Nesterov', nesterov({ learningRate: 0.1 })],
    ['momentum, clipped', clipByNorm(momentum({ learningRate: 0.1 }), 0.01)],
  ] as const)('stays as it was loaded and has no slot (%s)', async (_, optimizer) => {
    const trainer = await trainerOf(small(frozen, { optimizer }), 'f64', { init: { base: squareStart } });
    for (let t = 0; t < 10; t++) trainer.step({ x });
    expect([...(trainer.state.base ?? [])]).toEqual(squareStart);
    expect([...(trainer.state.head ?? [])].every((h) => h !== 0.1)).toBe(true);
    const slots = trainer.layout.state.filter(({ role }) => role === 'slot').map(({ name }) => name);
    expect(slots.length).toBeGreaterThan(0);
    expect(slots.filter((name) => !name.startsWith('head.'))).toEqual([]);
  });

  it('still has a gradient that the model may ask for', async () => {
    const declared = small((m) => {
      const w = m.param('w', [3], constant(2), { trainable: false });
      const input = m.input('x', ['batch', 3]);
      const loss = input.mul(w).square().sum();
      return { loss: loss.add(anyLoss(m)), metrics: { size: gradient(loss, w).sum() } };
    });
    const { size } = (await trainerOf(declared)).evaluate({ x });
    expect(size).toBeCloseTo(total(x.flat().map((value) => 4 * value * value)), 10);
  });
});

describe('a parameter that is used twice', () => {
  const tied = (m: ModelContext, back: (w: Tensor<readonly [3, 3]>) => Tensor<readonly [3, 3]>) => {
    const w = m.param('w', [3, 3], constant(0));
    const hidden = m.input('x', ['batch', 3]).matmul(w).tanh();
    return { loss: hidden.matmul(back(w)).sum() };
  };

  it.each([
    ['as it is', (w: Tensor<readonly [3, 3]>) => w, (w: typeof square) => w],
    ['transposed', (w: Tensor<readonly [3, 3]>) => w.transpose(), transposed],
  ] as const)('has the sum of both gradients: %s', async (_, back, backByHand) => {
    const declared = small((m) => tied(m, back), { optimizer: showGradient });
    const trainer = await trainerOf(declared, 'f64', { init: { w: squareStart } });
    const { loss = Number.NaN } = trainer.step({ x });
    const hidden = eachCell(product(x, square), Math.tanh);
    const ones = eachCell(hidden, () => 1);
    expectNear([loss], [total(product(hidden, backByHand(square)).flat())], 1e-12, 'loss');
    const dBack = product(transposed(hidden), ones);
    const dHidden = product(ones, transposed(backByHand(square)));
    const dZ = eachCell(dHidden, (d, i, j) => d * (1 - cell(hidden, i, j) ** 2));
    const dW = eachCell(product(transposed(x), dZ), (d, i, j) => d + cell(backByHand(dBack), i, j));
    expectNear(trainer.state.w ?? [], dW.flat(), 1e-12, 'dW');
  });

  it('has one slot, and moves as one parameter', async () => {
    const declared = small((m) => tied(m, (w) => w.transpose()), {
      optimizer: momentum({ learningRate: 0.1 }),
    });
    const { layout } = await trainerOf(declared);
    expect(layout.state.map(({ name }) => name)).toEqual(['w', 'w.v']);
  });
});

describe('stopGradient', () => {
  it('lets nothing through, and what is behind it alone is not trained', async () => {
    const declared = small(
      (m) => {
        const [a, b, c] = [
          m.param('a', [], constant(2)),
          m.param('b', [], constant(3)),
          m.param('c', [], constant(5)),
        ];
        const probe = m.input('x', ['batch']).mean();
        return { loss: a.mul(b).stopGradient().mul(a).add(c.stopGradient()).add(probe) };
      },
      { optimizer: { ...momentum({ learningRate: 1, beta: 0 }) } },
    );
    const trainer = await trainerOf(declared);
    expect(trainer.step({ x: [0] }).loss).toBe(17);
    expect(first(trainer.state.a)).toBe(2 - 6);
    expect([first(trainer.state.b), first(trainer.state.c)]).toEqual([3, 5]);
    const slots = trainer.layout.state.filter(({ role }) => role === 'slot');
    expect(slots.map(({ name }) => name)).toEqual(['a.v']);
  });
});

describe.each(precisions)('gradient in %s', (dtype) => {
  const tolerance = dtype === 'f64' ? 1e-12 : 1e-5;

  it('of gradient of gradient is the third derivative', async () => {
    const declared = small((m) => {
      const input = m.input('x', ['batch', 3]);
      let value: Tensor<readonly ['batch', 3]> = input.square().mul(input).mul(input.sin());
      for (let times = 0; times < 3; times++) value = gradient(value.sum(), input);
      return { loss: anyLoss(m), outputs: { value } };
    });
    const { value = [] } = (await trainerOf(declared, dtype)).predict({ x });
    // (x^3 sin x)''' = 6 sin x + 18 x cos x - 9 x^2 sin x - x^3 cos x
    const expected = x.flat().map((v) => (6 - 9 * v * v) * Math.sin(v) + (18 * v - v ** 3) * Math.cos(v));
    expectNear(value, expected, tolerance, 'third derivative');
  });

  it('as a penalty is differentiated with the loss, at the look-ahead point of Nesterov too', async () => {
    const [rate, beta] = [0.05, 0.9];
    const declared = small(
      (m) => {
        const w = m.param('w', [3], constant(0));
        const cube = w.square().mul(w).sum();
        const penalty = gradient(cube, w).square().sum();
        return { loss: cube.add(penalty).add(m.input('x', ['batch', 3]).mean()), metrics: { penalty } };
      },
      { optimizer: nesterov({ learningRate: rate, beta }) },
    );
    const start = [0.5, -0.4, 0.3];
    const trainer = await trainerOf(declared, dtype, { init: { w: start } });
    let [w, v] = [start, [0, 0, 0]];
    for (let t = 0; t < 8; t++) {
      const ahead = w.map((p, i) => p - beta * (v[i] ?? 0));
      // The gradient of w^3 is 3 w^2, the penalty 9 w^4, and its derivative 36 w^3.
      const { penalty = Number.NaN } = trainer.step({ x });
      expectNear([penalty], [total(ahead.map((p) => 9 * p ** 4))], tolerance, `penalty of step ${t}`);
      v = ahead.map((p, i) => beta * (v[i] ?? 0) + (1 - beta) * (3 * p * p + 36 * p ** 3));
      w = w.map((p, i) => p - rate * (v[i] ?? 0));
    }
    expectNear(trainer.state.w ?? [], w, tolerance, 'w');
  });

  it('by a value on the way, by itself, or by what the number does not depend on', async () => {
    const declared = small((m) => {
      const [input, other] = [m.input('x', ['batch', 3]), m.input('other', ['batch', 3])];
      const middle = input.mul(2).tanh();
      const sum = middle.square().sum();
      return {
        loss: anyLoss(m),
        metrics: { bySelf: gradient(sum, sum) },
        outputs: { byMiddle: gradient(sum, middle), byOther: gradient(sum, other) },
      };
    });
    const data = { x: x.slice(0, 1), other: x.slice(0, 1) };
    const trainer = await trainerOf(declared, dtype);
    const found = trainer.predict(data);
    const expected = (x[0] ?? []).map((value) => 2 * Math.tanh(2 * value));
    expectNear(found.byMiddle ?? [], expected, tolerance, 'middle');
    expect([...(found.byOther ?? [])]).toEqual([0, 0, 0]);
    expect(trainer.evaluate(data).bySelf).toBe(1);
  });
});

describe('whenTraining', () => {
  const both = (step: number | undefined, evaluated: number | undefined) => [step, evaluated];

  it('is one value in the step, and the other when evaluating and predicting, however deep it is nested', async () => {
    const declared = small((m) => {
      const input = m.input('x', ['batch']);
      const [one, ten, hundred, thousand] = [1, 10, 100, 1000].map((n) => input.mul(n));
      if (!one || !ten || !hundred || !thousand) throw new Error('There are four.');
      const inner = whenTraining(one, ten);
      const inTraining = whenTraining(inner.add(1), hundred);
      const nested = whenTraining(inTraining.mul(2), whenTraining(thousand, inner.mul(7)));
      return {
        loss: nested.sum().add(anyLoss(m).mul(0)),
        metrics: { inner: inner.sum() },
        outputs: { nested },
      };
    });
    const trainer = await trainerOf(declared);
    const evaluated = trainer.evaluate({ x: [3] });
    const stepped = trainer.step({ x: [3] });
    expect(both(stepped.loss, evaluated.loss)).toEqual([(3 + 1) * 2, 3 * 10 * 7]);
    expect(both(stepped.inner, evaluated.inner)).toEqual([3, 30]);
    expect([...(trainer.predict({ x: [3, 1] }).nested ?? [])]).toEqual([210, 70]);
  });

  it('lets the gradient of the training value through, by either of them and by itself', async () => {
    const declared = small(
      (m) => {
        const w = m.param('w', [], constant(3));
        const either = whenTraining(w.square(), w.mul(100));
        const loss = either.square().add(m.input('x', ['batch']).mean());
        return { loss, metrics: { by: gradient(loss, either), byW: gradient(loss, w) } };
      },
      { optimizer: showGradient },
    );
    const trainer = await trainerOf(declared);
    const evaluated = trainer.evaluate({ x: [0] });
    const stepped = trainer.step({ x: [0] });
    expect(both(stepped.by, evaluated.by)).toEqual([2 * 9, 2 * 300]);
    expect(both(stepped.byW, evaluated.byW)).toEqual([4 * 27, 2 * 300 * 100]);
    expect(first(trainer.state.w)).toBe(108);
  });

  it('trains a parameter of the training value alone, and no parameter of the other one', async () => {
    const declared = small((m) => {
      const [a, b] = [m.param('a', [], constant(1)), m.param('b', [], constant(1))];
      return { loss: whenTraining(a.mul(2), b.mul(3)).add(m.input('x', ['batch']).mean()) };
    });
    const trainer = await trainerOf(declared);
    trainer.step({ x: [0] });
    expect([first(trainer.state.a), first(trainer.state.b)]).toEqual([0.8, 1]);
  });

  it('goes with dropout of normalized dropout: the step draws and normalizes, use does neither', async () => {
    const declared = small((m) => {
      const input = m.input('x', ['batch', 3]);
      const y = dropout(batchNorm(dropout(input, { keep: 0.5 })), { keep: 0.5 });
      return { loss: y.square().mean(), outputs: { y } };
    });
    const trainer = await trainerOf(declared);
    const { y = [] } = trainer.predict({ x });
    expectNear(
      y,
      x.flat().map((value) => value / Math.sqrt(1 + 1e-5)),
      1e-12,
      'y',
    );
    const losses = [0, 1, 2].map(() => trainer.step({ x }).loss);
    expect(new Set(losses).size).toBe(3);
    expect(first(trainer.state.mean1)).not.toBe(0);
  });
});
