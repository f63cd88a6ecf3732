/** `condition ? x : y`, element by element: the untaken branch leaks nothing, neither value nor gradient. */

import { errors } from '../errors.ts';
import { call } from '../notation.ts';
import { checkDtype, inferElementwise, nth, type Op } from '../op.ts';
import type { NoAttrs } from '../value.ts';

export const select: Op<3, NoAttrs> = {
  arity: 3,
  kind: 'elementwise',
  cost: 'work',
  infer(xs, _attrs, show) {
    const shape = inferElementwise('select', xs, show);
    const [condition, x, y] = [nth(xs, 0), nth(xs, 1), nth(xs, 2)];
    checkDtype('select', condition, 'bool', show);
    if (x.dtype !== y.dtype) throw errors.dtype('select', show(y), x.dtype);
    return { shape, dtype: x.dtype };
  },
  grad: (o, { xs, dy }) => [undefined, o.select(nth(xs, 0), dy, 0), o.select(nth(xs, 0), 0, dy)],
  at: (s, xs, index) => s.apply('select', ...xs.map((x) => x.at(...index))),
  reference: ([condition, x, y]) =>
    Array.from(condition?.data ?? [], (c, i) => (c ? x?.data[i] : y?.data[i]) ?? 0),
  notation: (xs) => call('select')(...xs),
  samples: { shapes: 'elementwise', domains: ['bool', 'real', 'real'] },
};
