/** Optimizers and schedules that users write themselves take the steps that the same formulas take by hand. */

import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile.ts';
import {
  constant,
  gradientDescent,
  type Hyperparameter,
  model,
  type Optimizer,
  type Scalar,
} from '../../src/index.ts';
import { instantiate } from '../../src/instantiate.ts';
import { createTrainer } from '../../src/runtime/index.ts';
import { linesOf, refusal } from './support.ts';

const site = linesOf(import.meta.url);

/** w starts at 3, b at -1; the loss is the mean of (w x + b - y)^2. */
const lineModel = (optimizer: Optimizer) =>
  model(
    'line',
    (m) => {
      const x = m.input('x', ['batch', 1]);
      const y = m.label('y', ['batch', 1]);
      const w = m.param('w', [1, 1], constant(3));
      const b = m.param('b', [1], constant(-1));
      return { loss: x.matmul(w).add(b).sub(y).square().mean() };
    },
    { batch: 4, optimizer },
  );

const data = { x: [1, 2, -1, 0.5], y: [2, 3, -1, 0] };

/** d loss / dw and d loss / db at (w, b). */
function gradients(w: number, b: number): readonly [number, number] {
  const off = data.x.map((x, i) => w * x + b - (data.y[i] ?? 0));
  const mean = (terms: readonly number[]) => terms.reduce((sum, term) => sum + term, 0) / terms.length;
  return [mean(off.map((e, i) => 2 * e * (data.x[i] ?? 0))), mean(off.map((e) => 2 * e))];
}

const trainerOf = async (optimizer: Optimizer) =>
  createTrainer(await instantiate((await compile(lineModel(optimizer), { dtype: 'f64' })).code));

const steps = 25;

/** The parameters after every step, and the rates that were reported. */
async function trained(optimizer: Optimizer) {
  const trainer = await trainerOf(optimizer);
  const path: number[][] = [];
  const rates: number[] = [];
  for (let t = 0; t < steps; t++) {
    rates.push(trainer.step(data).learningRate ?? Number.NaN);
    path.push([trainer.state.w?.[0] ?? Number.NaN, trainer.state.b?.[0] ?? Number.NaN]);
  }
  return { path, rates };
}

/** The same by hand: `next` gives a parameter from itself, its gradient, what it remembers, and the step. */
function byHand(next: (p: number, g: number, memory: number[], t: number) => number): number[][] {
  let [w, b] = [3, -1];
  const [memoryOfW, memoryOfB]: [number[], number[]] = [[], []];
  return Array.from({ length: steps }, (_, t) => {
    const [dw, db] = gradients(w, b);
    [w, b] = [next(w, dw, memoryOfW, t), next(b, db, memoryOfB, t)];
    return [w, b];
  });
}

function expectSamePath(found: number[][], expected: number[][]): void {
  expect(found).toHaveLength(expected.length);
  for (const [t, [w = Number.NaN, b = Number.NaN]] of expected.entries()) {
    expect(found[t]?.[0], `w after step ${t}`).toBeCloseTo(w, 10);
    expect(found[t]?.[1], `b after step ${t}`).toBeCloseTo(b, 10);
  }
}

const momentum = (learningRate: Hyperparameter, beta: number): Optimizer => ({
  name: 'momentum',
  learningRate,
  update({ parameter, gradient, rate, slot }) {
    const velocity = slot('velocity');
    const next = velocity.value.mul(beta).add(gradient.mul(1 - beta));
    velocity.set(next);
    return parameter.sub(rate.mul(next));
  },
});

/** Adam with its correction by the step number, from two slots. */
const adam: Optimizer = {
  name: 'adam',
  learningRate: 0.1,
  update({ parameter, gradient, rate, step, slot }) {
    const [mean, square] = [slot('mean'), slot('square')];
    const m = mean.value.mul(0.9).add(gradient.mul(0.1));
    const v = square.value.mul(0.99).add(gradient.square().mul(0.01));
    mean.set(m);
    square.set(v);
    const power = (base: number): Scalar => step.add(1).mul(Math.log(base)).exp();
    const [mHat, vHat] = [m.div(power(0.9).neg().add(1)), v.div(power(0.99).neg().add(1))];
    return parameter.sub(rate.mul(mHat).div(vHat.sqrt().add(1e-8)));
  },
};

