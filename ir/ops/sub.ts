/** x - y. */

import { binds, infix } from '../notation.ts';
import { elementwise, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const sub: Op<2, NoAttrs> = elementwise('sub', {
  arity: 2,
  scalar: 'sub',
  accepts: 'numeric',
  grad: (o, { dy }) => [dy, o.neg(dy)],
  notation: (x, y) => infix('-', '-', binds.sum, false)(x, y),
  domains: ['real', 'real'],
  reference: (x, y) => x - y,
});
