/** Rates that fall by a factor: at steps, or when a metric passes a threshold or stalls. */

import { errors } from '../../../ir/errors.ts';
import {
  atDeclaration,
  checkCount,
  checkFactor,
  checkFinite,
  checkNotNegative,
  checkStep,
} from '../checks.ts';
import type { Schedule } from '../optimizer.ts';

interface Halved {
  /** The rate at the start. */
  readonly initial: number;
  /** What it is multiplied by each time; 0.5 unless given. */
  readonly factor?: number;
}

function checkHalved({ initial, factor = 0.5 }: Halved): void {
  checkNotNegative('initial', initial);
  checkFactor('factor', factor);
}

/** Steps at which the rate falls: `every` so many, or `at` those named. */
export type HalvingOptions = Halved &
  /** After every so many steps, or before each of these steps (counted from 0). */
  (
    | { readonly every: number; readonly at?: never }
    | { readonly at: readonly number[]; readonly every?: never }
  );

/** initial * factor^floor(t / every), or once for each step of `at` that has been reached. */
export function halving({ initial, factor = 0.5, every, at }: HalvingOptions): Schedule {
  atDeclaration(() => {
    checkHalved({ initial, factor });
    if ((every === undefined) === (at === undefined))
      throw errors.hyperparameter('every', 'given, or at, but not both', every);
    if (every !== undefined) checkCount('every', every);
    for (const step of at ?? []) checkStep('a step of at', step);
  });
  if (every !== undefined) return (t) => t.div(every).floor().mul(Math.log(factor)).exp().mul(initial);
  return (t, { constant }) =>
    (at ?? []).reduce((rate, step) => rate.mul(t.less(step).select(1, factor)), constant(initial));
}

/** Thresholds of a metric, of which the rate falls at each. */
export interface HalvingOnMetricOptions extends Halved {
  /** `loss` or a metric of the model; `loss` unless given. */
  readonly metric?: string;
  /** Thresholds: the rate falls once for each that the metric has been above (or below), for good. */
  readonly above?: readonly number[];
  readonly below?: readonly number[];
}

/** The rate falls in the very step whose batch passes a threshold. State: the best value of the metric so far. */
export function halvingOnMetric(options: HalvingOnMetricOptions): Schedule {
  const { initial, factor = 0.5, metric = 'loss', above, below } = options;
  const thresholds = above ?? below ?? [];
  atDeclaration(() => {
    checkHalved(options);
    if ((above === undefined) === (below === undefined))
      throw errors.hyperparameter('above', 'given, or below, but not both', above);
    for (const threshold of thresholds) checkFinite('a threshold', threshold);
  });
  return (_t, context) => {
    const best = context.state('best', above ? -largest : largest);
    const now = context.metric(metric);
    // Chosen by comparison: a metric that is NaN in some step would be the maximum for ever.
    const better = above ? now.greater(best.value) : now.less(best.value);
    const next = better.select(now, best.value);
    best.set(next);
    return thresholds.reduce((rate, threshold) => {
      const passed = above ? next.greater(threshold) : next.less(threshold);
      return rate.mul(passed.select(factor, 1));
    }, context.constant(initial));
  };
}

/** How long a metric may stall before the rate falls. */
export interface HalvingOnPlateauOptions extends Halved {
  /** `loss` or a metric of the model; `loss` unless given. */
  readonly metric?: string;
  /** Whether the metric is to fall or to rise; `min` unless given. */
  readonly mode?: 'min' | 'max';
  /** Steps without an improvement until the rate falls. */
  readonly patience: number;
  /** What counts as an improvement: more than this; 0 unless given. */
  readonly minDelta?: number;
  /** The rate falls no further; 0 unless given. */
  readonly min?: number;
}

/**
 * The rate falls when the metric has not improved for `patience` steps, and the count starts anew. State: the best value
 * so far, the steps since, and the rate.
 */
export function halvingOnPlateau(options: HalvingOnPlateauOptions): Schedule {
  const { initial, factor = 0.5, metric = 'loss', mode = 'min', patience, minDelta = 0, min = 0 } = options;
  atDeclaration(() => {
    checkHalved(options);
    checkCount('patience', patience);
    checkNotNegative('minDelta', minDelta);
    checkNotNegative('min', min);
    if (min > initial) throw errors.hyperparameter('min', `at most initial (${initial})`, min);
    if (mode !== 'min' && mode !== 'max') throw errors.option('mode', "'min' or 'max'", mode);
  });
  return (_t, context) => {
    const best = context.state('best', mode === 'min' ? largest : -largest);
    const waited = context.state('waited', 0);
    const rate = context.state('rate', initial);
    const now = context.metric(metric);
    const improved = mode === 'min' ? now.less(best.value.sub(minDelta)) : best.value.add(minDelta).less(now);
    best.set(improved.select(now, best.value));
    const since = improved.select(0, waited.value.add(1));
    const stalled = since.less(patience).select(0, 1).named('stalled');
    waited.set(since.mul(stalled.neg().add(1)));
    const next = stalled.greater(0).select(rate.value.mul(factor).maximum(min), rate.value);
    rate.set(next);
    return next;
  };
}

/** No metric is beyond it, in f32 either. */
const largest = 3.4e38;
