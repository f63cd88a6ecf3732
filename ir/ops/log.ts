/** The natural logarithm: -Infinity at 0, NaN below. */

import { call } from '../notation.ts';
import { elementwise, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const log: Op<1, NoAttrs> = elementwise('log', {
  arity: 1,
  scalar: 'log',
  grad: (o, { xs: [x], dy }) => [x && o.div(dy, x)],
  notation: call('ln', '\\ln'),
  domains: ['positive'],
});
