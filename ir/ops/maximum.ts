/** The larger of x and y; NaN if either is. At a tie each gets half of the gradient. */

import type { Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';
import { extremum } from './extremum.ts';

export const maximum: Op<2, NoAttrs> = extremum('maximum', {
  scalar: 'max',
  wins: (o, a, b) => o.less(b, a),
  reference: (x, y) => Math.max(x, y),
});
