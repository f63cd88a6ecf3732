/** The same number everywhere: shape and dtype are attributes. A name tells it from other uses of its number. */

import { atom } from '../notation.ts';
import type { Op } from '../op.ts';
import { round } from '../scalar-evaluate.ts';
import { sizeOf } from '../tensor.ts';
import type { DType, Shape } from '../types.ts';

type ConstantAttrs = {
  readonly value: number;
  readonly dtype: DType;
  readonly shape: Shape;
  readonly name?: string;
};

export const constant: Op<0, ConstantAttrs> = {
  arity: 0,
  kind: 'leaf',
  cost: 'free',
  infer: (_xs, { dtype, shape }) => ({ dtype, shape }),
  grad: () => [],
  at: (s, _xs, _index, { attrs, dtype }) => s.number(Number(attrs.value), dtype),
  reference: (_xs, { attrs, dtype, shape }) =>
    new Array<number>(sizeOf(shape)).fill(round(attrs.value, dtype)),
  notation: (_xs, { value }) => atom(String(value)),
  samples: { shapes: 'leaf', domains: [] },
};
