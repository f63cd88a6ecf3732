/** What leaves with a name have in common: their value is bound by whoever evaluates the graph. */

import { errors } from '../errors.ts';
import { atom } from '../notation.ts';
import type { Op } from '../op.ts';
import type { DType, Shape } from '../types.ts';

export type LeafAttrs = { readonly name: string; readonly dtype: DType; readonly shape: Shape };

export const namedLeaf: Op<0, LeafAttrs> = {
  arity: 0,
  kind: 'leaf',
  cost: 'free',
  infer: (_xs, { dtype, shape }) => ({ dtype, shape }),
  grad: () => [],
  at: null,
  reference: () => {
    throw errors.invalid('a leaf has no value of its own; the evaluator binds it');
  },
  notation: (_xs, { name }) => atom(name),
  samples: { shapes: 'leaf', domains: [] },
};
