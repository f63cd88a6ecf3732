/** Schedules made of schedules. */

import { errors } from '../../../ir/errors.ts';
import type { Scalar } from '../../dsl/tensor.ts';
import { atDeclaration, checkCount, checkRate } from '../checks.ts';
import type { Hyperparameter, Schedule, ScheduleContext } from '../optimizer.ts';

interface Part {
  /** Its place among the parts: what it remembers is kept apart from what the others remember. */
  readonly part: number;
  /** The step of the whole that is its step 0; it remembers nothing of the steps before. */
  readonly from: number;
}

/** The value of one part of a schedule at step `t` of the whole. */
function at(rate: Hyperparameter, t: Scalar, context: ScheduleContext, { part, from }: Part): Scalar {
  if (typeof rate !== 'function') return context.constant(rate);
  if (from === 0)
    return rate(t, { ...context, state: (name, initial) => context.state(`${part}.${name}`, initial) });
  const state: ScheduleContext['state'] = (name, initial) => {
    const { value, set } = context.state(`${part}.${name}`, initial);
    return { value, set: (next) => set(t.less(from).select(value, next)) };
  };
  return rate(t.sub(from).maximum(0), { ...context, state });
}

/** How long the rate rises, and what it rises to. */
export interface WarmUpOptions {
  /** Steps until the full rate. */
  readonly steps: number;
  /** The rate from then on: a number, or a schedule whose step 0 is the end of the warm-up. */
  readonly rate: Hyperparameter;
}

/** (t + 1) / steps of the rate's first value while t < steps, then the rate. */
export function warmUp({ steps, rate }: WarmUpOptions): Schedule {
  atDeclaration(() => {
    checkCount('steps', steps);
    checkRate('rate', rate);
  });
  return (t, context) => {
    const full = at(rate, t, context, { part: 0, from: steps });
    return full.mul(t.add(1).div(steps).minimum(1));
  };
}

/** One rate of `piecewise`, and when it begins. */
export interface Piece {
  /** The first step of this piece, counted from 0. */
  readonly from: number;
  /** A number, or a schedule whose step 0 is `from`. */
  readonly rate: Hyperparameter;
}

/** One rate after the other; the first piece starts at 0, and the last one has no end. */
export function piecewise(...pieces: readonly Piece[]): Schedule {
  atDeclaration(() => {
    if (pieces.length === 0) throw errors.hyperparameter('pieces', 'at least one', 'none');
    pieces.forEach(({ from, rate }, i) => {
      const before = pieces[i - 1];
      const fits = before === undefined ? from === 0 : Number.isInteger(from) && from > before.from;
      if (!fits)
        throw errors.hyperparameter(
          'from',
          before ? `a whole number above ${before.from}` : '0 in the first piece',
          from,
        );
      checkRate('rate', rate);
    });
  });
  return (t, context) => {
    const [first, ...rest] = pieces;
    if (!first) throw errors.invalid('a piecewise schedule has no pieces');
    return rest.reduce(
      (rate, piece, i) =>
        t.less(piece.from).select(rate, at(piece.rate, t, context, { part: i + 1, from: piece.from })),
      at(first.rate, t, context, { part: 0, from: 0 }),
    );
  };
}

/** The product of schedules, such as a cycle that decays. */
export function product(...factors: readonly Hyperparameter[]): Schedule {
  atDeclaration(() => {
    if (factors.length === 0) throw errors.hyperparameter('factors', 'at least one', 'none');
    for (const factor of factors) checkRate('a factor', factor);
  });
  return (t, context) =>
    factors
      .map((factor, part) => at(factor, t, context, { part, from: 0 }))
      .reduce((total, factor) => total.mul(factor));
}
