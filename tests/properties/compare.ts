/** Comparing arrays of numbers: by every bit but those of a NaN, or up to rounding where both are finite. */

import { expect } from 'vitest';

/** Equal in every bit; all NaN are one. Minus zero is not zero. */
export function expectSameBits(found: ArrayLike<number>, expected: ArrayLike<number>, message: string): void {
  expect(found.length, message).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    if (!Object.is(found[i], expected[i])) {
      expect.fail(`${message}: element ${i} is ${show(found[i])} instead of ${show(expected[i])}`);
    }
  }
}

const show = (x: number | undefined): string => (Object.is(x, -0) ? '-0' : String(x));

/** Equal up to 1e-12, relative to the larger of 1 and the value; returns how many elements were finite. */
export function expectNear(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  message: string,
  tolerance = 1e-12,
): number {
  let compared = 0;
  expect(found.length, message).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [found[i] ?? Number.NaN, expected[i] ?? Number.NaN];
    if (!Number.isFinite(a) || !Number.isFinite(b)) continue;
    compared++;
    if (Math.abs(a - b) > tolerance * Math.max(1, Math.abs(b))) {
      expect.fail(`${message}: element ${i} is ${a} instead of ${b}`);
    }
  }
  return compared;
}
