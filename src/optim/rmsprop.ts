/** RMSprop: steps divided by the root of the mean squared gradient. */

import { atDeclaration, checkDecay, checkNotNegative, checkRate } from './checks.ts';
import { secondMoment } from './moments.ts';
import type { Hyperparameter, Optimizer } from './optimizer.ts';

/** What `rmsprop` is made with. */
export interface RmspropOptions {
  readonly learningRate: Hyperparameter;
  /** Share of the old mean, from 0 to below 1; 0.99 unless given. */
  readonly beta?: number;
  /** Added to the root; 1e-8 unless given. */
  readonly epsilon?: number;
}

/**
 * s = beta s + (1 - beta) g^2; w - rate * g / (sqrt(s) + epsilon). State of each parameter: `s`. Tieleman & Hinton,
 * Neural networks for machine learning, lecture 6.5, 2012.
 */
export function rmsprop({ learningRate, beta = 0.99, epsilon = 1e-8 }: RmspropOptions): Optimizer {
  atDeclaration(() => {
    checkRate('learningRate', learningRate);
    checkDecay('beta', beta);
    checkNotNegative('epsilon', epsilon);
  });
  return {
    name: 'rmsprop',
    learningRate,
    update(context) {
      const { parameter, gradient, rate } = context;
      const s = secondMoment(context, 's', context.constant('beta', beta));
      return parameter.sub(rate.mul(gradient).div(s.sqrt().add(context.constant('epsilon', epsilon))));
    },
  };
}
