/** Numbers for tests: a small seeded generator, special values, and draws from the domain an op asks for. */

import type { Domain } from '../../ir/op.ts';
import { round } from '../../ir/scalar-evaluate.ts';
import type { DType } from '../../ir/types.ts';

/** A number in [0, 1). */
export type Random = () => number;

/** Mulberry32: enough for test data, and the same everywhere. */
export function randomFrom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const pick = <T>(items: readonly [T, ...T[]], random: Random): T =>
  items[Math.floor(random() * items.length)] ?? items[0];

/** Values at which arithmetic goes wrong first. */
export const specialValues = [
  0,
  -0,
  1,
  -1,
  0.5,
  2,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  2 ** -149,
  -(2 ** -149),
  2 ** -126,
  3.4028234663852886e38,
  -3.4028234663852886e38,
  1e4,
  -1e4,
] as const;

const specialIntegers = [
  0,
  1,
  -1,
  2,
  127,
  -128,
  65_537,
  -46_341,
  2 ** 31 - 1,
  -(2 ** 31),
  2_000_000_011,
  -1_234_567_891,
] as const;

/**
 * `smooth`: away from kinks and poles, where differences converge; `ties`: small whole numbers, often equal;
 * `any`: everything a float can hold.
 */
export type Style = 'smooth' | 'ties' | 'any';

export function drawNumber(domain: Domain, dtype: DType, style: Style, random: Random): number {
  if (dtype === 'bool') return random() < 0.5 ? 0 : 1;
  if (domain === 'index') return Math.floor(random() * 7);
  if (dtype === 'i32')
    return style === 'any' && random() < 0.4 ? pick(specialIntegers, random) : Math.floor(random() * 9) - 4;
  if (style === 'any') {
    const wide = random() < 0.5 ? (random() - 0.5) * 8 : (random() - 0.5) * 200;
    return round(random() < 0.4 ? pick(specialValues, random) : wide, dtype);
  }
  if (style === 'ties') {
    if (domain === 'nonzero') return pick([-2, -1, 1, 2], random);
    return Math.floor(random() * 5) - (domain === 'positive' ? -1 : 2);
  }
  const size = 0.2 + 2.3 * random();
  const negative = domain !== 'positive' && random() < 0.5;
  const signed = negative ? -size : size;
  return round(domain === 'real' ? (random() - 0.5) * 5 : signed, dtype);
}

export const drawNumbers = (
  size: number,
  domain: Domain,
  dtype: DType,
  style: Style,
  random: Random,
): number[] => Array.from({ length: size }, () => drawNumber(domain, dtype, style, random));
