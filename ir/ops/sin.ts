/** The sine of an angle in radians; in float32 for |x| up to 8192, and less accurate beyond. */

import { call } from '../notation.ts';
import { elementwise, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const sin: Op<1, NoAttrs> = elementwise('sin', {
  arity: 1,
  scalar: 'sin',
  grad: (o, { xs: [x], dy }) => [x && o.mul(dy, o.cos(x))],
  notation: call('sin', '\\sin'),
  domains: ['real'],
});
