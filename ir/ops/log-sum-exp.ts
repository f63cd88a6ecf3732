/**
 * ln of the sum of e^x over axes. Never computed as written: the `stabilize` pass shifts by the maximum,
 * so logits of any size are safe. Equations recognise it; its gradient is the softmax.
 */

import { errors } from '../errors.ts';
import { checkDtype, nth, type Op } from '../op.ts';
import { type AxesAttr, foldAxes, inferReduction, reductionNotation } from './reduction.ts';

export const logSumExp: Op<1, AxesAttr> = {
  arity: 1,
  kind: 'reduction',
  cost: 'work',
  infer(xs, { axes }, show) {
    const x = nth(xs, 0);
    checkDtype('logSumExp', x, 'float', show);
    const type = inferReduction('logSumExp', x, axes, show);
    if (axes.some((axis) => x.shape[axis] === 0)) throw errors.emptyMean(show(x));
    return type;
  },
  grad(o, { xs, y, dy, attrs: { axes } }) {
    const x = nth(xs, 0);
    const dims = axes.map((axis) => nth(x.shape, axis));
    const softmax = o.exp(o.sub(x, o.broadcast(y, { axes, dims })));
    return [o.mul(o.broadcast(dy, { axes, dims }), softmax)];
  },
  at: null,
  reference(xs, { attrs: { axes }, shape }) {
    const x = nth(xs, 0);
    const largest = foldAxes(x, axes, shape, Number.NEGATIVE_INFINITY, (a, b) => Math.max(a, b));
    const shiftedBy = (i: number) => largest[i] ?? 0;
    const totals = foldAxes(
      x,
      axes,
      shape,
      0,
      (total, element, i) => total + Math.exp(element - shiftedBy(i)),
    );
    return totals.map((total, i) => shiftedBy(i) + Math.log(total));
  },
  notation: (xs, { axes }) => reductionNotation('logsumexp', '\\operatorname{lse}')(nth(xs, 0), axes),
  samples: { shapes: 'reduction', domains: ['real'] },
};
