/** Every hyperparameter that makes no sense is refused at the line that gives it. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile.ts';
import {
  adam,
  adamax,
  adamW,
  batchNorm,
  clipByNorm,
  constant,
  cosine,
  cyclic,
  cyclicMomentum,
  dropout,
  elu,
  ewa,
  exponentialDecay,
  gelu,
  gradientDescent,
  halving,
  halvingOnMetric,
  halvingOnPlateau,
  kaimingNormal,
  kaimingUniform,
  l1,
  l2,
  leakyRelu,
  type ModelContext,
  momentum,
  nadam,
  nesterov,
  normal,
  oneCycle,
  oneCycleMomentum,
  piecewise,
  product,
  rmsprop,
  type Scalar,
  type Tensor,
  uniform,
  warmUp,
  weightDecay,
} from '../../src/index.ts';
import { refusal } from '../dsl/support.ts';
import { small } from './support.ts';

const { NaN: nan, POSITIVE_INFINITY: infinite } = Number;
const notFinite = [nan, infinite, -infinite];
const rates = [-0.1, ...notFinite];
const decays = [-0.1, 1, 1.5, ...notFinite];
const notNegative = [-1e-9, ...notFinite];
const positive = [0, -1, ...notFinite];
const counts = [0, -1, 1.5, ...notFinite];
const factors = [0, -0.5, 1.5, ...notFinite];

/** Runs `use` inside of a model: a layer needs a tensor. */
const inModel = (use: (x: Tensor<readonly ['batch', 3]>, m: ModelContext) => unknown) =>
  compile(
    small((m) => {
      const x = m.input('x', ['batch', 3]);
      use(x, m);
      return { loss: x.mul(m.param('w', [3], constant(1))).mean() };
    }),
  );

const learningRate = 0.1;
const initial = 0.1;
const steps = 10;
const anything = (x: unknown) => x as number;
const word = (x: unknown) => x as 'min' & 'none';

/** The function, what is wrong with it, and the values that it must not take. */
type Row = readonly [call: string, option: string, values: readonly unknown[], use: (bad: number) => unknown];

const optimizers: readonly Row[] = [
  [
    'gradientDescent',
    'learningRate',
    [...rates, '0.1', null],
    (bad) => gradientDescent({ learningRate: bad }),
  ],
  ['momentum', 'learningRate', rates, (bad) => momentum({ learningRate: bad })],
  ['momentum', 'beta', decays, (bad) => momentum({ learningRate, beta: bad })],
  ['nesterov', 'learningRate', rates, (bad) => nesterov({ learningRate: bad })],
  ['nesterov', 'beta', decays, (bad) => nesterov({ learningRate, beta: bad })],
  ['rmsprop', 'learningRate', rates, (bad) => rmsprop({ learningRate: bad })],
  ['rmsprop', 'beta', decays, (bad) => rmsprop({ learningRate, beta: bad })],
  ['rmsprop', 'epsilon', notNegative, (bad) => rmsprop({ learningRate, epsilon: bad })],
  ['adam', 'learningRate', rates, (bad) => adam({ learningRate: bad })],
  ['adam', 'beta1', decays, (bad) => adam({ learningRate, beta1: bad })],
  ['adam', 'beta2', decays, (bad) => adam({ learningRate, beta2: bad })],
  ['adam', 'epsilon', notNegative, (bad) => adam({ learningRate, epsilon: bad })],
  ['adamax', 'learningRate', rates, (bad) => adamax({ learningRate: bad })],
  ['adamax', 'beta1', decays, (bad) => adamax({ learningRate, beta1: bad })],
  ['adamax', 'beta2', decays, (bad) => adamax({ learningRate, beta2: bad })],
  ['adamax', 'epsilon', notNegative, (bad) => adamax({ learningRate, epsilon: bad })],
  ['nadam', 'learningRate', rates, (bad) => nadam({ learningRate: bad })],
  ['nadam', 'beta1', [...decays, (t: Scalar) => t], (bad) => nadam({ learningRate, beta1: bad })],
  ['nadam', 'beta2', decays, (bad) => nadam({ learningRate, beta2: bad })],
  ['nadam', 'epsilon', notNegative, (bad) => nadam({ learningRate, epsilon: bad })],
  ['adamW', 'learningRate', rates, (bad) => adamW({ learningRate: bad })],
  ['adamW', 'beta1', decays, (bad) => adamW({ learningRate, beta1: bad })],
  ['adamW', 'weightDecay', notNegative, (bad) => adamW({ learningRate, weightDecay: bad })],
  ['weightDecay', 'weightDecay', notNegative, (bad) => weightDecay(adam({ learningRate }), bad)],
  ['clipByNorm', 'maxNorm', positive, (bad) => clipByNorm(adam({ learningRate }), bad)],
];

