/** The hyperbolic tangent. */

import { call } from '../notation.ts';
import { elementwise, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const tanh: Op<1, NoAttrs> = elementwise('tanh', {
  arity: 1,
  scalar: 'tanh',
  grad: (o, { y, dy }) => [o.mul(dy, o.sub(1, o.mul(y, y)))],
  notation: call('tanh', '\\tanh'),
  domains: ['real'],
});
