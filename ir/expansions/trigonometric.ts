/** Sine and cosine. */

import type { Scalar, ScalarBuilder } from '../scalar.ts';
import { type Expansion, horner } from './polynomial.ts';

/** The four parts of pi/2: k times each of the first three is exact for |k| < 2^13. */
const halfPi = [1.5703125, 4.837512969970703e-4, 7.549533620476723e-8, 2.563344e-12] as const;

/** x less k pi/2, rounded once: what the third difference loses is added to the fourth. */
function lessQuarters(s: ScalarBuilder, x: Scalar, k: Scalar): Scalar {
  const part = (i: 0 | 1 | 2 | 3): Scalar => s.apply('mul', k, halfPi[i]);
  const rest = s.apply('sub', s.apply('sub', x, part(0)), part(1));
  const third = part(2);
  const high = s.apply('sub', rest, third);
  const lost = s.apply('sub', s.apply('sub', rest, high), third);
  return s.apply('add', high, s.apply('sub', lost, part(3)));
}

/** sin(x + turns pi/2), by the nearest multiple k of pi/2: what remains of x, and on which of four arcs it lies. */
function sineOf(s: ScalarBuilder, x: Scalar, turns: 0 | 1): Scalar {
  const k = s.apply('floor', s.apply('add', s.apply('mul', x, 2 / Math.PI), 0.5));
  const rest = lessQuarters(s, x, k);
  // |rest| < 0.79, but for x so large that k has lost its last digits: then at least the result stays within [-1, 1].
  const r = s.apply('min', s.apply('max', rest, -0.8125), 0.8125);
  const z = s.apply('mul', r, r);
  const p = horner(s, z, [-0.166666537523, 0.008332104422, -0.000195077932]);
  const sine = s.apply('add', r, s.apply('mul', r, s.apply('mul', z, p)));
  const q = horner(s, z, [0.041666645557, -0.001388730481, 2.4431466757e-5]);
  const drop = s.apply('sub', s.apply('mul', z, 0.5), s.apply('mul', s.apply('mul', z, z), q));
  const cosine = s.apply('sub', 1, drop);
  const whole = s.apply('toInt', k);
  const arc = turns === 0 ? whole : s.apply('add', whole, turns);
  // The last bit of the arc chooses between the two, the one before it the sign.
  const isEven = s.apply('equal', s.apply('shiftLeft', arc, 31), 0);
  const isNegative = s.apply('less', s.apply('shiftLeft', arc, 30), 0);
  const size = s.apply('select', isEven, sine, cosine);
  return s.apply('select', isNegative, s.apply('neg', size), size);
}

/**
 * In float32 right to 2 units in the last place for |x| <= 8192, next to the zeros as well. Beyond, k times a part is
 * rounded, and the absolute error grows: 1e-6 at 2^16, 0.03 at 2^20, and past 2^22 the result is no more than some
 * number in [-1, 1].
 */
export const sin: Expansion = (s, [x]) => s.apply('select', s.apply('equal', x, 0), x, sineOf(s, x, 0)); // keeps the sign of 0

/** A quarter of a turn ahead of the sine, and as accurate. */
export const cos: Expansion = (s, [x]) => sineOf(s, x, 1);