const schedules: readonly Row[] = [
  ['exponentialDecay', 'initial', notNegative, (bad) => exponentialDecay({ initial: bad, decay: 0.1 })],
  ['exponentialDecay', 'decay', notNegative, (bad) => exponentialDecay({ initial, decay: bad })],
  ['halving', 'initial', notNegative, (bad) => halving({ initial: bad, every: 5 })],
  ['halving', 'factor', factors, (bad) => halving({ initial, factor: bad, every: 5 })],
  ['halving', 'every', counts, (bad) => halving({ initial, every: bad })],
  ['halving', 'a step of at', [-1, 1.5, ...notFinite], (bad) => halving({ initial, at: [1, bad] })],
  ['halvingOnMetric', 'initial', notNegative, (bad) => halvingOnMetric({ initial: bad, below: [1] })],
  ['halvingOnMetric', 'factor', factors, (bad) => halvingOnMetric({ initial, factor: bad, below: [1] })],
  ['halvingOnMetric', 'a threshold', notFinite, (bad) => halvingOnMetric({ initial, below: [bad] })],
  ['halvingOnMetric', 'a threshold', notFinite, (bad) => halvingOnMetric({ initial, above: [1, bad] })],
  ['halvingOnMetric', 'above', [1], (bad) => halvingOnMetric({ initial, above: [bad], below: [bad] })],
  ['halvingOnMetric', 'above', [1], () => halvingOnMetric({ initial })],
  ['halvingOnPlateau', 'initial', notNegative, (bad) => halvingOnPlateau({ initial: bad, patience: 2 })],
  ['halvingOnPlateau', 'patience', counts, (bad) => halvingOnPlateau({ initial, patience: bad })],
  ['halvingOnPlateau', 'factor', factors, (bad) => halvingOnPlateau({ initial, patience: 2, factor: bad })],
  [
    'halvingOnPlateau',
    'minDelta',
    notNegative,
    (bad) => halvingOnPlateau({ initial, patience: 2, minDelta: bad }),
  ],
  [
    'halvingOnPlateau',
    'min',
    [...notNegative, 0.2],
    (bad) => halvingOnPlateau({ initial, patience: 2, min: bad }),
  ],
  ['cyclic', 'min', [...notNegative, 0.6], (bad) => cyclic({ min: bad, max: 0.5, stepSize: 5 })],
  ['cyclic', 'max', [...notNegative, 0.05], (bad) => cyclic({ min: 0.1, max: bad, stepSize: 5 })],
  ['cyclic', 'stepSize', counts, (bad) => cyclic({ min: 0, max: 1, stepSize: bad })],
  ['cyclicMomentum', 'max', [...decays, 0.05], (bad) => cyclicMomentum({ min: 0.1, max: bad, stepSize: 5 })],
  [
    'cyclicMomentum',
    'min',
    [...notNegative, 0.95],
    (bad) => cyclicMomentum({ min: bad, max: 0.9, stepSize: 5 }),
  ],
  ['cyclicMomentum', 'stepSize', counts, (bad) => cyclicMomentum({ min: 0, max: 0.9, stepSize: bad })],
  ['oneCycle', 'steps', [...counts, 1, 2], (bad) => oneCycle({ steps: bad, max: 0.1 })],
  ['oneCycle', 'max', notNegative, (bad) => oneCycle({ steps, max: bad })],
  ['oneCycle', 'min', [...notNegative, 0.2], (bad) => oneCycle({ steps, max: 0.1, min: bad })],
  ['oneCycleMomentum', 'steps', [...counts, 2], (bad) => oneCycleMomentum({ steps: bad })],
  ['oneCycleMomentum', 'max', [...decays, 0.5], (bad) => oneCycleMomentum({ steps, max: bad })],
  ['oneCycleMomentum', 'min', [...notNegative, 0.96], (bad) => oneCycleMomentum({ steps, min: bad })],
  ['cosine', 'max', notNegative, (bad) => cosine({ max: bad, steps })],
  ['cosine', 'min', [...notNegative, 0.2], (bad) => cosine({ max: 0.1, min: bad, steps })],
  ['cosine', 'steps', counts, (bad) => cosine({ max: 0.1, steps: bad })],
  ['warmUp', 'steps', counts, (bad) => warmUp({ steps: bad, rate: 0.1 })],
  ['warmUp', 'rate', rates, (bad) => warmUp({ steps, rate: bad })],
  ['piecewise', 'from', [1, -1, nan], (bad) => piecewise({ from: bad, rate: 1 })],
  ['piecewise', 'from', [0, -1, 1.5, nan], (bad) => piecewise({ from: 0, rate: 1 }, { from: bad, rate: 2 })],
  ['piecewise', 'rate', rates, (bad) => piecewise({ from: 0, rate: 1 }, { from: 5, rate: bad })],
  ['piecewise', 'pieces', [0], () => piecewise()],
  ['product', 'a factor', rates, (bad) => product(1, bad)],
  ['product', 'factors', [0], () => product()],
];

