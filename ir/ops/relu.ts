/** max(x, 0): its gradient at 0 is 0, and NaN stays NaN. */

import { call } from '../notation.ts';
import { checkDtype, nth, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const relu: Op<1, NoAttrs> = {
  arity: 1,
  kind: 'elementwise',
  cost: 'work',
  infer(xs, _attrs, show) {
    const x = nth(xs, 0);
    checkDtype('relu', x, 'float', show);
    return { shape: x.shape, dtype: x.dtype };
  },
  grad: (o, { xs, dy }) => [o.select(o.less(0, nth(xs, 0)), dy, 0)],
  at(s, xs, index) {
    const x = nth(xs, 0).at(...index);
    return s.apply('select', s.apply('less', x, 0), 0, x);
  },
  reference: ([x]) => Array.from(x?.data ?? [], (v) => (v < 0 ? 0 : v)),
  notation: (xs) => call('relu', '\\operatorname{ReLU}')(nth(xs, 0)),
  samples: { shapes: 'elementwise', domains: ['nonzero'], kinks: [0] },
};
