/** The order in which an epoch visits the samples: a function of (seed, epoch) and the count alone. */

import { integerBelow } from './random.ts';

/** The stream of the shuffles; operations of a model number their streams from 0 and never get here. */
const shuffleStream = 0xffffffff;

/**
 * Overwrites `order` [count] with a permutation of 0 to count − 1 (Fisher–Yates). The previous contents do not
 * matter, so that an epoch resumed from a file visits the samples as the uninterrupted one would have.
 */
export function shuffle(order: Uint32Array, seed: number, epoch: number): void {
  for (let i = 0; i < order.length; i++) order[i] = i;
  for (let i = order.length - 1; i > 0; i--) {
    const j = integerBelow(i + 1, seed, shuffleStream, epoch, i);
    const kept = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = kept;
  }
}
