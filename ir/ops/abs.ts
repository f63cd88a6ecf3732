/** The absolute value; its gradient at 0 is 0. */

import { call } from '../notation.ts';
import { elementwise, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const abs: Op<1, NoAttrs> = elementwise('abs', {
  arity: 1,
  scalar: 'abs',
  grad: (o, { xs: [x], dy }) => [x && o.mul(dy, o.sign(x))],
  notation: call('abs'),
  domains: ['nonzero'],
  kinks: [0],
  reference: (x) => Math.abs(x),
});
