/** Weight decay, decoupled from the gradient. */

import { atDeclaration, checkNotNegative } from './checks.ts';
import type { Optimizer } from './optimizer.ts';

/** What `weightDecay` may be told. */
export interface WeightDecayOptions {
  /** Which parameters decay, by name; all unless given. */
  readonly only?: (parameter: string) => boolean;
}

/** `optimizer`, and each parameter shrinks by rate * decay of itself in every step. Loshchilov & Hutter, 2019. */
export function weightDecay(
  optimizer: Optimizer,
  decay: number,
  { only = () => true }: WeightDecayOptions = {},
): Optimizer {
  atDeclaration(() => checkNotNegative('weightDecay', decay));
  return {
    ...optimizer,
    update(context) {
      const next = optimizer.update(context);
      const { name, parameter, rate } = context;
      return decay > 0 && only(name) ? next.sub(rate.mul(decay).mul(parameter)) : next;
    },
  };
}
