/** The sum over axes, added up in ascending order; over several axes, the totals of the inner ones are added. */

import { checkDtype, nth, type Op } from '../op.ts';
import { round } from '../scalar-evaluate.ts';
import type { Tensor } from '../tensor.ts';
import type { DType } from '../types.ts';
import { numberList } from '../value.ts';
import { type AxesAttr, foldAxes, inferReduction, reduceAxes, reductionNotation } from './reduction.ts';

/** Sums the last of `axes` first, as the nested loops do. */
function sumAxes(x: Tensor, axes: readonly number[], dtype: DType): Tensor {
  let result = x;
  for (const axis of [...axes].reverse()) {
    const shape = result.shape.filter((_, a) => a !== axis);
    const data = foldAxes(result, [axis], shape, 0, (total, element) => round(total + element, dtype));
    result = { shape, dtype, data };
  }
  return result;
}

export const sum: Op<1, AxesAttr> = {
  arity: 1,
  kind: 'reduction',
  cost: 'work',
  infer(xs, { axes }, show) {
    const x = nth(xs, 0);
    checkDtype('sum', x, 'numeric', show);
    return inferReduction('sum', x, axes, show);
  },
  grad: (o, { xs, dy, attrs: { axes } }) => [
    o.broadcast(dy, { axes, dims: axes.map((axis) => nth(nth(xs, 0).shape, axis)) }),
  ],
  at: (s, xs, index, { attrs }) => reduceAxes(s, 'sum', nth(xs, 0), numberList(attrs.axes), index),
  reference: (xs, { attrs: { axes }, dtype }) => sumAxes(nth(xs, 0), axes, dtype).data,
  notation: (xs, { axes }) => reductionNotation('sum', '\\sum')(nth(xs, 0), axes),
  samples: { shapes: 'reduction', domains: ['real'] },
};
