/** exp, log and their kin spelled out in core arithmetic are right to a few units in the last place. */

import './seed.ts';
import { describe, expect, test } from 'vitest';
import type { DerivedFunction } from '../../ir/scalar.ts';
import { applyScalar } from '../../ir/scalar-evaluate.ts';
import { erf, erfInFixedPoint, fromFixedPoint, toFixedPoint } from '../../src/oracle/error-function.ts';
import { uniform01 } from '../../src/runtime/index.ts';
import { type Random, randomFrom, specialValues } from '../arbitraries/draw.ts';
import { seed } from './seed.ts';

const view = new DataView(new ArrayBuffer(8));

const bitsOf32 = (x: number): number => {
  view.setFloat32(0, x);
  return view.getUint32(0);
};

const fromBits32 = (bits: number): number => {
  view.setUint32(0, bits);
  return view.getFloat32(0);
};

/** The distance between the float32 at x and the next one away from 0, subnormals included. */
function ulpAt(x: number): number {
  const size = Math.min(Math.abs(Math.fround(x)), 3.4028234663852886e38);
  return fromBits32(bitsOf32(size)) === size && size < 2 ** -126
    ? 2 ** -149
    : 2 ** (Math.floor(Math.log2(size)) - 23);
}

/** How far `found` is from the true `expected`, in units of the last place of the float32 nearest to it. */
function errorInUlp(found: number, expected: number): number {
  if (Number.isNaN(expected) || Number.isNaN(found)) return Object.is(found, expected) ? 0 : Infinity;
  const nearest = Math.fround(expected);
  if (Object.is(found, nearest) || found === nearest) return 0;
  if (!Number.isFinite(nearest)) return found >= 3.4028234e38 ? 1 : Infinity;
  return Math.abs(found - expected) / ulpAt(expected);
}

const truth: Readonly<Record<string, (x: number) => number>> = {
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  sin: Math.sin,
  cos: Math.cos,
  tanh: Math.tanh,
  erf,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
};

/** All magnitudes alike: a random bit pattern; or near where the function lives: a number within `reach`. */
const sample = (random: Random, reach: number): number =>
  random() < 0.5 ? fromBits32(Math.floor(random() * 2 ** 32)) : Math.fround((random() - 0.5) * 2 * reach);

const samples = 100_000;
const subnormals = [1, 2, 3, 1_000, 0x7fffff, 0x800000].flatMap((bits) => [
  fromBits32(bits),
  -fromBits32(bits),
]);
const edges = [
  ...[-104, -103.98, -103.97, -88, -87.34, 88.72, 88.73, 89, 16, 0.625, 0.6249999, 1e-8, 9.02, 17],
  ...[-20, -17.4, -0.5, 0.5, 0.49999997, 0.35, 17.00441, 1, 0.99999994, 1.0087506, 3.92, 3.9192059, 4, 6],
];
/** The float32 next to multiples of pi/4: where sine and cosine are nearly 0, and where they change arcs. */
const turns = Array.from({ length: 20_000 }, (_, k) => ((k - 10_000) * Math.PI) / 4);

/** Within how many units, where to look most, and how far the promise goes. */
const bounds: readonly (readonly [DerivedFunction, number, number, number])[] = [
  ['exp', 2, 100, Infinity],
  ['expm1', 2, 100, Infinity],
  ['log', 2, 100, Infinity],
  ['sin', 2, 8192, 8192],
  ['cos', 2, 8192, 8192],
  ['tanh', 4, 100, Infinity],
  ['erf', 2, 5, Infinity],
  ['sigmoid', 4, 100, Infinity],
  ['softplus', 4, 100, Infinity],
];

