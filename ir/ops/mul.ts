/** x y, element by element. */

import { times } from '../notation.ts';
import { elementwise, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const mul: Op<2, NoAttrs> = elementwise('mul', {
  arity: 2,
  scalar: 'mul',
  accepts: 'numeric',
  // Of a square both contributions are one: 2 x dy.
  grad: (o, { xs: [x, y], dy }) =>
    x === y ? [x && o.mul(2, o.mul(dy, x))] : [y && o.mul(dy, y), x && o.mul(dy, x)],
  notation: (x, y) => times(x, y),
  domains: ['real', 'real'],
});
