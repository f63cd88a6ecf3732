/** Axes in another order: axis i of the result is axis perm[i] of x. */

import { errors } from '../errors.ts';
import { call, postfix } from '../notation.ts';
import { nth, type Op } from '../op.ts';
import { forEachIndex, offsetIn, stridesOf } from '../tensor.ts';
import { numberList } from '../value.ts';

export const transpose: Op<1, { readonly perm: readonly number[] }> = {
  arity: 1,
  kind: 'movement',
  cost: 'free',
  infer(xs, { perm }, show) {
    const x = nth(xs, 0);
    const sorted = [...perm].sort((a, b) => a - b);
    if (perm.length !== x.shape.length || sorted.some((axis, i) => axis !== i)) {
      throw errors.axis('transpose', show(x), `order [${perm}]`);
    }
    return { shape: perm.map((axis) => nth(x.shape, axis)), dtype: x.dtype };
  },
  grad: (o, { dy, attrs: { perm } }) => [o.transpose(dy, { perm: inverse(perm) })],
  at(_s, xs, index, { attrs }) {
    const perm = inverse(numberList(attrs.perm));
    return nth(xs, 0).at(...perm.map((axis) => nth(index, axis)));
  },
  reference([x], { attrs: { perm }, shape }) {
    const strides = stridesOf(x?.shape ?? []);
    const moved = perm.map((axis) => strides[axis] ?? 0);
    const result: number[] = [];
    forEachIndex(shape, (index) => result.push(x?.data[offsetIn(moved, index)] ?? 0));
    return result;
  },
  notation: (xs, { perm }) =>
    perm.length === 2 ? postfix('^T', '^{\\top}')(nth(xs, 0)) : call(`transpose[${perm}]`)(nth(xs, 0)),
  samples: { shapes: 'transpose', domains: ['real'] },
};

const inverse = (perm: readonly number[]): number[] => perm.map((_, axis) => perm.indexOf(axis));
