/** What an average that started at 0 must be divided by. */

import type { Scalar } from '../dsl/tensor.ts';

/** 1 - beta^t for the step number from 0, so t = step + 1; written as -(e^(t ln beta) - 1), exact for beta near 1. */
export function biasCorrection(beta: number, step: Scalar): Scalar {
  if (beta === 0) return step.mul(0).add(1);
  return step.add(1).named('count').mul(Math.log(beta)).expm1().neg();
}
