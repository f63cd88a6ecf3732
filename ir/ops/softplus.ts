/** ln(1 + e^x), computed without overflow; its derivative is the sigmoid. */

import { call } from '../notation.ts';
import { elementwise, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const softplus: Op<1, NoAttrs> = elementwise('softplus', {
  arity: 1,
  scalar: 'softplus',
  grad: (o, { xs: [x], dy }) => [x && o.mul(dy, o.sigmoid(x))],
  notation: call('softplus'),
  domains: ['real'],
});
