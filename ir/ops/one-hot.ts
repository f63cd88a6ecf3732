/**
 * A new last axis of `classes` elements: 1 at the index that x holds, 0 elsewhere (everywhere, if out of range);
 * as a bool, true and false.
 */

import { errors } from '../errors.ts';
import { call } from '../notation.ts';
import { nth, type Op } from '../op.ts';
import type { Float } from '../types.ts';

export const oneHot: Op<1, { readonly classes: number; readonly dtype: Float | 'bool' }> = {
  arity: 1,
  kind: 'indexing',
  cost: 'free',
  infer(xs, { classes, dtype }, show) {
    const x = nth(xs, 0);
    if (x.dtype !== 'i32') throw errors.dtype('oneHot', show(x), 'class indices (i32)');
    return { shape: [...x.shape, classes], dtype };
  },
  grad: () => [undefined],
  at(s, xs, index, { dtype }) {
    const last = nth(index, index.length - 1);
    const hit = s.apply('equal', nth(xs, 0).at(...index.slice(0, -1)), s.index(last));
    return dtype === 'bool' ? hit : s.apply('select', hit, s.number(1, dtype), s.number(0, dtype));
  },
  reference: ([x], { attrs: { classes } }) =>
    Array.from(x?.data ?? []).flatMap((label) =>
      Array.from({ length: classes }, (_, c) => (c === label ? 1 : 0)),
    ),
  notation: (xs) => ({ ...call('onehot')(nth(xs, 0)), tex: `{${nth(xs, 0).tex}}_{\\text{onehot}}` }),
  samples: { shapes: 'oneHot', domains: ['index'] },
};
