/** Logical and of bools. */

import { binds, infix } from '../notation.ts';
import { elementwise, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const and: Op<2, NoAttrs> = elementwise('and', {
  arity: 2,
  scalar: 'and',
  accepts: 'bool',
  returns: 'bool',
  grad: () => [undefined, undefined],
  notation: (x, y) => infix('and', '\\land', binds.compare)(x, y),
  domains: ['bool', 'bool'],
  reference: (x, y) => (x && y ? 1 : 0),
});
