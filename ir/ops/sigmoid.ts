/** 1 / (1 + e^-x): saturates to 0 and 1 without NaN. */

import { call } from '../notation.ts';
import { elementwise, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const sigmoid: Op<1, NoAttrs> = elementwise('sigmoid', {
  arity: 1,
  scalar: 'sigmoid',
  grad: (o, { y, dy }) => [o.mul(dy, o.mul(y, o.sub(1, y)))],
  notation: call('sigmoid', '\\sigma'),
  domains: ['real'],
});
