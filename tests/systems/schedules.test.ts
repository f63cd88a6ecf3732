/** Schedules that depend on the step alone have at every step the value of their formula. */

import { describe, expect, it } from 'vitest';
import {
  cosine,
  cyclic,
  cyclicMomentum,
  exponentialDecay,
  gradientDescent,
  type Hyperparameter,
  halving,
  type ModelContext,
  momentum,
  oneCycle,
  oneCycleMomentum,
  piecewise,
  product,
  type Schedule,
  type ScheduleContext,
  warmUp,
} from '../../src/index.ts';
import {
  always,
  annealed,
  decayed,
  type Formula,
  halved,
  halvedAt,
  onceAround,
  onceAroundMomentum,
  pieces,
  times,
  triangular,
  triangularMomentum,
  warmedUp,
} from './formulas.ts';
import { anyLoss, moduleOf, type Precision, precisions, small } from './support.ts';

type Pair = readonly [Hyperparameter, Formula];

const cycle = { min: 0.02, max: 0.3, stepSize: 13 };

const rates: { readonly [title: string]: Pair } = {
  'a number': [0.3, always(0.3)],
  'halving every 7 steps': [halving({ initial: 0.7, every: 7 }), halved(0.7, 0.5, 7)],
  'halving every step by another factor': [halving({ initial: 3, factor: 0.9, every: 1 }), halved(3, 0.9, 1)],
  'halving by a factor of 1': [halving({ initial: 0.7, factor: 1, every: 7 }), always(0.7)],
  'halving at steps': [halving({ initial: 0.7, at: [0, 3, 50, 51] }), halvedAt(0.7, 0.5, [0, 3, 50, 51])],
  'halving at steps that are out of order': [
    halving({ initial: 0.7, factor: 0.1, at: [90, 10] }),
    halvedAt(0.7, 0.1, [10, 90]),
  ],
  'halving at no step': [halving({ initial: 0.7, at: [] }), always(0.7)],
  'exponential decay': [exponentialDecay({ initial: 0.4, decay: 0.03 }), decayed(0.4, 0.03)],
  'exponential decay of 0': [exponentialDecay({ initial: 0.4, decay: 0 }), always(0.4)],
  'a cycle': [cyclic(cycle), triangular(0.02, 0.3, 13)],
  'a cycle of one step each way': [cyclic({ ...cycle, stepSize: 1 }), triangular(0.02, 0.3, 1)],
  'a cycle from 0': [cyclic({ min: 0, max: 1, stepSize: 50 }), triangular(0, 1, 50)],
  'a momentum against a cycle': [
    cyclicMomentum({ min: 0.85, max: 0.95, stepSize: 13 }),
    triangularMomentum(0.85, 0.95, 13),
  ],
  '1cycle': [oneCycle({ steps: 200, max: 0.5 }), onceAround(200, 0.5)],
  '1cycle of an odd number of steps': [
    oneCycle({ steps: 137, max: 0.5, min: 0.2 }),
    onceAround(137, 0.5, 0.2),
  ],
  '1cycle of 4 steps': [oneCycle({ steps: 4, max: 0.5 }), onceAround(4, 0.5)],
  'a momentum against 1cycle': [oneCycleMomentum({ steps: 200 }), onceAroundMomentum(200)],
  'a momentum against a short 1cycle': [
    oneCycleMomentum({ steps: 33, min: 0.5, max: 0.9 }),
    onceAroundMomentum(33, 0.5, 0.9),
  ],
  cosine: [cosine({ max: 0.6, min: 0.1, steps: 120 }), annealed(0.6, 0.1, 120)],
  'cosine to 0': [cosine({ max: 0.6, steps: 7 }), annealed(0.6, 0, 7)],
  'a warm-up of a number': [warmUp({ steps: 20, rate: 0.4 }), warmedUp(20, always(0.4))],
  'a warm-up of one step': [warmUp({ steps: 1, rate: 0.4 }), always(0.4)],
  'a warm-up of a schedule': [
    warmUp({ steps: 20, rate: cosine({ max: 0.6, steps: 50 }) }),
    warmedUp(20, annealed(0.6, 0, 50)),
  ],
  'one piece': [piecewise({ from: 0, rate: cyclic(cycle) }), triangular(0.02, 0.3, 13)],
  'pieces of numbers and schedules': [
    piecewise(
      { from: 0, rate: 0.1 },
      { from: 10, rate: halving({ initial: 0.8, every: 5 }) },
      { from: 40, rate: cyclic(cycle) },
      { from: 41, rate: 0.5 },
      { from: 120, rate: exponentialDecay({ initial: 0.4, decay: 0.01 }) },
    ),
    pieces(
      [0, always(0.1)],
      [10, halved(0.8, 0.5, 5)],
      [40, triangular(0.02, 0.3, 13)],
      [41, always(0.5)],
      [120, decayed(0.4, 0.01)],
    ),
  ],
  'a product': [
    product(cyclic(cycle), 2, exponentialDecay({ initial: 1, decay: 0.01 })),
    times(triangular(0.02, 0.3, 13), always(2), decayed(1, 0.01)),
  ],
  'a warm-up of pieces of products': [
    warmUp({
      steps: 15,
      rate: piecewise(
        { from: 0, rate: product(0.5, cosine({ max: 0.6, min: 0.2, steps: 30 })) },
        { from: 25, rate: warmUp({ steps: 10, rate: halving({ initial: 0.3, every: 20 }) }) },
      ),
    }),
    warmedUp(
      15,
      pieces([0, times(always(0.5), annealed(0.6, 0.2, 30))], [25, warmedUp(10, halved(0.3, 0.5, 20))]),
    ),
  ],
};

