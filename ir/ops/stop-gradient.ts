/** The identity, through which no gradient flows. */

import { call } from '../notation.ts';
import { nth, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const stopGradient: Op<1, NoAttrs> = {
  arity: 1,
  kind: 'elementwise',
  cost: 'free',
  infer: (xs) => ({ shape: nth(xs, 0).shape, dtype: nth(xs, 0).dtype }),
  grad: () => [undefined],
  at: (_s, xs, index) => nth(xs, 0).at(...index),
  reference: ([x]) => x?.data ?? [],
  notation: (xs) => call('stop')(nth(xs, 0)),
  samples: { shapes: 'elementwise', domains: ['real'] },
};
