/** x / y. */

import { fraction } from '../notation.ts';
import { elementwise, nth, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const div: Op<2, NoAttrs> = elementwise('div', {
  arity: 2,
  scalar: 'div',
  accepts: 'float',
  grad: (o, { xs, y, dy }) => [o.div(dy, nth(xs, 1)), o.neg(o.div(o.mul(dy, y), nth(xs, 1)))],
  notation: (x, y) => fraction(x, y),
  domains: ['real', 'nonzero'],
  reference: (x, y) => x / y,
});
