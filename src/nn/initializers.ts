/**
 * Initial distributions of parameters. Fan-in is the number of inputs of a unit, the first size of [in, out]; fan-out
 * is the number of units, the last.
 */

import { errors } from '../../ir/errors.ts';
import type { InitSpec } from '../../ir/program.ts';
import type { Initializer } from '../dsl/model.ts';
import { atDeclaration, checkFinite, checkNotNegative } from '../optim/checks.ts';

const fanIn = (shape: readonly number[]): number => Math.max(1, shape[0] ?? 1);
const fanOut = (shape: readonly number[]): number => Math.max(1, shape[shape.length - 1] ?? 1);

const normalOf = (variance: number): InitSpec => ({ kind: 'normal', mean: 0, std: Math.sqrt(variance) });

/** Uniform on an interval around 0: the variance is a third of its end squared. */
const uniformOf = (variance: number): InitSpec => {
  const end = Math.sqrt(3 * variance);
  return { kind: 'uniform', low: -end, high: end };
};

/** 0 in every element: for biases. Weights of a hidden layer that start equal stay equal. */
export const zeros = (): Initializer => constant(0);

/** The same number in every element. */
export function constant(value: number): Initializer {
  atDeclaration(() => checkFinite('constant', value));
  return () => ({ kind: 'constant', value });
}

/** Normal with mean 0. */
export function normal(std: number): Initializer {
  atDeclaration(() => checkNotNegative('std', std));
  return () => ({ kind: 'normal', mean: 0, std });
}

/** Uniform on [low, high). */
export function uniform(low: number, high: number): Initializer {
  atDeclaration(() => {
    checkFinite('low', low);
    checkFinite('high', high);
    if (low > high) throw errors.hyperparameter('low', `at most high (${high})`, low);
  });
  return () => ({ kind: 'uniform', low, high });
}

/** N(0, 1/fanIn), as the seed writes Xavier's. */
export const xavierNormal = (): Initializer => (shape) => normalOf(1 / fanIn(shape));

/** N(0, 2/(fanIn + fanOut)): Glorot & Bengio, Understanding the difficulty of training deep networks, 2010. */
export const glorotNormal = (): Initializer => (shape) => normalOf(2 / (fanIn(shape) + fanOut(shape)));

/** Uniform with variance 2/(fanIn + fanOut): Glorot & Bengio, 2010. */
export const glorotUniform = (): Initializer => (shape) => uniformOf(2 / (fanIn(shape) + fanOut(shape)));

/** The activation that follows, as far as it decides the variance. */
export interface KaimingOptions {
  /** Slope below 0 of the leaky ReLU that follows; 0, a plain ReLU, unless given. */
  readonly slope?: number;
}

/** The variance that He et al. derive: 2 / ((1 + slope^2) fanIn). */
function kaimingVariance({ slope = 0 }: KaimingOptions): (shape: readonly number[]) => number {
  atDeclaration(() => checkFinite('slope', slope));
  return (shape) => 2 / ((1 + slope * slope) * fanIn(shape));
}

/** N(0, 2/fanIn): He et al., Delving deep into rectifiers, 2015; keeps the variance through ReLU layers. */
export function kaimingNormal(options: KaimingOptions = {}): Initializer {
  const variance = kaimingVariance(options);
  return (shape) => normalOf(variance(shape));
}

/** Uniform with variance 2/fanIn: He et al., 2015. */
export function kaimingUniform(options: KaimingOptions = {}): Initializer {
  const variance = kaimingVariance(options);
  return (shape) => uniformOf(variance(shape));
}
