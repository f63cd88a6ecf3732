/**
 * Uniform random numbers in [0, 1): a pure function of (seed, counter, stream, position), so a mask has the
 * same bits on every target, for every batch split and thread count. Inputs: seed and counter, i32 scalars.
 */

import { offsetOf } from '../index-expr.ts';
import { call } from '../notation.ts';
import { nth, type Op } from '../op.ts';
import { applyScalar } from '../scalar-evaluate.ts';
import { sizeOf } from '../tensor.ts';
import type { Float, Shape } from '../types.ts';

export const uniform: Op<2, { readonly stream: number; readonly shape: Shape; readonly dtype: Float }> = {
  arity: 2,
  kind: 'indexing',
  cost: 'work',
  infer: (_xs, { shape, dtype }) => ({ shape, dtype }),
  grad: () => [undefined, undefined],
  at: (s, xs, index, { attrs, shape }) =>
    s.apply(
      'uniform',
      nth(xs, 0).at(),
      Number(attrs.stream),
      nth(xs, 1).at(),
      s.index(offsetOf(index, shape)),
    ),
  reference: ([seed, counter], { attrs, dtype, float, shape }) =>
    Array.from({ length: sizeOf(shape) }, (_, i) =>
      applyScalar('uniform', [seed?.data[0] ?? 0, attrs.stream, counter?.data[0] ?? 0, i], dtype, float),
    ),
  notation: (xs) => call('uniform')(...xs),
  samples: { shapes: 'uniform', domains: ['index', 'index'] },
};
