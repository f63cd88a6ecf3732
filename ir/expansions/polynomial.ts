/** What expansions are, and what they have in common: polynomials and powers of two. */

import type { Scalar, ScalarBuilder } from '../scalar.ts';

/** A function of its arguments, spelled out in simpler ones. */
export type Expansion = (s: ScalarBuilder, args: readonly [Scalar, ...Scalar[]]) => Scalar;

/** c0 + x(c1 + x(c2 + …)). */
export function horner(s: ScalarBuilder, x: Scalar, coefficients: readonly number[]): Scalar {
  return coefficients.reduceRight<Scalar | number>(
    (rest, c) => (rest === 0 ? s.number(c, x.dtype) : s.apply('add', s.apply('mul', rest, x), c)),
    0,
  ) as Scalar;
}

/** 2^k for an integer-valued k from -126 to 127. */
export const powerOfTwo = (s: ScalarBuilder, k: Scalar): Scalar =>
  s.apply('bitsToFloat', s.apply('shiftLeft', s.apply('add', s.apply('toInt', k), 127), s.number(23, 'i32')));

/** y 2^k; 2^k in two factors reaches subnormals and infinity. */
export function scaleByPower(s: ScalarBuilder, y: Scalar, k: Scalar): Scalar {
  const half = s.apply('floor', s.apply('mul', k, 0.5));
  return s.apply('mul', s.apply('mul', y, powerOfTwo(s, half)), powerOfTwo(s, s.apply('sub', k, half)));
}
