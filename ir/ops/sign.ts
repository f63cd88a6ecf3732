/** -1, 0 or 1; sign(0) = 0, sign(NaN) = NaN. Its gradient is 0. */

import { call } from '../notation.ts';
import { checkDtype, nth, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const sign: Op<1, NoAttrs> = {
  arity: 1,
  kind: 'elementwise',
  cost: 'work',
  infer(xs, _attrs, show) {
    const x = nth(xs, 0);
    checkDtype('sign', x, 'float', show);
    return { shape: x.shape, dtype: x.dtype };
  },
  grad: () => [undefined],
  at(s, xs, index) {
    const x = nth(xs, 0).at(...index);
    return s.apply('select', s.apply('less', 0, x), 1, s.apply('select', s.apply('less', x, 0), -1, x));
  },
  reference: ([x]) => Array.from(x?.data ?? [], (v) => Math.sign(v)),
  notation: (xs) => call('sgn')(nth(xs, 0)),
  samples: { shapes: 'elementwise', domains: ['nonzero'], kinks: [0] },
};
