/** Schedules by their formulas, as functions of the step t from 0, and metric-driven ones as simulations. */

export type Formula = (t: number) => number;

export const halved =
  (initial: number, factor: number, every: number): Formula =>
  (t) =>
    initial * factor ** Math.floor(t / every);

export const halvedAt =
  (initial: number, factor: number, at: readonly number[]): Formula =>
  (t) =>
    initial * factor ** at.filter((step) => t >= step).length;

export const decayed =
  (initial: number, decay: number): Formula =>
  (t) =>
    initial * Math.exp(-decay * t);

/** cycle = floor(1 + t / 2s), x = |t / s - 2 cycle + 1|. */
export const triangular =
  (min: number, max: number, stepSize: number): Formula =>
  (t) => {
    const cycle = Math.floor(1 + t / (2 * stepSize));
    const x = Math.abs(t / stepSize - 2 * cycle + 1);
    return min + (max - min) * Math.max(0, 1 - x);
  };

export const triangularMomentum = (min: number, max: number, stepSize: number): Formula => {
  const rate = triangular(min, max, stepSize);
  return (t) => max - (rate(t) - min);
};

/** Up in a = floor(0.45 S) steps, down in as many, then to min / 100 at t = S - 1, and no further. */
export const onceAround =
  (steps: number, max: number, min = max / 10): Formula =>
  (t) => {
    const a = Math.floor(0.45 * steps);
    if (t <= a) return min + ((max - min) * t) / a;
    if (t <= 2 * a) return max - ((max - min) * (t - a)) / a;
    const last = steps - 1;
    return t >= last ? min / 100 : min + ((min / 100 - min) * (t - 2 * a)) / (last - 2 * a);
  };

export const onceAroundMomentum =
  (steps: number, min = 0.85, max = 0.95): Formula =>
  (t) => {
    const a = Math.floor(0.45 * steps);
    if (t <= a) return max + ((min - max) * t) / a;
    return t <= 2 * a ? min + ((max - min) * (t - a)) / a : max;
  };

export const annealed =
  (max: number, min: number, steps: number): Formula =>
  (t) =>
    t >= steps ? min : min + ((max - min) * (1 + Math.cos((Math.PI * t) / steps))) / 2;

/** (t + 1) / steps of the first value of `rate`, then `rate` from its step 0. */
export const warmedUp =
  (steps: number, rate: Formula): Formula =>
  (t) =>
    t < steps ? (rate(0) * (t + 1)) / steps : rate(t - steps);

export const pieces =
  (...parts: readonly (readonly [from: number, rate: Formula])[]): Formula =>
  (t) => {
    const [from, rate] = parts.filter(([start]) => t >= start).at(-1) ?? [0, () => Number.NaN];
    return rate(t - from);
  };

export const always =
  (x: number): Formula =>
  () =>
    x;

export const times =
  (...factors: readonly Formula[]): Formula =>
  (t) =>
    factors.reduce((all, factor) => all * factor(t), 1);

/** A schedule that follows a metric: the rate of each step from the metric of that step. */
export type Follower = (metric: number) => number;

interface Thresholds {
  readonly initial: number;
  readonly factor: number;
  readonly above?: readonly number[];
  readonly below?: readonly number[];
}

/** The factor once for each threshold that the metric has passed, in this step or before it. */
export function passing({ initial, factor, above = [], below = [] }: Thresholds): Follower {
  const passed = new Set<string>();
  return (metric) => {
    for (const threshold of above) if (metric > threshold) passed.add(`above ${threshold}`);
    for (const threshold of below) if (metric < threshold) passed.add(`below ${threshold}`);
    return initial * factor ** passed.size;
  };
}

interface Plateau {
  readonly initial: number;
  readonly factor: number;
  readonly mode: 'min' | 'max';
  readonly patience: number;
  readonly minDelta: number;
  readonly min: number;
}

/** The factor when the metric has not improved by more than minDelta for `patience` steps; the count starts anew. */
export function stalling({ initial, factor, mode, patience, minDelta, min }: Plateau): Follower {
  const sign = mode === 'min' ? 1 : -1;
  let best = Number.POSITIVE_INFINITY;
  let [waited, rate] = [0, initial];
  return (metric) => {
    if (sign * metric < best - minDelta) {
      best = sign * metric;
      waited = 0;
    } else waited++;
    if (waited === patience) {
      waited = 0;
      rate = Math.max(min, rate * factor);
    }
    return rate;
  };
}
