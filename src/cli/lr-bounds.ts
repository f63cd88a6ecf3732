/** What a sweep of the learning rate says: whether the loss fell, where it turned up, and which bounds follow. */

import { betaOver, centredAverage, createAverage } from '../report/average.ts';

export interface Reading {
  readonly rate: number;
  /** Of the batch, before the update; NaN or infinite at the end of a sweep that diverged. */
  readonly loss: number;
}

export type Verdict =
  /** Fell and turned up: bounds can be proposed. */
  | 'turned'
  /** Fell and never turned up: higher rates are to be tried. */
  | 'falling'
  /** Rose without having fallen: lower rates are to be tried. */
  | 'rising'
  /** Neither fell nor rose: higher rates are to be tried. */
  | 'flat';

export interface RateBounds {
  readonly verdict: Verdict;
  /** The loss of the finite readings, averaged without a lag. */
  readonly smoothed: readonly { readonly rate: number; readonly loss: number }[];
  readonly start: number;
  readonly best: number;
  /** Where the smoothed loss turns up, and the bounds that follow. */
  readonly turn?: number;
  readonly max?: number;
  readonly min?: number;
}

/** The loss is averaged over about this part of the sweep. */
export const smoothedPart = 1 / 20;

/**
 * Follows a sweep and says when it is to end: the loss is not finite, or its average is four times its best. A rise that
 * is small beside the fall before it does not count, or the noise around a loss of almost 0 would end the sweep.
 */
export function createBrake(steps: number): (loss: number) => boolean {
  const average = createAverage(betaOver(steps * smoothedPart));
  const warmUp = Math.max(5, Math.round(steps * smoothedPart));
  let seen = 0;
  let start = Number.NaN;
  let best = Number.POSITIVE_INFINITY;
  return (loss) => {
    if (!Number.isFinite(loss)) return true;
    const smoothed = average(loss);
    // The first averages are of a few batches only, and a lucky one would be a best that cannot be held.
    if (++seen < warmUp) return false;
    if (Number.isNaN(start)) start = smoothed;
    best = Math.min(best, smoothed);
    return smoothed > best + Math.max(3 * Math.abs(best), 0.02 * (start - best));
  };
}

/** Proposes the turn's 0.8 as the upper bound and a tenth of that as the lower one, as the 1cycle schedule uses them. */
export function findBounds(readings: readonly Reading[], steps: number): RateBounds {
  const finite = readings.filter(({ loss }) => Number.isFinite(loss));
  const losses = finite.map(({ loss }) => loss);
  const beta = betaOver(steps * smoothedPart);
  const averages = centredAverage(clipped(losses), beta);
  const smoothed = finite.map(({ rate }, i) => ({ rate, loss: averages[i] ?? Number.NaN }));
  const start = averages[0] ?? Number.NaN;
  const end = averages.at(-1) ?? Number.NaN;
  const best = Math.min(...averages);
  const fall = start - best;
  const noise = 3 * noiseOf(losses, beta);
  const fell = fall > Math.max(noise, 0.01 * Math.abs(start));
  const diverged = finite.length < readings.length;
  const rose = diverged || end - best > Math.max(noise, 0.1 * fall, 0.01 * Math.abs(best));
  if (!fell || !rose) {
    const verdict = fell ? 'falling' : rose ? 'rising' : 'flat';
    return { verdict, smoothed, start, best };
  }
  const turn = smoothed[turnAt(averages, best + 0.02 * fall)]?.rate ?? Number.NaN;
  const max = twoDigits(0.8 * turn);
  return { verdict: 'turned', smoothed, start, best, turn, max, min: twoDigits(max / 10) };
}

/** The last of the values from the least one on that stay at or below `level`: the bottom may be flat. */
function turnAt(values: readonly number[], level: number): number {
  const least = values.indexOf(Math.min(...values));
  const above = values.findIndex((value, i) => i > least && value > level);
  return above < 0 ? values.length - 1 : above - 1;
}

/** What is above the beginning and four times the least is drawn down to it: one last loss of 1e9 would hide the turn. */
function clipped(losses: readonly number[]): readonly number[] {
  const least = Math.min(...losses);
  const first = Math.max(...losses.slice(0, Math.max(1, Math.ceil(losses.length * smoothedPart))));
  const most = Math.max(first, least + 3 * Math.abs(least));
  return losses.map((loss) => Math.min(loss, most));
}

/** The standard deviation of the averages of a loss that only jumps, from how the first half of it jumps. */
function noiseOf(losses: readonly number[], beta: number): number {
  const half = losses.slice(0, Math.max(2, Math.ceil(losses.length / 2)));
  const jumps = half.slice(1).map((loss, i) => loss - (half[i] ?? loss));
  // The median: a real fall or rise is made of jumps as well, but of few.
  const sizes = jumps.map(Math.abs).sort((a, b) => a - b);
  const median = sizes[Math.floor(sizes.length / 2)] ?? 0;
  // A difference of two values varies by a root of 2 more, and the median of |normal| is 0.67 of its deviation.
  const deviation = median / 0.6745 / Math.SQRT2;
  return deviation * Math.sqrt((1 - beta) / (1 + beta));
}

const twoDigits = (value: number): number => Number(value.toPrecision(2));
