/** The smaller of x and y; NaN if either is. At a tie each gets half of the gradient. */

import type { Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';
import { extremum } from './extremum.ts';

export const minimum: Op<2, NoAttrs> = extremum('minimum', {
  scalar: 'min',
  wins: (o, a, b) => o.less(a, b),
  reference: (x, y) => Math.min(x, y),
});
