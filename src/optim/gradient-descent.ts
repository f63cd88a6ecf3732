/** Gradient descent: w - rate * dW. */

import { atDeclaration, checkRate } from './checks.ts';
import type { Hyperparameter, Optimizer } from './optimizer.ts';

/** The rate alone: a number, or a schedule. */
export interface GradientDescentOptions {
  readonly learningRate: Hyperparameter;
}

/** Steps against the gradient. Throws `model/hyperparameter` for a negative or non-finite rate. */
export function gradientDescent({ learningRate }: GradientDescentOptions): Optimizer {
  atDeclaration(() => checkRate('learningRate', learningRate));
  return {
    name: 'gradientDescent',
    learningRate,
    update: ({ parameter, gradient, rate }) => parameter.sub(rate.mul(gradient)),
  };
}