const layers: readonly Row[] = [
  [
    'dropout',
    'keep',
    [0, -0.5, 1.0001, ...notFinite, '0.5'],
    (bad) => inModel((x) => dropout(x, { keep: bad })),
  ],
  ['batchNorm', 'momentum', decays, (bad) => inModel((x) => batchNorm(x, { momentum: bad }))],
  ['batchNorm', 'epsilon', positive, (bad) => inModel((x) => batchNorm(x, { epsilon: bad }))],
  ['ewa', 'beta', decays, (bad) => inModel((x) => ewa(x.mean(), { beta: bad }))],
  ['l1', 'lambda', notNegative, (bad) => inModel((x) => l1(bad, x))],
  ['l2', 'lambda', notNegative, (bad) => inModel((x) => l2(bad, x))],
  ['leakyRelu', 'slope', notFinite, (bad) => inModel((x) => leakyRelu(x, bad))],
  ['elu', 'alpha', notFinite, (bad) => inModel((x) => elu(x, bad))],
  ['constant', 'constant', notFinite, (bad) => constant(bad)],
  ['normal', 'std', notNegative, (bad) => normal(bad)],
  ['uniform', 'low', [...notFinite, 2], (bad) => uniform(bad, 1)],
  ['uniform', 'high', [...notFinite, -2], (bad) => uniform(-1, bad)],
  ['kaimingNormal', 'slope', notFinite, (bad) => kaimingNormal({ slope: bad })],
  ['kaimingUniform', 'slope', notFinite, (bad) => kaimingUniform({ slope: bad })],
];

const file = decodeURIComponent(new URL(import.meta.url).pathname);
const lines = readFileSync(file, 'utf8').split('\n');

async function expectRefused([call, option, values, use]: Row, code: string): Promise<void> {
  for (const bad of values) {
    const diagnostic = await refusal(() => use(anything(bad)));
    expect(diagnostic, `${call} with ${String(bad)}`).toMatchObject({ code, severity: 'error' });
    expect(diagnostic.site?.file, `${call} with ${String(bad)}`).toBe(file);
    expect(diagnostic.message).toMatch(new RegExp(`\\b${option}\\b`));
    // The line is that of the call itself.
    expect(lines[(diagnostic.site?.line ?? 0) - 1]).toContain(`${call}(`);
  }
}

const options: readonly Row[] = [
  [
    'halvingOnPlateau',
    'mode',
    ['least', ''],
    (bad) => halvingOnPlateau({ initial, patience: 2, mode: word(bad) }),
  ],
  ['gelu', 'approximate', ['erf', ''], (bad) => inModel((x) => gelu(x, { approximate: word(bad) }))],
  ['l1', 'weights of l1', [0], () => inModel(() => l1(0.1))],
  ['l2', 'weights of l2', [0], () => inModel(() => l2(0.1))],
];

describe('a hyperparameter that makes no sense is refused at its line', () => {
  it.each(optimizers)('of %s: %s', (...row) => expectRefused(row, 'model/hyperparameter'));
  it.each(schedules)('of %s: %s', (...row) => expectRefused(row, 'model/hyperparameter'));
  it.each(layers)('of %s: %s', (...row) => expectRefused(row, 'model/hyperparameter'));
  it.each(options)('of %s: %s', (...row) => expectRefused(row, 'model/option'));

  it('and none is refused that makes sense, at the ends of what is allowed', async () => {
    const zero = 0;
    const schedule = product(
      halving({ initial: 0, factor: 1, at: [0] }),
      cyclic({ min: 0, max: 0, stepSize: 1 }),
    );
    const optimizer = adam({ learningRate: schedule, beta1: zero, beta2: zero, epsilon: zero });
    const all = [
      weightDecay(clipByNorm(optimizer, 1e-300), zero),
      momentum({ learningRate: zero, beta: oneCycleMomentum({ steps: 3, min: 0, max: 0 }) }),
      rmsprop({
        learningRate: halvingOnPlateau({ initial, min: initial, patience: 1 }),
        beta: 0,
        epsilon: 0,
      }),
    ];
    for (const one of all) expect(typeof one.update).toBe('function');
    await inModel((x) => dropout(batchNorm(elu(leakyRelu(x, -1), 0), { momentum: 0 }), { keep: 1e-3 }));
  });
});
