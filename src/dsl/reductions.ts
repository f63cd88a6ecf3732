/** Reductions over one axis or all, as values. */

import type { Builder } from '../../ir/builder.ts';
import { errors } from '../../ir/errors.ts';
import { type Dim, keptAxes, showType } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';

/** Builds a reduction of `x` over `axes`. */
export type Reduction = (o: Builder, x: Value, axes: readonly number[]) => Value;

/** Over `axis`, which may count from the end, or over all; kept as an axis of size 1 on demand. */
export function reduceAlong(
  o: Builder,
  x: Value,
  axis: number | undefined,
  keep: boolean,
  build: Reduction,
): Value {
  const rank = x.shape.length;
  const positive = axis === undefined ? undefined : axis < 0 ? axis + rank : axis;
  if (positive !== undefined && (!Number.isInteger(positive) || positive < 0 || positive >= rank)) {
    throw errors.axis('reduction', showType(x), axis);
  }
  const reduced = build(o, x, positive === undefined ? keptAxes(rank, []) : [positive]);
  const shape = x.shape.map((dim: Dim, a) => (a === positive ? 1 : dim));
  return keep ? o.reshape(reduced, { shape }) : reduced;
}

/** Throws for a mean over no elements. */
export function mean(o: Builder, x: Value, axes: readonly number[]): Value {
  const total = o.sum(x, { axes });
  const fixed = axes.reduce(
    (count, axis) => (x.shape[axis] === 'batch' ? count : count * Number(x.shape[axis])),
    1,
  );
  if (fixed === 0) throw errors.emptyMean(showType(x));
  const overBatch = axes.some((axis) => x.shape[axis] === 'batch');
  if (!overBatch) return o.div(total, fixed);
  return o.div(total, o.mul(o.batchSize({ dtype: o.float }), fixed));
}
