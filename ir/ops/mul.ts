/** x y, element by element. */

import { binds, infix } from '../notation.ts';
import { elementwise, nth, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const mul: Op<2, NoAttrs> = elementwise('mul', {
  arity: 2,
  scalar: 'mul',
  accepts: 'numeric',
  grad: (o, { xs, dy }) => [o.mul(dy, nth(xs, 1)), o.mul(dy, nth(xs, 0))],
  notation: (x, y) => infix('*', '\\odot', binds.product)(x, y),
  domains: ['real', 'real'],
});
