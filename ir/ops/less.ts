/** x < y, as a bool. */

import { binds, infix } from '../notation.ts';
import { elementwise, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const less: Op<2, NoAttrs> = elementwise('less', {
  arity: 2,
  scalar: 'less',
  accepts: 'numeric',
  cost: 'free',
  returns: 'bool',
  grad: () => [undefined, undefined],
  notation: (x, y) => infix('<', '<', binds.compare, false)(x, y),
  domains: ['real', 'real'],
  reference: (x, y) => (x < y ? 1 : 0),
});
