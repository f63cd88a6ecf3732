/** What a program remembers between steps: a parameter or an optimizer's slot, as it was before this step. */

import { atom } from '../notation.ts';
import type { Op } from '../op.ts';
import type { DType, Shape } from '../types.ts';
import { leafReference } from './leaf.ts';

export const state: Op<0, { readonly name: string; readonly dtype: DType; readonly shape: Shape }> = {
  arity: 0,
  kind: 'leaf',
  cost: 'free',
  infer: (_xs, { dtype, shape }) => ({ dtype, shape }),
  grad: () => [],
  at: null,
  reference: leafReference,
  notation: (_xs, { name }) => atom(name),
  samples: { shapes: 'leaf', domains: [] },
};
