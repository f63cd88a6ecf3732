/** The 1cycle policy. Smith & Topin, Super-convergence, 2018. */

import { errors } from '../../../ir/errors.ts';
import type { Scalar } from '../../dsl/tensor.ts';
import { atDeclaration, checkBounds, checkCount, checkDecay } from '../checks.ts';
import type { Schedule } from '../optimizer.ts';

interface Cycle {
  /** Steps of the whole training, at least 3. */
  readonly steps: number;
}

/** The length and the bounds of one cycle. Smith & Topin, Super-convergence, 2017. */
export interface OneCycleOptions extends Cycle {
  readonly max: number;
  /** The rate at both ends of the cycle; a tenth of `max` unless given. */
  readonly min?: number;
}

/** The bounds of a momentum that runs against `oneCycle`. */
export interface OneCycleMomentumOptions extends Cycle {
  /** 0.85 unless given. */
  readonly min?: number;
  /** 0.95 unless given. */
  readonly max?: number;
}

/** Half a cycle in steps. */
const halfOf = ({ steps }: Cycle): number => Math.floor(0.45 * steps);

function checkCycle({ steps }: Cycle): void {
  checkCount('steps', steps);
  if (steps < 3) throw errors.hyperparameter('steps', 'at least 3', steps);
}

/** From 0 at the start to 1 after half a cycle and back; below 0 after the cycle. */
function height(t: Scalar, half: number): Scalar {
  return t.sub(half).abs().div(half).neg().add(1);
}

/**
 * For S steps and a = floor(0.45 S): from `min` to `max` in a steps, back in a steps, then down to min / 100 at step
 * S - 1, where it stays.
 */
export function oneCycle(options: OneCycleOptions): Schedule {
  const { steps, max, min = max / 10 } = options;
  atDeclaration(() => {
    checkCycle(options);
    checkBounds(min, max);
  });
  const half = halfOf(options);
  const rest = steps - 1 - 2 * half;
  return (t) => {
    const inCycle = height(t, half)
      .mul(max - min)
      .add(min);
    if (rest <= 0) return inCycle.maximum(min);
    const share = t
      .sub(2 * half)
      .div(rest)
      .minimum(1);
    const after = share.mul(min / 100 - min).add(min);
    return t.greater(2 * half).select(after, inCycle);
  };
}

/** A momentum that runs against `oneCycle` of the same steps: from `max` down to `min` and back, then `max`. */
export function oneCycleMomentum(options: OneCycleMomentumOptions): Schedule {
  const { min = 0.85, max = 0.95 } = options;
  atDeclaration(() => {
    checkCycle(options);
    checkBounds(min, max);
    checkDecay('max', max);
  });
  return (t) =>
    height(t, halfOf(options))
      .maximum(0)
      .mul(min - max)
      .add(max);
}
