/**
 * The identity, which no equation looks through: what is computed from it stays computed from it. Gradients at a value in
 * the middle of a graph need that, or simplification might lead around the value.
 */

import { nth, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const opaque: Op<1, NoAttrs> = {
  arity: 1,
  kind: 'elementwise',
  cost: 'free',
  infer: (xs) => ({ shape: nth(xs, 0).shape, dtype: nth(xs, 0).dtype }),
  grad: (_o, { dy }) => [dy],
  at: (_s, xs, index) => nth(xs, 0).at(...index),
  reference: ([x]) => x?.data ?? [],
  notation: (xs) => nth(xs, 0),
  samples: { shapes: 'elementwise', domains: ['real'] },
};
