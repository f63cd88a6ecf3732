/** The same numbers in another dtype: bool becomes 0 and 1, a float loses its fraction on the way to i32. */

import type { Notation } from '../notation.ts';
import { nth, type Op } from '../op.ts';
import { round } from '../scalar-evaluate.ts';
import { type DType, isFloat } from '../types.ts';

export const cast: Op<1, { readonly dtype: DType }> = {
  arity: 1,
  kind: 'elementwise',
  cost: 'free',
  infer: (xs, { dtype }) => ({ shape: nth(xs, 0).shape, dtype }),
  grad: (o, { xs, dy }) => {
    const x = nth(xs, 0);
    return [isFloat(x.dtype) && isFloat(dy.dtype) ? o.cast(dy, { dtype: x.dtype }) : undefined];
  },
  at: (s, xs, index, { dtype }) => s.convert(nth(xs, 0).at(...index), dtype),
  reference: ([x], { dtype }) => Array.from(x?.data ?? [], (v) => round(v, dtype)),
  notation: (xs): Notation => nth(xs, 0),
  samples: { shapes: 'elementwise', domains: ['real'] },
};