const lastStep = 400;
const every = Array.from({ length: lastStep + 1 }, (_, t) => t);
const toleranceOf = { f64: 1e-12, f32: 1e-5 };

const modelWith = (learningRate: Hyperparameter, beta?: Hyperparameter) =>
  small((m) => ({ loss: anyLoss(m).add(m.input('x', ['batch', 1]).sum()) }), {
    optimizer: beta === undefined ? gradientDescent({ learningRate }) : momentum({ learningRate, beta }),
  });

/** What the step reports under `name` for every t: the step is called as the trainer calls it, only with any t. */
async function reported(
  hyper: { readonly rate: Hyperparameter; readonly beta?: Hyperparameter },
  dtype: Precision,
) {
  const program = (await moduleOf(modelWith(hyper.rate, hyper.beta), dtype)).create();
  const batch = { x: dtype === 'f64' ? new Float64Array(1) : new Float32Array(1) };
  return every.map((t) => {
    const { learningRate = Number.NaN, momentum: beta = Number.NaN } = program.step(batch, 1, t, 0);
    return { rate: learningRate, beta };
  });
}

function expectFormula(found: readonly number[], formula: Formula, dtype: Precision, steps = every): void {
  const expected = steps.map(formula);
  const largest = Math.max(...expected.map(Math.abs));
  expected.forEach((x, i) => {
    const error = Math.abs((found[i] ?? Number.NaN) - x) / largest;
    expect(error, `step ${steps[i]}: ${found[i]}, expected ${x}`).toBeLessThanOrEqual(toleranceOf[dtype]);
  });
}

describe.each(precisions)('in %s', (dtype) => {
  it.each(Object.entries(rates))('%s is reported as the learning rate', async (_, [rate, formula]) => {
    const found = await reported({ rate }, dtype);
    expectFormula(
      found.map((one) => one.rate),
      formula,
      dtype,
    );
  });

  it('the momentum is reported beside the learning rate', async () => {
    const beta = cyclicMomentum({ min: 0.5, max: 0.9, stepSize: 10 });
    const found = await reported({ rate: cyclic(cycle), beta }, dtype);
    const rates = found.map((one) => one.rate);
    const betas = found.map((one) => one.beta);
    expectFormula(rates, triangular(0.02, 0.3, 13), dtype);
    expectFormula(betas, triangularMomentum(0.5, 0.9, 10), dtype);
  });

  it('halving falls at exactly the multiples of every interval', async () => {
    const intervals = Array.from({ length: 100 }, (_, i) => i + 1);
    const metrics = await evaluated(
      intervals.map((interval) => halving({ initial: 1, every: interval })),
      dtype,
    );
    for (const [i, interval] of intervals.entries()) {
      const turns = [1, 2, 3, 7, 49, 100].flatMap((k) => [k * interval - 1, k * interval, k * interval + 1]);
      const found = turns.map((t) => metrics(t)[i] ?? Number.NaN);
      expectFormula(found, halved(1, 0.5, interval), dtype, turns);
    }
  });

  it('1cycle is its formula for every number of steps', async () => {
    const lengths = Array.from({ length: 60 }, (_, i) => i + 3);
    const metrics = await evaluated(
      lengths.map((steps) => oneCycle({ steps, max: 0.5 })),
      dtype,
    );
    for (const [i, steps] of lengths.entries()) {
      const turns = Array.from({ length: steps }, (_, t) => t);
      const found = turns.map((t) => metrics(t)[i] ?? Number.NaN);
      expectFormula(found, onceAround(steps, 0.5), dtype, turns);
    }
  });
});

/** What schedules that depend on the step alone may ask for. */
const contextIn = (m: ModelContext): ScheduleContext => ({
  constant: (value) => m.constant(value),
  metric: (name) => {
    throw new Error(`No metric ${name} is needed.`);
  },
  state: (name) => {
    throw new Error(`No state ${name} is needed.`);
  },
});

/** Many schedules at once: as metrics of one model. */
async function evaluated(schedules: readonly Schedule[], dtype: Precision) {
  const declared = small((m) => ({
    loss: anyLoss(m).add(m.input('x', ['batch', 1]).sum()),
    metrics: Object.fromEntries(schedules.map((rate, i) => [`rate${i}`, rate(m.step(), contextIn(m))])),
  }));
  const program = (await moduleOf(declared, dtype)).create();
  const batch = { x: dtype === 'f64' ? new Float64Array(1) : new Float32Array(1) };
  return (t: number): readonly number[] => {
    const found = program.evaluate(batch, 1, t, 0);
    return schedules.map((_, i) => found[`rate${i}`] ?? Number.NaN);
  };
}
