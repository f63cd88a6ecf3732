/** e^x. */

import { binds, call } from '../notation.ts';
import { elementwise, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const exp: Op<1, NoAttrs> = elementwise('exp', {
  arity: 1,
  scalar: 'exp',
  grad: (o, { y, dy }) => [o.mul(dy, y)],
  notation: (x) => ({ ...call('exp')(x), tex: `e^{${x.tex}}`, texBinds: binds.postfix }),
  domains: ['real'],
});
