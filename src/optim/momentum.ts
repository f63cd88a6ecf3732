/** Gradient descent with momentum. */

import { atDeclaration, checkDecay, checkRate, unlessScheduled } from './checks.ts';
import { firstMoment } from './moments.ts';
import type { Hyperparameter, Optimizer } from './optimizer.ts';

/** What `momentum` is made with. */
export interface MomentumOptions {
  readonly learningRate: Hyperparameter;
  /** Share of the old velocity, from 0 to below 1; 0.9 unless given. */
  readonly beta?: Hyperparameter;
  /** Divide the velocity by 1 - beta^t, t from 1; not unless asked for. */
  readonly correction?: boolean;
}

/** v = beta v + (1 - beta) g; w - rate * v. State of each parameter: `v`. */
export function momentum({ learningRate, beta = 0.9, correction = false }: MomentumOptions): Optimizer {
  atDeclaration(() => {
    checkRate('learningRate', learningRate);
    unlessScheduled(checkDecay)('beta', beta);
  });
  return {
    name: 'momentum',
    learningRate,
    momentum: beta,
    update(context) {
      const { parameter, rate } = context;
      const v = firstMoment(context, 'v');
      return parameter.sub(rate.mul(correction ? v.div(context.momentumCorrection()) : v));
    },
  };
}
