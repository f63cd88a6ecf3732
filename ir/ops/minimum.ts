/** The smaller of x and y; NaN if either is. At a tie each gets half of the gradient. */

import { call } from '../notation.ts';
import { elementwise, nth, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const minimum: Op<2, NoAttrs> = elementwise('minimum', {
  arity: 2,
  scalar: 'min',
  accepts: 'numeric',
  grad: (o, { xs, dy }) => {
    const a = nth(xs, 0);
    const b = nth(xs, 1);
    const half = o.select(o.equal(a, b), o.mul(dy, 0.5), 0);
    return [o.select(o.less(a, b), dy, half), o.select(o.less(b, a), dy, half)];
  },
  notation: (x, y) => call('min', '\\min')(x, y),
  domains: ['real', 'real'],
  kinks: [0],
  reference: (x, y) => Math.min(x, y),
});
