/** The cosine of an angle in radians; in float32 for |x| up to 8192, and less accurate beyond. */

import { call } from '../notation.ts';
import { elementwise, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const cos: Op<1, NoAttrs> = elementwise('cos', {
  arity: 1,
  scalar: 'cos',
  grad: (o, { xs: [x], dy }) => [x && o.neg(o.mul(dy, o.sin(x)))],
  notation: call('cos', '\\cos'),
  domains: ['real'],
});
