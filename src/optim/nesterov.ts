/** Nesterov's accelerated gradient, as the seed defines it. */

import { atDeclaration, checkDecay, checkRate, unlessScheduled } from './checks.ts';
import { firstMoment } from './moments.ts';
import type { Hyperparameter, Optimizer } from './optimizer.ts';

/** What `nesterov` is made with. */
export interface NesterovOptions {
  readonly learningRate: Hyperparameter;
  /** Share of the old velocity, from 0 to below 1; 0.9 unless given. */
  readonly beta?: Hyperparameter;
}

/**
 * The gradient g is taken at w - beta v; then v = beta v + (1 - beta) g; w - rate * v. State of each parameter: `v`.
 * Loss and metrics of a step are those of the look-ahead.
 */
export function nesterov({ learningRate, beta = 0.9 }: NesterovOptions): Optimizer {
  atDeclaration(() => {
    checkRate('learningRate', learningRate);
    unlessScheduled(checkDecay)('beta', beta);
  });
  return {
    name: 'nesterov',
    learningRate,
    momentum: beta,
    lookAhead: ({ parameter, momentum, slot }) => parameter.sub(slot('v').value.mul(momentum)),
    update: (context) => context.parameter.sub(context.rate.mul(firstMoment(context, 'v'))),
  };
}
