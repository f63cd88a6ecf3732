/** exp, log and their kin spelled out in core arithmetic are right to a few units in the last place. */

import './seed.ts';
import { describe, expect, test } from 'vitest';
import type { DerivedFunction } from '../../ir/scalar.ts';
import { applyScalar } from '../../ir/scalar-evaluate.ts';
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
  log: Math.log,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
};

/** All magnitudes alike: a random bit pattern; or near where the function lives: a number within 100. */
const sample = (random: Random): number =>
  random() < 0.5 ? fromBits32(Math.floor(random() * 2 ** 32)) : Math.fround((random() - 0.5) * 200);

const samples = 100_000;
const subnormals = [1, 2, 3, 1_000, 0x7fffff, 0x800000].flatMap((bits) => [
  fromBits32(bits),
  -fromBits32(bits),
]);
const edges = [-104, -103.98, -103.97, -88, -87.34, 88.72, 88.73, 89, 16, 0.625, 0.6249999, 1e-8, 9.02, 17];

const bounds: readonly (readonly [DerivedFunction, number])[] = [
  ['exp', 2],
  ['log', 2],
  ['tanh', 4],
  ['sigmoid', 4],
  ['softplus', 4],
];

describe('in float32', () => {
  test.each(bounds)('%s is within %i units in the last place', (fn, bound) => {
    const random = randomFrom(seed);
    const inputs = Array.from({ length: samples }, () => sample(random));
    let worst = { error: 0, x: 0, found: 0 };
    for (const x of [...specialValues, ...subnormals, ...edges, ...inputs].map(Math.fround)) {
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

test('uniform numbers are those of the runtime, bit for bit', () => {
  const random = randomFrom(seed);
  const word = (): number => Math.floor(random() * 2 ** 32) | 0;
  for (let i = 0; i < 20_000; i++) {
    const [a, b, c, d] = [word(), word(), word(), word()];
    const found = applyScalar('uniform', [a, b, c, d], 'f32', 'f32');
    expect(found).toBe(uniform01(a, b, c, d));
  }
});
