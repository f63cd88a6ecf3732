/** Gradient descent: w - rate * dW. */

import { located } from '../dsl/recording.ts';
import { callerSite } from '../dsl/site.ts';
import { checkRate, type LearningRate, type Optimizer } from './optimizer.ts';

export interface GradientDescentOptions {
  readonly learningRate: LearningRate;
}

/** Steps against the gradient. Throws `model/hyperparameter` for a negative or non-finite rate. */
export function gradientDescent({ learningRate }: GradientDescentOptions): Optimizer {
  try {
    checkRate(learningRate);
  } catch (thrown) {
    throw located(thrown, callerSite());
  }
  return {
    name: 'gradientDescent',
    learningRate,
    update: ({ parameter, gradient, rate }) => parameter.sub(rate.mul(gradient)),
  };
}