describe("a user's own optimizer", () => {
  it('remembers in a slot what it was told to (momentum)', async () => {
    const expected = byHand((p, g, memory) => {
      memory[0] = (memory[0] ?? 0) * 0.9 + g * 0.1;
      return p - 0.2 * memory[0];
    });
    expectSamePath((await trained(momentum(0.2, 0.9))).path, expected);
  });

  it('has as many slots as it asks for, and the number of the step (Adam)', async () => {
    const expected = byHand((p, g, memory, t) => {
      const m = (memory[0] ?? 0) * 0.9 + g * 0.1;
      const v = (memory[1] ?? 0) * 0.99 + g * g * 0.01;
      memory.splice(0, 2, m, v);
      const [mHat, vHat] = [m / (1 - 0.9 ** (t + 1)), v / (1 - 0.99 ** (t + 1))];
      return p - (0.1 * mHat) / (Math.sqrt(vHat) + 1e-8);
    });
    expectSamePath((await trained(adam)).path, expected);
  });

  it('starts its slots at the value that it names', async () => {
    const shrinking: Optimizer = {
      name: 'shrinking',
      learningRate: 0.1,
      update({ parameter, gradient, rate, slot }) {
        const factor = slot('factor', 2);
        factor.set(factor.value.mul(0.5));
        return parameter.sub(rate.mul(factor.value).mul(gradient));
      },
    };
    const expected = byHand((p, g, _, t) => p - 0.1 * 2 * 0.5 ** t * g);
    expectSamePath((await trained(shrinking)).path, expected);
  });

  it('reads the state as it was before the step, whichever it sets first', async () => {
    const late: Optimizer = {
      name: 'late',
      learningRate: 0.1,
      update({ parameter, gradient, rate, slot }) {
        const last = slot('last');
        last.set(gradient);
        return parameter.sub(rate.mul(last.value));
      },
    };
    const expected = byHand((p, g, memory) => {
      const [last = 0] = memory.splice(0, 1, g);
      return p - 0.1 * last;
    });
    expectSamePath((await trained(late)).path, expected);
  });

  it('continues from a saved file as if nothing had happened', async () => {
    const [whole, begun, continued] = [await trainerOf(adam), await trainerOf(adam), await trainerOf(adam)];
    for (let t = 0; t < 10; t++) whole.step(data);
    for (let t = 0; t < 4; t++) begun.step(data);
    continued.load(begun.save());
    for (let t = 4; t < 10; t++) continued.step(data);
    expect(continued.save()).toEqual(whole.save());
  });

  it('names its slots as parameters are named, or is refused', async () => {
    const withSlot = (name: string): Optimizer => ({
      name: 'named',
      learningRate: 0.1,
      update({ parameter, gradient, rate, slot }) {
        slot(name).set(gradient); // slot
        return parameter.sub(rate.mul(gradient));
      },
    });
    for (const name of ['velocity', "a'b", '*/', '__proto__', 'x'.repeat(200), '日本'])
      await expect(compile(lineModel(withSlot(name)))).resolves.toBeDefined();
    for (const name of ['a\nb', '\u2028', '\0', 'x'.repeat(300)])
      expect(await refusal(() => compile(lineModel(withSlot(name))))).toMatchObject({
        code: 'name/invalid',
        site: site('slot'),
      });
  });

  it('sets a slot only once', async () => {
    const twice: Optimizer = {
      name: 'twice',
      learningRate: 0.1,
      update({ parameter, gradient, rate, slot }) {
        slot('a').set(gradient);
        slot('a').set(gradient);
        return parameter.sub(rate.mul(gradient));
      },
    };
    const diagnostic = await refusal(() => compile(lineModel(twice)));
    expect(diagnostic).toMatchObject({ code: 'state/set-twice' });
    expect(diagnostic.message).toMatch('"w.a" is set twice');
  });
});

describe('a schedule', () => {
  const schedules: readonly (readonly [string, (step: Scalar) => Scalar, (t: number) => number])[] = [
    [
      'a fall with the step',
      (step) => step.mul(0.1).add(1).sqrt().mul(10),
      (t) => 10 * Math.sqrt(1 + 0.1 * t),
    ],
    ['halving every 10 steps', (t) => halved(t.div(10).floor()), (t) => 0.2 * 0.5 ** Math.floor(t / 10)],
    ['a warm-up', (t) => t.add(1).div(10).minimum(1).mul(0.2), (t) => 0.2 * Math.min(1, (t + 1) / 10)],
    ['a step', (t) => t.less(5).select(t.mul(0).add(0.2), 0.02), (t) => (t < 5 ? 0.2 : 0.02)],
  ];
  const halved = (times: Scalar): Scalar => times.mul(Math.LN2).neg().exp().mul(0.2);

  it.each(schedules)('of %s is reported and used', async (_, schedule, rateAt) => {
    const small = (t: number) => rateAt(t) * 0.01;
    const { path, rates } = await trained(gradientDescent({ learningRate: (t) => schedule(t).mul(0.01) }));
    for (const [t, rate] of rates.entries()) expect(rate, `rate of step ${t}`).toBeCloseTo(small(t), 12);
    expectSamePath(
      path,
      byHand((p, g, __, t) => p - small(t) * g),
    );
  });

  it('goes with any optimizer', async () => {
    const expected = byHand((p, g, memory, t) => {
      memory[0] = (memory[0] ?? 0) * 0.9 + g * 0.1;
      return p - (0.2 / (1 + t)) * memory[0];
    });
    const decaying = (t: Scalar): Scalar => t.add(1).log().neg().exp().mul(0.2);
    expectSamePath((await trained(momentum(decaying, 0.9))).path, expected);
  });

  it('is one number', async () => {
    const rates = (t: Scalar): Scalar => {
      const many: unknown = t.reshape([1]);
      return many as Scalar;
    };
    const diagnostic = await refusal(() => compile(lineModel(gradientDescent({ learningRate: rates }))));
    expect(diagnostic).toMatchObject({ code: 'shape/rank' });
    expect(diagnostic.message).toMatch('learningRate: expected one number, got f32[1]');
  });

  it('of a rate of 0 trains nothing', async () => {
    const { path } = await trained(gradientDescent({ learningRate: 0 }));
    expect(path).toEqual(Array.from({ length: steps }, () => [3, -1]));
  });
});
