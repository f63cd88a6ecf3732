/** The square root; its derivative at 0 is Infinity, as IEEE arithmetic has it. */

import { atom } from '../notation.ts';
import { elementwise, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const sqrt: Op<1, NoAttrs> = elementwise('sqrt', {
  arity: 1,
  scalar: 'sqrt',
  grad: (o, { y, dy }) => [o.div(dy, o.mul(2, y))],
  notation: (x) => atom(`sqrt(${x.text})`, `\\sqrt{${x.tex}}`),
  domains: ['positive'],
  reference: (x) => Math.sqrt(x),
});
