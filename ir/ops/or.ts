/** Logical or of bools. */

import { binds, infix } from '../notation.ts';
import { elementwise, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const or: Op<2, NoAttrs> = elementwise('or', {
  arity: 2,
  scalar: 'or',
  accepts: 'bool',
  returns: 'bool',
  grad: () => [undefined, undefined],
  notation: (x, y) => infix('or', '\\lor', binds.compare)(x, y),
  domains: ['bool', 'bool'],
  reference: (x, y) => (x || y ? 1 : 0),
});
