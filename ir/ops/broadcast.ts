/** x repeated along new axes: `axes` are their positions in the result, `dims` their sizes. The adjoint of sum. */

import { errors } from '../errors.ts';
import { nth, type Op } from '../op.ts';
import { forEachIndex, offsetIn, stridesOf } from '../tensor.ts';
import { type Dim, keptAxes } from '../types.ts';
import { numberList } from '../value.ts';

export const broadcast: Op<1, { readonly axes: readonly number[]; readonly dims: readonly Dim[] }> = {
  arity: 1,
  kind: 'movement',
  cost: 'free',
  infer(xs, { axes, dims }, show) {
    const x = nth(xs, 0);
    const rank = x.shape.length + axes.length;
    const ascending = axes.every(
      (axis, i) => axis >= 0 && axis < rank && (i === 0 || axis > nth(axes, i - 1)),
    );
    if (!ascending || axes.length !== dims.length) throw errors.axis('broadcast', show(x), `[${axes}]`);
    const kept = keptAxes(rank, axes);
    const shape = Array.from({ length: rank }, (_, axis): Dim => {
      const added = axes.indexOf(axis);
      return added >= 0 ? nth(dims, added) : nth(x.shape, kept.indexOf(axis));
    });
    return { shape, dtype: x.dtype };
  },
  grad: (o, { dy, attrs: { axes } }) => [o.sum(dy, { axes })],
  at(_s, xs, index, { attrs }) {
    const added = numberList(attrs.axes);
    return nth(xs, 0).at(...index.filter((_, axis) => !added.includes(axis)));
  },
  reference([x], { attrs: { axes }, shape }) {
    const strides = stridesOf(x?.shape ?? []);
    const kept = keptAxes(shape.length, axes);
    const stretched = shape.map((_, axis) => strides[kept.indexOf(axis)] ?? 0);
    const result: number[] = [];
    forEachIndex(shape, (index) => result.push(x?.data[offsetIn(stretched, index)] ?? 0));
    return result;
  },
  notation: (xs) => nth(xs, 0),
  samples: { shapes: 'broadcast', domains: ['real'] },
};
