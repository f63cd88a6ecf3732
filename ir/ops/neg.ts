/** -x. */

import { prefix } from '../notation.ts';
import { elementwise, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const neg: Op<1, NoAttrs> = elementwise('neg', {
  arity: 1,
  scalar: 'neg',
  accepts: 'numeric',
  grad: (o, { dy }) => [o.neg(dy)],
  notation: prefix('-', '-'),
  domains: ['real'],
  reference: (x) => -x,
});
