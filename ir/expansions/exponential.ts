/** The exponential, the logarithm and what is made of them. */

import { type Expansion, horner, powerOfTwo, scaleByPower } from './polynomial.ts';

/** e^x = 2^k e^r with k = round(x / ln 2) and |r| <= ln(2)/2. */
export const exp: Expansion = (s, [x]) => {
  const clamped = s.apply('min', s.apply('max', x, -104), 89);
  const k = s.apply('floor', s.apply('add', s.apply('mul', clamped, Math.LOG2E), 0.5));
  // ln 2 in two parts: k times the first is exact.
  const high = s.apply('sub', clamped, s.apply('mul', k, 0.693359375));
  const r = s.apply('sub', high, s.apply('mul', k, -2.1219444e-4));
  const q = horner(s, r, [0.500000009512, 0.166665188967, 0.041666206014, 0.008368882434, 0.001395047682]);
  const power = s.apply('add', s.apply('add', s.apply('mul', s.apply('mul', r, r), q), r), 1);
  return scaleByPower(s, power, k);
};

/**
 * e^x - 1 = 2^k (p + (1 - 2^-k)) with p = e^r - 1. Within 1/2 of 0, k is 0 and the result is p: a k of 1 would make it
 * 2 (p + 1/2), and p near -1/4 would lose a digit to the 1/2.
 */
export const expm1: Expansion = (s, [x]) => {
  const clamped = s.apply('min', s.apply('max', x, -20), 89); // -1 is reached before -20
  const multiple = s.apply('floor', s.apply('add', s.apply('mul', clamped, Math.LOG2E), 0.5));
  const k = s.apply('select', s.apply('less', s.apply('abs', x), 0.5), 0, multiple);
  // ln 2 in two parts: k times the first is exact.
  const high = s.apply('sub', clamped, s.apply('mul', k, 0.693115234375));
  const r = s.apply('sub', high, s.apply('mul', k, 3.1946183e-5));
  const q = horner(
    s,
    r,
    [0.500000059605, 0.166666686535, 0.041664958, 0.00833286345, 0.00140108855, 0.000200821339],
  );
  const p = s.apply('add', s.apply('mul', s.apply('mul', r, r), q), r);
  // Taken from 1, 2^-60 is lost in rounding like all that is less; 2^-127 would be no power that bits can make.
  const rest = s.apply('sub', 1, powerOfTwo(s, s.apply('neg', s.apply('min', k, 60))));
  const result = scaleByPower(s, s.apply('add', p, rest), k);
  return s.apply('select', s.apply('equal', x, 0), x, result); // keeps the sign of 0
};

/** ln x = e ln 2 + ln(1 + f) with 1 + f in [sqrt(1/2), sqrt 2); ln(1 + f) through atanh of f / (2 + f). */
export const log: Expansion = (s, [x]) => {
  const tiny = s.apply('less', x, 1.1754943508222875e-38);
  const scaled = s.apply('select', tiny, s.apply('mul', x, 8388608), x); // lifts subnormals
  const bits = s.apply('floatToBits', scaled);
  const exponent = s.apply('shiftRight', s.apply('sub', bits, 0x3f3504f3), s.number(23, 'i32'));
  const mantissa = s.apply(
    'bitsToFloat',
    s.apply('sub', bits, s.apply('shiftLeft', exponent, s.number(23, 'i32'))),
  );
  const e = s.apply('sub', s.apply('toFloat', exponent), s.apply('select', tiny, 23, 0));
  const f = s.apply('sub', mantissa, 1);
  const t = s.apply('div', f, s.apply('add', f, 2));
  const z = s.apply('mul', t, t);
  const tail = s.apply(
    'mul',
    z,
    horner(s, z, [0.666666656454, 0.400003351943, 0.285373083632, 0.235821542434]),
  );
  const square = s.apply('mul', s.apply('mul', f, f), 0.5);
  const inner = s.apply(
    'add',
    s.apply('mul', t, s.apply('add', square, tail)),
    s.apply('mul', e, -2.1219444e-4),
  );
  const finite = s.apply(
    'add',
    s.apply('sub', f, s.apply('sub', square, inner)),
    s.apply('mul', e, 0.693359375),
  );
  const positive = s.apply('select', s.apply('equal', x, Number.POSITIVE_INFINITY), x, finite);
  const zero = s.apply('select', s.apply('equal', x, 0), Number.NEGATIVE_INFINITY, positive);
  return s.apply('select', s.apply('lessEqual', 0, x), zero, Number.NaN);
};

/** An odd polynomial near 0, where 1 - 2/(e^2x + 1) would cancel. */
export const tanh: Expansion = (s, [x]) => {
  const size = s.apply('abs', x);
  const z = s.apply('mul', x, x);
  const p = horner(s, z, [-0.333332839236, 0.133314912485, -0.053743495261, 0.020650579003, -0.00571703656]);
  const small = s.apply('add', x, s.apply('mul', x, s.apply('mul', z, p)));
  const e = s.apply('exp', s.apply('add', size, size));
  const large = s.apply('sub', 1, s.apply('div', 2, s.apply('add', e, 1)));
  const signed = s.apply('select', s.apply('less', x, 0), s.apply('neg', large), large);
  return s.apply('select', s.apply('less', size, 0.625), small, signed);
};

/** 1 / (1 + e^-x), below 0 as e^x / (1 + e^x): no exponential overflows, so that tiny results keep their digits. */
export const sigmoid: Expansion = (s, [x]) => {
  const u = s.apply('exp', s.apply('neg', s.apply('abs', x)));
  return s.apply('div', s.apply('select', s.apply('less', x, 0), u, 1), s.apply('add', 1, u));
};

/** ln(1 + e^x) = max(x, 0) + ln(1 + u), u = e^-|x|; the quotient repairs the rounding of 1 + u (Kahan). */
export const softplus: Expansion = (s, [x]) => {
  const u = s.apply('exp', s.apply('neg', s.apply('abs', x)));
  const w = s.apply('add', 1, u);
  const corrected = s.apply('div', s.apply('mul', s.apply('log', w), u), s.apply('sub', w, 1));
  const log1p = s.apply('select', s.apply('equal', w, 1), u, corrected);
  return s.apply('add', s.apply('max', x, 0), log1p);
};
