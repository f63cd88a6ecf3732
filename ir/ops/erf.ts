/** The error function of Gauss: 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x. */

import { call } from '../notation.ts';
import { elementwise, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const erf: Op<1, NoAttrs> = elementwise('erf', {
  arity: 1,
  scalar: 'erf',
  grad: (o, { xs: [x], dy }) => [x && o.mul(dy, o.mul(2 / Math.sqrt(Math.PI), o.exp(o.neg(o.mul(x, x)))))],
  notation: call('erf'),
  domains: ['real'],
});
