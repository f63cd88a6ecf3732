/** The largest integer not above x; its gradient is 0. */

import { call } from '../notation.ts';
import { elementwise, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const floor: Op<1, NoAttrs> = elementwise('floor', {
  arity: 1,
  scalar: 'floor',
  grad: () => [undefined],
  notation: call('floor'),
  domains: ['real'],
  reference: (x) => Math.floor(x),
});
