/** How the numbers of a program differ from others, where they may differ by rounding. */

import type { Numbers } from '../../src/testing/numbers.ts';

export { evaluated as numbersOf, type Leaf } from '../../src/testing/numbers.ts';

/** What rewriting in f64 may change: this much of the largest number of a result, or of 1. */
export const rewritingTolerance = 1e-11;

/** The first number that is not near enough, as text. What overflows on either side is not compared. */
export function firstFarNumber(found: Numbers, wanted: Numbers): string | undefined {
  for (const [key, numbers] of wanted) {
    const other = found.get(key) ?? [];
    if (other.length !== numbers.length)
      return `${key} has ${other.length} numbers instead of ${numbers.length}`;
    const scale = Math.max(1, ...numbers.map(Math.abs));
    const at = numbers.findIndex((x, i) => !(Math.abs((other[i] ?? 0) - x) <= rewritingTolerance * scale));
    if (at >= 0) return `${key}[${at}] is ${other[at]} instead of ${numbers[at]}`;
  }
  return undefined;
}

export const allFinite = (numbers: Numbers): boolean =>
  [...numbers.values()].every((list) => list.every(Number.isFinite));
