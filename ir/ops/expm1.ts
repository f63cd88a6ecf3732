/** e^x - 1, with all digits near 0, where e^x and 1 would cancel. */

import { call } from '../notation.ts';
import { elementwise, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const expm1: Op<1, NoAttrs> = elementwise('expm1', {
  arity: 1,
  scalar: 'expm1',
  // Not y + 1: far below 0, y is -1 after rounding, and its sum with 1 has no digits left, or is 0.
  grad: (o, { xs: [x], dy }) => [x && o.mul(dy, o.exp(x))],
  notation: call('expm1'),
  domains: ['real'],
});
