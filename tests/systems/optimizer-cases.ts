/** Optimizers, and the update rules that they are to be. */

import {
  adam,
  adamax,
  adamW,
  clipByNorm,
  cyclicMomentum,
  exponentialDecay,
  gradientDescent,
  momentum,
  nadam,
  nesterov,
  type Optimizer,
  rmsprop,
  weightDecay,
} from '../../src/index.ts';
import {
  adamaxRule,
  adamRule,
  decaying,
  descent,
  heavyBall,
  nadamRule,
  type Rule,
  rootMeanSquare,
  type Training,
} from './rules.ts';

export interface Case {
  readonly optimizer: Optimizer;
  readonly rule: Rule;
  readonly rate: number | ((t: number) => number);
  readonly beta?: number | ((t: number) => number);
  readonly more?: Partial<Training>;
}

const byDefault = { beta2: 0.999, epsilon: 1e-8 };
const other = { beta2: 0.97, epsilon: 1e-3 };
const triangle = (t: number): number => 0.6 + 0.3 * Math.abs(((t % 10) - 5) / 5);
const swinging = cyclicMomentum({ min: 0.6, max: 0.9, stepSize: 5 });
const decayed = (t: number): number => 0.3 * Math.exp(-0.05 * t);
const falling = exponentialDecay({ initial: 0.3, decay: 0.05 });
const onlyWeights = (name: string): boolean => name.startsWith('w');

export const cases: { readonly [title: string]: Case } = {
  'gradient descent': { optimizer: gradientDescent({ learningRate: 0.5 }), rule: descent, rate: 0.5 },
  'gradient descent of a falling rate': {
    optimizer: gradientDescent({ learningRate: falling }),
    rule: descent,
    rate: decayed,
  },
  'momentum by default': {
    optimizer: momentum({ learningRate: 0.5 }),
    rule: heavyBall(false),
    rate: 0.5,
    beta: 0.9,
  },
  'momentum, corrected': {
    optimizer: momentum({ learningRate: 0.5, beta: 0.8, correction: true }),
    rule: heavyBall(true),
    rate: 0.5,
    beta: 0.8,
  },
  'momentum of 0, corrected': {
    optimizer: momentum({ learningRate: 0.5, beta: 0, correction: true }),
    rule: descent,
    rate: 0.5,
    beta: 0,
  },
  'momentum that swings, corrected': {
    optimizer: momentum({ learningRate: falling, beta: swinging, correction: true }),
    rule: heavyBall(true),
    rate: decayed,
    beta: triangle,
  },
  'Nesterov by default': {
    optimizer: nesterov({ learningRate: 0.5 }),
    rule: heavyBall(false),
    rate: 0.5,
    beta: 0.9,
    more: { lookAhead: true },
  },
  'Nesterov with a momentum that swings': {
    optimizer: nesterov({ learningRate: falling, beta: swinging }),
    rule: heavyBall(false),
    rate: decayed,
    beta: triangle,
    more: { lookAhead: true },
  },
  'RMSprop by default': {
    optimizer: rmsprop({ learningRate: 0.01 }),
    rule: rootMeanSquare(0.99, 1e-8),
    rate: 0.01,
  },
  'RMSprop with its own decay and epsilon': {
    optimizer: rmsprop({ learningRate: 0.02, beta: 0.9, epsilon: 1e-3 }),
    rule: rootMeanSquare(0.9, 1e-3),
    rate: 0.02,
  },
  'Adam by default': {
    optimizer: adam({ learningRate: 0.02 }),
    rule: adamRule(byDefault),
    rate: 0.02,
    beta: 0.9,
  },
  'Adam with its own decays and epsilon': {
    optimizer: adam({ learningRate: 0.02, beta1: 0.7, ...other }),
    rule: adamRule(other),
    rate: 0.02,
    beta: 0.7,
  },
  'Adam with decays of 0': {
    optimizer: adam({ learningRate: 0.02, beta1: 0, beta2: 0, epsilon: 0.01 }),
    rule: adamRule({ beta2: 0, epsilon: 0.01 }),
    rate: 0.02,
    beta: 0,
  },
  'Adam, uncorrected': {
    optimizer: adam({ learningRate: 0.01, beta2: 0.9, correction: false }),
    rule: adamRule({ beta2: 0.9, epsilon: 1e-8 }, false),
    rate: 0.01,
    beta: 0.9,
  },
  'Adam with a momentum that swings': {
    optimizer: adam({ learningRate: 0.02, beta1: swinging }),
    rule: adamRule(byDefault),
    rate: 0.02,
    beta: triangle,
  },
  'AdaMax by default': {
    optimizer: adamax({ learningRate: 0.02 }),
    rule: adamaxRule(byDefault),
    rate: 0.02,
    beta: 0.9,
  },
  'AdaMax with its own decays and epsilon': {
    optimizer: adamax({ learningRate: 0.02, beta1: 0.7, ...other }),
    rule: adamaxRule(other),
    rate: 0.02,
    beta: 0.7,
  },
  'Nadam by default': {
    optimizer: nadam({ learningRate: 0.02 }),
    rule: nadamRule(byDefault),
    rate: 0.02,
    beta: 0.9,
  },
  'Nadam with its own decays and epsilon': {
    optimizer: nadam({ learningRate: 0.02, beta1: 0.7, ...other }),
    rule: nadamRule(other),
    rate: 0.02,
    beta: 0.7,
  },
  'AdamW by default': {
    optimizer: adamW({ learningRate: 0.02 }),
    rule: decaying(adamRule(byDefault), 0.01),
    rate: 0.02,
    beta: 0.9,
  },
  'AdamW with its own decay of the weights': {
    optimizer: adamW({ learningRate: falling, weightDecay: 0.4 }),
    rule: decaying(adamRule(byDefault), 0.4),
    rate: decayed,
    beta: 0.9,
  },
  'weight decay': {
    optimizer: weightDecay(momentum({ learningRate: falling }), 0.1),
    rule: decaying(heavyBall(false), 0.1),
    rate: decayed,
    beta: 0.9,
  },
  'weight decay of matrices alone': {
    optimizer: weightDecay(nesterov({ learningRate: 0.5 }), 0.1, { only: onlyWeights }),
    rule: decaying(heavyBall(false), 0.1, onlyWeights),
    rate: 0.5,
    beta: 0.9,
    more: { lookAhead: true },
  },
  'clipping by the norm of all gradients': {
    optimizer: clipByNorm(gradientDescent({ learningRate: 0.5 }), 0.75),
    rule: descent,
    rate: 0.5,
    more: { maxNorm: 0.75 },
  },
  'clipping inside and outside of other wrappers': {
    optimizer: weightDecay(clipByNorm(clipByNorm(nesterov({ learningRate: 0.5 }), 9), 0.75), 0.1),
    rule: decaying(heavyBall(false), 0.1),
    rate: 0.5,
    beta: 0.9,
    more: { maxNorm: 0.75, lookAhead: true },
  },
};
