/** The number of samples at hand, as a float: the m of a mean over the batch. */

import { atom } from '../notation.ts';
import type { Op } from '../op.ts';
import type { Float } from '../types.ts';

export const batchSize: Op<0, { readonly dtype: Float }> = {
  arity: 0,
  kind: 'leaf',
  cost: 'free',
  infer: (_xs, { dtype }) => ({ dtype, shape: [] }),
  grad: () => [],
  at: (s, _xs, _index, { dtype }) => s.batch(dtype === 'f64' ? 'f64' : 'f32'),
  reference: (_xs, { batch }) => [batch],
  notation: () => ({ ...atom('m'), scalar: true }),
  samples: { shapes: 'leaf', domains: [] },
};
