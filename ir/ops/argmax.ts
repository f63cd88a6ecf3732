/** The index of the largest element along one axis, the first where several tie; NaN never wins. */

import { errors } from '../errors.ts';
import { call } from '../notation.ts';
import { checkDtype, nth, type Op } from '../op.ts';
import { forEachIndex, offsetIn, stridesOf } from '../tensor.ts';
import { keptAxes } from '../types.ts';
import { inferReduction, reduceAxes } from './reduction.ts';

export const argmax: Op<1, { readonly axis: number }> = {
  arity: 1,
  kind: 'reduction',
  cost: 'work',
  infer(xs, { axis }, show) {
    const x = nth(xs, 0);
    checkDtype('argmax', x, 'numeric', show);
    const { shape } = inferReduction('argmax', x, [axis], show);
    if (x.shape[axis] === 0) throw errors.emptyMean(show(x));
    return { shape, dtype: 'i32' };
  },
  grad: () => [undefined],
  at: (s, xs, index, { attrs }) => reduceAxes(s, 'argmax', nth(xs, 0), [Number(attrs.axis)], index),
  reference([x], { attrs: { axis }, shape }) {
    const strides = stridesOf(x?.shape ?? []);
    const kept = keptAxes(x?.shape.length ?? 0, [axis]).map((a) => strides[a] ?? 0);
    const result: number[] = [];
    forEachIndex(shape, (index) => {
      let best = 0;
      let largest = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < (x?.shape[axis] ?? 0); k++) {
        const element = x?.data[offsetIn(kept, index) + k * (strides[axis] ?? 0)] ?? 0;
        if (element > largest) [best, largest] = [k, element];
      }
      result.push(best);
    });
    return result;
  },
  notation: (xs, { axis }) => ({
    ...call(`argmax[${axis}]`)(nth(xs, 0)),
    tex: `\\operatorname*{argmax}_{${'ijkl'[axis] ?? axis}} ${nth(xs, 0).tex}`,
  }),
  samples: { shapes: 'argmax', domains: ['real'] },
};