describe('in float32', () => {
  test.each(bounds)('%s is within %i units in the last place', (fn, bound, reach, end) => {
    const random = randomFrom(seed);
    const inputs = Array.from({ length: samples }, () => sample(random, reach));
    let worst = { error: 0, x: 0, found: 0 };
    for (const x of [...specialValues, ...subnormals, ...edges, ...turns, ...inputs].map(Math.fround)) {
      if (Math.abs(x) > end && Math.abs(x) < Infinity) continue;
      const found = applyScalar(fn, [x], 'f32', 'f32');
      if (!Object.is(Math.fround(found), found)) expect.fail(`${fn}(${x}) = ${found} is no float32`);
      const error = errorInUlp(found, truth[fn]?.(x) ?? Number.NaN);
      if (error > worst.error) worst = { error, x, found };
    }
    console.log(`${fn}: ${worst.error.toFixed(3)} ULP at ${worst.x}`);
    expect(worst.error, `worst at ${worst.x}: ${worst.found}`).toBeLessThanOrEqual(bound);
  });

  test.each<[DerivedFunction, number, number]>([
    ['exp', 0, 1],
    ['exp', Number.NEGATIVE_INFINITY, 0],
    ['exp', Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    ['exp', Number.NaN, Number.NaN],
    ['expm1', 0, 0],
    ['expm1', -0, -0],
    ['expm1', -1e4, -1],
    ['expm1', Number.NEGATIVE_INFINITY, -1],
    ['expm1', Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    ['expm1', Number.NaN, Number.NaN],
    ['sin', 0, 0],
    ['sin', -0, -0],
    ['sin', Number.POSITIVE_INFINITY, Number.NaN],
    ['sin', Number.NEGATIVE_INFINITY, Number.NaN],
    ['sin', Number.NaN, Number.NaN],
    ['cos', 0, 1],
    ['cos', -0, 1],
    ['cos', Number.POSITIVE_INFINITY, Number.NaN],
    ['cos', Number.NEGATIVE_INFINITY, Number.NaN],
    ['cos', Number.NaN, Number.NaN],
    ['erf', 0, 0],
    ['erf', -0, -0],
    ['erf', 6.1, 1],
    ['erf', -1e4, -1],
    ['erf', 3.4e38, 1],
    ['erf', Number.POSITIVE_INFINITY, 1],
    ['erf', Number.NEGATIVE_INFINITY, -1],
    ['erf', Number.NaN, Number.NaN],
    ['log', 1, 0],
    ['log', 0, Number.NEGATIVE_INFINITY],
    ['log', -0, Number.NEGATIVE_INFINITY],
    ['log', -1, Number.NaN],
    ['log', Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    ['log', Number.NaN, Number.NaN],
    ['tanh', 0, 0],
    ['tanh', Number.POSITIVE_INFINITY, 1],
    ['tanh', Number.NEGATIVE_INFINITY, -1],
    ['tanh', Number.NaN, Number.NaN],
    ['sigmoid', 1e4, 1],
    ['sigmoid', -1e4, 0],
    ['sigmoid', 0, 0.5],
    ['sigmoid', Number.NaN, Number.NaN],
    ['softplus', 1e4, 1e4],
    ['softplus', -1e4, 0],
    ['softplus', Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    ['softplus', Number.NEGATIVE_INFINITY, 0],
    ['softplus', Number.NaN, Number.NaN],
  ])('%s(%d) is exactly %d', (fn, x, expected) => {
    expect(applyScalar(fn, [x], 'f32', 'f32')).toBe(expected);
    expect(applyScalar(fn, [x], 'f64', 'f64')).toBe(expected);
  });
});

describe('sine and cosine beyond 8192', () => {
  const random = randomFrom(seed);
  test.each(['sin', 'cos'] as const)('%s is nearly right at first, and never leaves [-1, 1]', (fn) => {
    for (let i = 0; i < 20_000; i++) {
      const x = Math.fround(random() < 0.5 ? 2 ** (13 + 3 * random()) : 2 ** (16 + 112 * random()));
      const found = applyScalar(fn, [-x], 'f32', 'f32');
      const off = x <= 2 ** 16 ? Math.abs(found - Math[fn](-x)) : 0;
      if (!(Math.abs(found) <= 1 && off <= 1e-6)) expect.fail(`${fn}(${-x}) = ${found}`);
    }
  });
});

/** The distance from x > 0 to the next float64 below. */
function ulpBelow(x: number): number {
  view.setFloat64(0, x);
  view.setBigUint64(0, view.getBigUint64(0) - 1n);
  return x - view.getFloat64(0);
}

describe('the error function', () => {
  test.each(['f32', 'f64'] as const)('is odd in %s', (float) => {
    const random = randomFrom(seed);
    for (let i = 0; i < 10_000; i++) {
      const x = sample(random, 6);
      expect(applyScalar('erf', [-x], float, float)).toBe(-applyScalar('erf', [x], float, float));
    }
  });

  test('is within 4 units in the last place in f64, where no host has one', () => {
    const random = randomFrom(seed);
    const drawn = Array.from({ length: 12_000 }, (_, i) =>
      i % 3 === 0 ? 2 ** (-60 * random()) : i % 3 === 1 ? 6 * random() : 0.9 + 0.2 * random(),
    );
    let worst = { error: 0, x: 0 };
    for (const x of [1, 1 - 2 ** -53, 1 + 2 ** -52, 5.9, 6, ...drawn]) {
      const exact = erfInFixedPoint(x);
      const off = fromFixedPoint(toFixedPoint(applyScalar('erf', [x], 'f64', 'f64')) - exact);
      const error = Math.abs(off) / ulpBelow(fromFixedPoint(exact));
      if (error > worst.error) worst = { error, x };
    }
    console.log(`erf in f64: ${worst.error.toFixed(3)} ULP at ${worst.x}`);
    expect(worst.error, `worst at ${worst.x}`).toBeLessThanOrEqual(4);
  });
});

test('uniform numbers are those of the runtime, bit for bit', () => {
  const random = randomFrom(seed);
  const word = (): number => Math.floor(random() * 2 ** 32) | 0;
  for (let i = 0; i < 20_000; i++) {
    const [a, b, c, d] = [word(), word(), word(), word()];
    const found = applyScalar('uniform', [a, b, c, d], 'f32', 'f32');
    expect(found).toBe(uniform01(a, b, c, d));
  }
});
