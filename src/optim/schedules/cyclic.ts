/** Cyclical rates. Smith, Cyclical learning rates for training neural networks, 2017. */

import type { Scalar } from '../../dsl/tensor.ts';
import { atDeclaration, checkBounds, checkCount, checkDecay } from '../checks.ts';
import type { Schedule } from '../optimizer.ts';

/** Triangles between two values. Smith, Cyclical learning rates for training neural networks, 2017. */
export interface CyclicOptions {
  readonly min: number;
  readonly max: number;
  /** Steps from `min` to `max`, and again as many back: half a cycle. */
  readonly stepSize: number;
}

/** From 0 at the start of a cycle to 1 in its middle and back. */
function height(t: Scalar, stepSize: number): Scalar {
  // The steps since the cycle began: whole numbers, exact in f32 too, where t / s - 2 cycle would lose its digits.
  const begun = t
    .div(2 * stepSize)
    .floor()
    .mul(2 * stepSize);
  return t.sub(begun).div(stepSize).sub(1).abs().neg().add(1).maximum(0);
}

/** The triangular policy: cycle = floor(1 + t / 2s), x = |t / s - 2 cycle + 1|, min + (max - min) max(0, 1 - x). */
export function cyclic({ min, max, stepSize }: CyclicOptions): Schedule {
  atDeclaration(() => {
    checkBounds(min, max);
    checkCount('stepSize', stepSize);
  });
  return (t) =>
    height(t, stepSize)
      .mul(max - min)
      .add(min);
}

/** A momentum that moves against `cyclic` of the same step size: from `max` down to `min` and back. */
export function cyclicMomentum({ min, max, stepSize }: CyclicOptions): Schedule {
  atDeclaration(() => {
    checkBounds(min, max);
    checkDecay('max', max);
    checkCount('stepSize', stepSize);
  });
  return (t) =>
    height(t, stepSize)
      .mul(min - max)
      .add(max);
}
