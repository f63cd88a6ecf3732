/**
 * exp, log, tanh and their kin spelled out in the core vocabulary, so that every target computes the same bits.
 *
 * float32: range reduction and a minimax polynomial (coefficients fitted for this project by reweighted
 * least squares on Chebyshev nodes). float64 is the reference precision: there exp, log and tanh are the
 * host's own, and only the functions built on them are expanded.
 */

import type { DerivedFunction, Scalar, ScalarBuilder } from './scalar.ts';
import type { Float } from './types.ts';

type Expansion = (s: ScalarBuilder, args: readonly [Scalar, ...Scalar[]]) => Scalar;

/** c0 + x(c1 + x(c2 + …)). */
function horner(s: ScalarBuilder, x: Scalar, coefficients: readonly number[]): Scalar {
  return coefficients.reduceRight<Scalar | number>(
    (rest, c) => (rest === 0 ? s.number(c, x.dtype) : s.apply('add', s.apply('mul', rest, x), c)),
    0,
  ) as Scalar;
}

/** 2^k for an integer-valued k from -126 to 127. */
const powerOfTwo = (s: ScalarBuilder, k: Scalar): Scalar =>
  s.apply('bitsToFloat', s.apply('shiftLeft', s.apply('add', s.apply('toInt', k), 127), s.number(23, 'i32')));

/** e^x = 2^k e^r with k = round(x / ln 2) and |r| <= ln(2)/2; 2^k in two factors reaches subnormals and infinity. */
const exp: Expansion = (s, [x]) => {
  const clamped = s.apply('min', s.apply('max', x, -104), 89);
  const k = s.apply('floor', s.apply('add', s.apply('mul', clamped, Math.LOG2E), 0.5));
  // ln 2 in two parts: k times the first is exact.
  const high = s.apply('sub', clamped, s.apply('mul', k, 0.693359375));
  const r = s.apply('sub', high, s.apply('mul', k, -2.1219444e-4));
  const q = horner(s, r, [0.500000009512, 0.166665188967, 0.041666206014, 0.008368882434, 0.001395047682]);
  const power = s.apply('add', s.apply('add', s.apply('mul', s.apply('mul', r, r), q), r), 1);
  const half = s.apply('floor', s.apply('mul', k, 0.5));
  return s.apply('mul', s.apply('mul', power, powerOfTwo(s, half)), powerOfTwo(s, s.apply('sub', k, half)));
};

/** ln x = e ln 2 + ln(1 + f) with 1 + f in [sqrt(1/2), sqrt 2); ln(1 + f) through atanh of f / (2 + f). */
const log: Expansion = (s, [x]) => {
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
const tanh: Expansion = (s, [x]) => {
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
const sigmoid: Expansion = (s, [x]) => {
  const u = s.apply('exp', s.apply('neg', s.apply('abs', x)));
  return s.apply('div', s.apply('select', s.apply('less', x, 0), u, 1), s.apply('add', 1, u));
};

/** ln(1 + e^x) = max(x, 0) + ln(1 + u), u = e^-|x|; the quotient repairs the rounding of 1 + u (Kahan). */
const softplus: Expansion = (s, [x]) => {
  const u = s.apply('exp', s.apply('neg', s.apply('abs', x)));
  const w = s.apply('add', 1, u);
  const corrected = s.apply('div', s.apply('mul', s.apply('log', w), u), s.apply('sub', w, 1));
  const log1p = s.apply('select', s.apply('equal', w, 1), u, corrected);
  return s.apply('add', s.apply('max', x, 0), log1p);
};

/**
 * A uniform number in [0, 1) from (seed, stream, counter, index): the first word of Threefry-2x32 with 20 rounds
 * (Salmon et al., Parallel random numbers: as easy as 1, 2, 3, 2011), its top 24 bits times 2^-24.
 */
const uniform: Expansion = (s, args) => {
  const [k0, k1, c0, c1] = args;
  if (!k1 || !c0 || !c1) throw new Error('uniform takes seed, stream, counter and index');
  const k2 = s.apply('xor', s.apply('xor', k0, k1), s.number(0x1bd11bda, 'i32'));
  const keys: readonly Scalar[] = [k0, k1, k2];
  const rotations = [13, 15, 26, 6, 17, 29, 16, 24];
  const key = (i: number): Scalar => keys[i % 3] ?? k0;
  let x = s.apply('add', c0, k0);
  let y = s.apply('add', c1, k1);
  for (let round = 0; round < 20; round++) {
    const by = rotations[round % 8] ?? 0;
    x = s.apply('add', x, y);
    const rotated = s.apply('xor', s.apply('shiftLeft', y, by), s.apply('shiftRightUnsigned', y, 32 - by));
    y = s.apply('xor', rotated, x);
    if (round % 4 === 3) {
      const injection = (round + 1) / 4;
      x = s.apply('add', x, key(injection));
      y = s.apply('add', s.apply('add', y, key(injection + 1)), injection);
    }
  }
  return s.apply('mul', s.apply('toFloat', s.apply('shiftRightUnsigned', x, 8)), 2 ** -24);
};

const expansions: { readonly [F in DerivedFunction]: Expansion } = {
  exp,
  log,
  tanh,
  sigmoid,
  softplus,
  uniform,
};

/** What the host's own Math provides; correct to its last bits but not the same on every engine. */
const hostFunctions: ReadonlySet<string> = new Set(['exp', 'log', 'tanh']);

export const derivedArguments: { readonly [F in DerivedFunction]: readonly string[] } = {
  exp: ['x'],
  log: ['x'],
  tanh: ['x'],
  sigmoid: ['x'],
  softplus: ['x'],
  uniform: ['seed', 'stream', 'counter', 'index'],
};

export const isDerived = (fn: string): fn is DerivedFunction => Object.hasOwn(expansions, fn);

/** True when `fn` at this precision is the host's Math function instead of an expansion. */
export const isHostFunction = (fn: string, float: Float): boolean => float === 'f64' && hostFunctions.has(fn);

/** The body of a derived function over its arguments, or undefined for core and host functions. */
export function expansionOf(
  fn: string,
  s: ScalarBuilder,
  args: readonly Scalar[],
  float: Float,
): Scalar | undefined {
  const [first, ...rest] = args;
  if (!isDerived(fn) || isHostFunction(fn, float) || first === undefined) return undefined;
  return expansions[fn](s, [first, ...rest]);
}
