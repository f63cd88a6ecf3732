/** Exponential decay of a rate. */

import { atDeclaration, checkNotNegative } from '../checks.ts';
import type { Schedule } from '../optimizer.ts';

/** A rate that falls by the same factor in every step. */
export interface ExponentialDecayOptions {
  /** The rate at step 0. */
  readonly initial: number;
  /** The decay rate k: after 1/k steps the rate is initial / e. */
  readonly decay: number;
}

/** initial * e^(-decay * t). */
export function exponentialDecay({ initial, decay }: ExponentialDecayOptions): Schedule {
  atDeclaration(() => {
    checkNotNegative('initial', initial);
    checkNotNegative('decay', decay);
  });
  return (t) => t.mul(-decay).exp().mul(initial);
}
