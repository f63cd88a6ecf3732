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
const smoothedPart = 1 / 20;

/** How many neighbours on each side count in the average of a sweep. */
export const reachOf = (steps: number): number => Math.max(2, Math.round(steps * smoothedPart));

/**
 * Follows a sweep and says when it is to end: the loss is not finite, or its average is four times its best. A rise that
 * is small beside the fall before it does not count, or the noise around a loss of almost 0 would end the sweep.
 */
export function createBrake(steps: number): (loss: number) => boolean {
  const average = createAverage(betaOver(steps * smoothedPart));
  const warmUp = Math.max(5, reachOf(steps));
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

/**
 * Proposes the turn's 0.8 as the upper bound and a tenth of that as the lower one, as the 1cycle schedule uses them.
 * `steps` are those that were planned; `braked` says that the sweep ended before because the loss rose.
 */
export function findBounds(readings: readonly Reading[], steps: number, braked: boolean): RateBounds {
  const finite = readings.filter(({ loss }) => Number.isFinite(loss));
  const losses = finite.map(({ loss }) => loss);
  const reach = reachOf(steps);
  const averages = centredAverage(clipped(losses, reach), reach);
  const smoothed = finite.map(({ rate }, i) => ({ rate, loss: averages[i] ?? Number.NaN }));
  const start = averages[0] ?? Number.NaN;
  const end = averages.at(-1) ?? Number.NaN;
  const best = Math.min(...averages);
  const fall = start - best;
  const noise = 3 * noiseOf(losses, reach);
  const fell = fall > Math.max(noise, 0.01 * Math.abs(start));
  const rose = braked || end - best > Math.max(noise, 0.1 * fall, 0.01 * Math.abs(best));
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
function clipped(losses: readonly number[], reach: number): readonly number[] {
  const least = Math.min(...losses);
  const first = Math.max(...losses.slice(0, reach));
  const most = Math.max(first, least + 3 * Math.abs(least));
  return losses.map((loss) => Math.min(loss, most));
}

/** The standard deviation that the averages have from jumps between single batches, whatever the trend. */
function noiseOf(losses: readonly number[], reach: number): number {
  const bends = losses.slice(2).map((loss, i) => loss - 2 * (losses[i + 1] ?? 0) + (losses[i] ?? 0));
  // The median: the explosion at the end bends as well, but only there.
  const sizes = bends.map(Math.abs).sort((a, b) => a - b);
  const median = sizes[Math.floor(sizes.length / 2)] ?? 0;
  // The median of |normal| is 0.6745 of its deviation, and a second difference varies by the root of 1 + 4 + 1 more.
  const deviation = median / 0.6745 / Math.sqrt(6);
  // The squares of the window's weights, relative to that of their sum.
  return deviation * Math.sqrt(2 / (3 * (reach + 1)));
}

const twoDigits = (value: number): number => Number(value.toPrecision(2));
