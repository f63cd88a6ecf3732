/** `condition ? x : y`, element by element: the untaken branch leaks nothing, neither value nor gradient. */

import { errors } from '../errors.ts';
import { atom, binds, call, infix } from '../notation.ts';
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
  notation(xs) {
    const [c, a, b] = [nth(xs, 0), nth(xs, 1), nth(xs, 2)];
    const called = call('select')(c, a, b);
    const cases = `\\begin{cases} ${a.tex} & ${c.tex} \\\\ ${b.tex} & \\text{otherwise} \\end{cases}`;
    if (b.text !== '0') return { ...called, tex: cases };
    // Iverson brackets: 1 where the condition holds, else 0.
    const { tex } = infix('', '\\odot', binds.product)(a, atom('', `\\left[${c.tex}\\right]`));
    return { ...called, tex, texBinds: binds.product };
  },
  samples: { shapes: 'elementwise', domains: ['bool', 'real', 'real'] },
};
