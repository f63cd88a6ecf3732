/** One use of each op, small enough to be read: what the page of ops is worked out from. */

import type { Builder } from '../../ir/builder.ts';
import type { OpName } from '../../ir/ops/index.ts';
import type { DType, Shape } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';

/** An operand by its name, and its type. */
export interface Operand {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
}

export interface OpSample {
  readonly operands: readonly Operand[];
  readonly build: (o: Builder, ...xs: readonly Value[]) => Value;
}

const rows: Shape = ['batch', 3];
const of = (name: string, dtype: DType, shape: Shape): Operand => ({ name, dtype, shape });
const [x, y] = [of('x', 'f32', rows), of('y', 'f32', rows)];
const [p, q] = [of('x', 'bool', rows), of('y', 'bool', rows)];

type Unary = 'neg' | 'abs' | 'sign' | 'floor' | 'exp' | 'expm1' | 'log' | 'sqrt' | 'sin' | 'cos';
type Curve = 'tanh' | 'erf' | 'sigmoid' | 'softplus' | 'relu' | 'stopGradient' | 'opaque' | 'not';
type Binary = 'add' | 'sub' | 'mul' | 'div' | 'minimum' | 'maximum' | 'less' | 'lessEqual' | 'equal';

const unary = (op: Unary | Curve, operand = x): OpSample => ({
  operands: [operand],
  build: (o, a) => o.make(op, a ? [a] : [], {}),
});
const binary = (op: Binary | 'and' | 'or' | 'matmul', operands: readonly Operand[] = [x, y]): OpSample => ({
  operands,
  build: (o, ...xs) => o.make(op, xs, {}),
});
const single = (build: (o: Builder, a: Value) => Value, operand: Operand = x): OpSample => ({
  operands: [operand],
  build: (o, a) => (a ? build(o, a) : o.constant({ value: 0, dtype: 'f32', shape: [] })),
});
const leaf = (build: (o: Builder) => Value): OpSample => ({ operands: [], build });

export const opSamples: { readonly [K in OpName]: OpSample } = {
  input: leaf((o) => o.input({ name: 'x', dtype: 'f32', shape: rows })),
  state: leaf((o) => o.state({ name: 'w', dtype: 'f32', shape: [3] })),
  constant: leaf((o) => o.constant({ value: 0.5, dtype: 'f32', shape: rows })),
  batchSize: leaf((o) => o.batchSize({ dtype: 'f32' })),
  uniform: {
    operands: [of('seed', 'i32', []), of('step', 'i32', [])],
    build: (o, ...xs) => o.make('uniform', xs, { stream: 0, shape: rows, dtype: 'f32' }),
  },
  neg: unary('neg'),
  abs: unary('abs'),
  sign: unary('sign'),
  floor: unary('floor'),
  exp: unary('exp'),
  expm1: unary('expm1'),
  log: unary('log'),
  sqrt: unary('sqrt'),
  sin: unary('sin'),
  cos: unary('cos'),
  tanh: unary('tanh'),
  erf: unary('erf'),
  sigmoid: unary('sigmoid'),
  softplus: unary('softplus'),
  relu: unary('relu'),
  stopGradient: unary('stopGradient'),
  opaque: unary('opaque'),
  add: binary('add'),
  sub: binary('sub'),
  mul: binary('mul'),
  div: binary('div'),
  minimum: binary('minimum'),
  maximum: binary('maximum'),
  less: binary('less'),
  lessEqual: binary('lessEqual'),
  equal: binary('equal'),
  and: binary('and', [p, q]),
  or: binary('or', [p, q]),
  not: unary('not', p),
  select: {
    operands: [of('c', 'bool', rows), x, y],
    build: (o, ...xs) => o.make('select', xs, {}),
  },
  cast: single((o, a) => o.cast(a, { dtype: 'f32' }), p),
  sum: single((o, a) => o.sum(a, { axes: [1] })),
  reduceMax: single((o, a) => o.reduceMax(a, { axes: [1] })),
  argmax: single((o, a) => o.argmax(a, { axis: 1 })),
  logSumExp: single((o, a) => o.logSumExp(a, { axes: [1] })),
  matmul: binary('matmul', [of('x', 'f32', ['batch', 4]), of('y', 'f32', [4, 3])]),
  transpose: single((o, a) => o.transpose(a, { perm: [1, 0] })),
  reshape: single((o, a) => o.reshape(a, { shape: ['batch', 2, 2] }), of('x', 'f32', ['batch', 4])),
  broadcast: single((o, a) => o.broadcast(a, { axes: [0], dims: ['batch'] }), of('x', 'f32', [3])),
  oneHot: single((o, a) => o.oneHot(a, { classes: 3, dtype: 'f32' }), of('x', 'i32', ['batch'])),
  grad: single((o, a) => o.grad(o.sum(o.mul(a, a), { axes: [0] }), a), of('x', 'f32', [3])),
};
