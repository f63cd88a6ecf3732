/** The largest element over axes, NaN if one is; elements that tie share the gradient evenly. */

import { errors } from '../errors.ts';
import { checkDtype, nth, type Op } from '../op.ts';
import { numberList } from '../value.ts';
import { type AxesAttr, foldAxes, inferReduction, reduceAxes, reductionNotation } from './reduction.ts';

export const reduceMax: Op<1, AxesAttr> = {
  arity: 1,
  kind: 'reduction',
  cost: 'work',
  infer(xs, { axes }, show) {
    const x = nth(xs, 0);
    checkDtype('reduceMax', x, 'numeric', show);
    const type = inferReduction('reduceMax', x, axes, show);
    if (axes.some((axis) => x.shape[axis] === 0)) throw errors.emptyMean(show(x));
    return type;
  },
  grad(o, { xs, y, dy, attrs: { axes } }) {
    const x = nth(xs, 0);
    const dims = axes.map((axis) => nth(x.shape, axis));
    const ties = o.cast(o.equal(x, o.broadcast(y, { axes, dims })), { dtype: dy.dtype });
    const share = o.div(dy, o.sum(ties, { axes }));
    return [o.mul(ties, o.broadcast(share, { axes, dims }))];
  },
  at: (s, xs, index, { attrs }) => reduceAxes(s, 'max', nth(xs, 0), numberList(attrs.axes), index),
  reference: (xs, { attrs: { axes }, shape }) =>
    foldAxes(nth(xs, 0), axes, shape, Number.NEGATIVE_INFINITY, (a, b) => Math.max(a, b)),
  notation: (xs, { axes }) => reductionNotation('max', '\\max')(nth(xs, 0), axes),
  samples: { shapes: 'reduction', domains: ['real'] },
};
