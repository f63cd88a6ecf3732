/** x + y. */

import { binds, infix } from '../notation.ts';
import { elementwise, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const add: Op<2, NoAttrs> = elementwise('add', {
  arity: 2,
  scalar: 'add',
  accepts: 'numeric',
  grad: (_o, { dy }) => [dy, dy],
  notation: (x, y) => infix('+', '+', binds.sum)(x, y),
  domains: ['real', 'real'],
  reference: (x, y) => x + y,
});
