/** Initial distributions of parameters; fan-in is the number of inputs of a unit, the first size of [in, out]. */

import { errors } from '../../ir/errors.ts';
import type { Initializer } from '../dsl/model.ts';

const fanIn = (shape: readonly number[]): number => Math.max(1, shape[0] ?? 1);
const fanOut = (shape: readonly number[]): number => Math.max(1, shape[shape.length - 1] ?? 1);

const finite = (what: string, x: number): number => {
  if (!Number.isFinite(x)) throw errors.hyperparameter(what, 'a finite number', x);
  return x;
};

export const zeros = (): Initializer => constant(0);

export function constant(value: number): Initializer {
  finite('constant', value);
  return () => ({ kind: 'constant', value });
}

/** Normal with mean 0. */
export function normal(std: number): Initializer {
  if (finite('std', std) < 0) throw errors.hyperparameter('std', 'a number from 0', std);
  return () => ({ kind: 'normal', mean: 0, std });
}

/** Uniform on [low, high). */
export function uniform(low: number, high: number): Initializer {
  if (finite('low', low) > finite('high', high))
    throw errors.hyperparameter('low', `at most high (${high})`, low);
  return () => ({ kind: 'uniform', low, high });
}

/** N(0, 1/fanIn), as the seed writes Xavier's. */
export const xavierNormal = (): Initializer => (shape) => ({
  kind: 'normal',
  mean: 0,
  std: Math.sqrt(1 / fanIn(shape)),
});

/** N(0, 2/(fanIn + fanOut)): Glorot & Bengio, Understanding the difficulty of training deep networks, 2010. */
export const glorotNormal = (): Initializer => (shape) => ({
  kind: 'normal',
  mean: 0,
  std: Math.sqrt(2 / (fanIn(shape) + fanOut(shape))),
});

/** N(0, 2/fanIn): He et al., Delving deep into rectifiers, 2015; keeps the variance through ReLU layers. */
export const kaimingNormal = (): Initializer => (shape) => ({
  kind: 'normal',
  mean: 0,
  std: Math.sqrt(2 / fanIn(shape)),
});
