/** Checks of hyperparameters: diagnostics `model/hyperparameter` at the line that gave them. */

import { errors } from '../../ir/errors.ts';
import { located } from '../dsl/recording.ts';
import { callerSite } from '../dsl/site.ts';
import type { Hyperparameter } from './optimizer.ts';

type Check = (what: string, x: unknown) => void;

const numberThat =
  (expected: string, fits: (x: number) => boolean): Check =>
  (what, x) => {
    if (typeof x === 'number' && fits(x)) return;
    throw errors.hyperparameter(what, expected, x);
  };

export const checkFinite = numberThat('a finite number', Number.isFinite);
export const checkNotNegative = numberThat('a finite number from 0', (x) => Number.isFinite(x) && x >= 0);
export const checkPositive = numberThat('a finite number above 0', (x) => Number.isFinite(x) && x > 0);
/** Of an exponentially weighted average. */
export const checkDecay = numberThat('a number from 0 to below 1', (x) => x >= 0 && x < 1);
export const checkCount = numberThat('a whole number from 1', (x) => Number.isInteger(x) && x >= 1);
/** The number of a step, counted from 0. */
export const checkStep = numberThat('a whole number from 0', (x) => Number.isInteger(x) && x >= 0);
/** What a learning rate is multiplied by. */
export const checkFactor = numberThat('a number above 0 and at most 1', (x) => x > 0 && x <= 1);

/** A schedule passes: what it gives is an expression, not a number. */
export const unlessScheduled =
  (check: Check) =>
  (what: string, x: Hyperparameter): void => {
    if (typeof x !== 'function') check(what, x);
  };

export const checkRate = (what: string, x: Hyperparameter): void => {
  if (typeof x === 'function' || (typeof x === 'number' && Number.isFinite(x) && x >= 0)) return;
  throw errors.hyperparameter(what, 'a finite number from 0, or a schedule', x);
};

/** Throws unless `min` is at most `max`, both finite and not negative. */
export function checkBounds(min: number, max: number): void {
  // First max: min may be a part of it that nobody gave.
  checkNotNegative('max', max);
  checkNotNegative('min', min);
  if (min > max) throw errors.hyperparameter('min', `at most max (${max})`, min);
}

/** Runs `checks`; what they throw carries the line of the user's model that is being run. */
export function atDeclaration<T>(checks: () => T): T {
  try {
    return checks();
  } catch (thrown) {
    throw located(thrown, callerSite());
  }
}
