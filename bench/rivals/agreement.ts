/** Whether contenders do the same work: their losses on the same data, from the same weights, after the same steps. */

import type { Kind } from './contenders.ts';
import { medianOf } from './numbers.ts';

/** Where losses differ by more than float32 and the order of sums explain, which is a tenth of this. */
const [ofFirst, ofDecrease] = [1e-4, 1e-3];

export interface Witness {
  readonly who: string;
  readonly kind: Kind;
  /** At the first step, and at a later one. */
  readonly losses: readonly number[];
}

/**
 * Why a contender does other work than chainrule, or where that does not take part, than most. It is not the later loss that is
 * compared but how far the steps have lowered it: a loss that stays where it was agrees with everything.
 */
export function disagreement({ losses }: Witness, all: readonly Witness[]): string | undefined {
  const [first, later] = pairOf(losses);
  const [ownFirst, ownLater] = expected(all);
  const agrees = within(ofFirst, first, ownFirst) && within(ofDecrease, first - later, ownFirst - ownLater);
  if (agrees) return undefined;
  const words = (a: number, b: number): string => `${a.toPrecision(7)} and later ${b.toPrecision(7)}`;
  return `it does other work: its loss is at first ${words(first, later)}, and should be ${words(ownFirst, ownLater)}`;
}

function expected(all: readonly Witness[]): readonly [number, number] {
  const own = all.find(({ kind }) => kind === 'ours');
  if (own !== undefined) return pairOf(own.losses);
  const pairs = all.map(({ losses }) => pairOf(losses)).filter((pair) => pair.every(Number.isFinite));
  return [medianOf(pairs.map(([first]) => first)), medianOf(pairs.map(([, later]) => later))];
}

const pairOf = ([first = Number.NaN, later = Number.NaN]: readonly number[]): readonly [number, number] => [
  first,
  later,
];

/** NaN is within nothing. */
const within = (tolerance: number, x: number, y: number): boolean =>
  Math.abs(x - y) <= tolerance * Math.abs(y);
