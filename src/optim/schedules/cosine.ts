/** Cosine annealing. Loshchilov & Hutter, SGDR: stochastic gradient descent with warm restarts, 2017. */

import { atDeclaration, checkBounds, checkCount } from '../checks.ts';
import type { Schedule } from '../optimizer.ts';

/** Half a wave of `steps` steps, from `max` down to `min`. */
export interface CosineOptions {
  /** The rate at step 0. */
  readonly max: number;
  /** The rate from step `steps` on; 0 unless given. */
  readonly min?: number;
  readonly steps: number;
}

/** min + (max - min) (1 + cos(pi t / steps)) / 2, and min after that. */
export function cosine({ max, min = 0, steps }: CosineOptions): Schedule {
  atDeclaration(() => {
    checkBounds(min, max);
    checkCount('steps', steps);
  });
  return (t) =>
    t
      .div(steps)
      .minimum(1)
      .mul(Math.PI)
      .cos()
      .add(1)
      .mul((max - min) / 2)
      .add(min);
}
