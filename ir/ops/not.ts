/** Logical not of a bool. */

import { prefix } from '../notation.ts';
import { elementwise, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const not: Op<1, NoAttrs> = elementwise('not', {
  arity: 1,
  scalar: 'not',
  accepts: 'bool',
  returns: 'bool',
  grad: () => [undefined],
  notation: prefix('not ', '\\lnot '),
  domains: ['bool'],
  reference: (x) => (x ? 0 : 1),
});
