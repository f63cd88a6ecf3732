/** How each op is written in ONNX: one op, a few nodes. What is not here cannot be written. */

import { nth } from '../../ir/op.ts';
import type { OpName } from '../../ir/ops/index.ts';
import type { DerivedFunction } from '../../ir/scalar.ts';
import { type DType, keptAxes, type Shape } from '../../ir/types.ts';
import { numberList, type Value } from '../../ir/value.ts';
import { type Emitter, elementTypeOf, type Held, joined } from './emitter.ts';
import { spelledOut } from './expansion.ts';
import { elementTypes } from './fields.ts';

/** Writes the nodes of a value whose inputs are written, and says what holds it. */
export type Spelling = (e: Emitter, value: Value, xs: readonly Held[]) => Held;

/** One node, element by element; ONNX stretches its operands as we do. */
const elements =
  (op: string): Spelling =>
  (e, _value, xs) => ({
    name: e.node(
      op,
      xs.map(({ name }) => name),
    ),
    shape: joined(xs),
  });

/**
 * One node in single precision, and in double precision its formula: onnxruntime has no such node for doubles, or takes it for
 * a part of one that it has not (x sigmoid(x)).
 */
const spelledInDouble =
  (op: string, fn: DerivedFunction): Spelling =>
  (e, value, xs) =>
    value.dtype === 'f64' ? spelledOut(e, fn, nth(xs, 0), 'f64') : elements(op)(e, value, xs);

/** The inputs with all their elements, for nodes that do not stretch them. */
const whole = (e: Emitter, value: Value, xs: readonly Held[]): string[] =>
  xs.map((x, i) => e.full(x, nth(value.inputs, i).shape));

const reduction =
  (op: string): Spelling =>
  (e, value, xs) => {
    const axes = numberList(value.attrs.axes);
    // No axes at all would mean all of them.
    if (axes.length === 0) return nth(xs, 0);
    const name = e.node(op, [...whole(e, value, xs), e.integers(axes)], { keepdims: 0 });
    return { name, shape: value.shape };
  };

const toType = (e: Emitter, name: string, dtype: DType): string =>
  e.node('Cast', [name], { to: elementTypes[elementTypeOf[dtype]] });

/** New axes before those that are there cost nothing; others are a change of shape. */
const repeated: Spelling = (e, value, xs) => {
  const x = nth(xs, 0);
  const added = numberList(value.attrs.axes);
  const kept = keptAxes(value.shape.length, added);
  const first = kept[kept.length - x.shape.length] ?? value.shape.length;
  const inner = added.filter((axis) => axis > first).map((axis) => axis - first);
  if (inner.length === 0) return x;
  const shape = [...x.shape];
  for (const axis of inner) shape.splice(axis, 0, 1);
  return { name: e.node('Unsqueeze', [x.name, e.integers(inner)]), shape };
};

/** The batch is what is left over; where nothing is to be left, there is nothing to move either. */
const reshaped: Spelling = (e, value, xs) => {
  const { shape, dtype } = value;
  if (shape.includes(0)) return { name: e.number(0, dtype), shape: [] };
  const target = shape.map((dim) => (dim === 'batch' ? -1 : dim));
  return { name: e.node('Reshape', [...whole(e, value, xs), e.integers(target)]), shape };
};

/** e^x - 1 = tanh(x/2) (e^x + 1), with all digits near 0 and far from it. */
const expm1: Spelling = (e, { dtype }, xs) => {
  const x = nth(xs, 0);
  const half = e.node('Tanh', [e.node('Mul', [x.name, e.number(0.5, dtype)])]);
  const above = e.node('Add', [e.node('Exp', [x.name]), e.number(1, dtype)]);
  return { name: e.node('Mul', [half, above]), shape: x.shape };
};

/** True where the class is that of the column. */
const oneHot: Spelling = (e, value, xs) => {
  const column = e.node('Unsqueeze', [...whole(e, value, xs), e.integers([-1])]);
  const hit = e.node('Equal', [column, e.range(Number(value.attrs.classes))]);
  return { name: value.dtype === 'bool' ? hit : toType(e, hit, value.dtype), shape: value.shape };
};

const argmax: Spelling = (e, value, xs) => {
  const at = e.node('ArgMax', whole(e, value, xs), { axis: Number(value.attrs.axis), keepdims: 0 });
  return { name: toType(e, at, 'i32'), shape: value.shape };
};

const cast: Spelling = (e, value, xs) => {
  const x = nth(xs, 0);
  return nth(value.inputs, 0).dtype === value.dtype
    ? x
    : { name: toType(e, x.name, value.dtype), shape: x.shape };
};

const batchSize: Spelling = (e, { dtype }) => ({
  name: toType(e, e.node('Squeeze', [e.batch()]), dtype),
  shape: [],
});

const scalar: Shape = [];

export const spellings: { readonly [op in OpName]?: Spelling } = {
  constant: (e, { attrs, dtype }) => ({ name: e.number(Number(attrs.value), dtype), shape: scalar }),
  batchSize,
  neg: elements('Neg'),
  abs: elements('Abs'),
  sign: elements('Sign'),
  floor: elements('Floor'),
  exp: elements('Exp'),
  expm1,
  log: elements('Log'),
  sqrt: elements('Sqrt'),
  sin: elements('Sin'),
  cos: elements('Cos'),
  tanh: elements('Tanh'),
  erf: spelledInDouble('Erf', 'erf'),
  sigmoid: spelledInDouble('Sigmoid', 'sigmoid'),
  softplus: spelledInDouble('Softplus', 'softplus'),
  relu: elements('Relu'),
  add: elements('Add'),
  sub: elements('Sub'),
  mul: elements('Mul'),
  div: elements('Div'),
  minimum: elements('Min'),
  maximum: elements('Max'),
  less: elements('Less'),
  lessEqual: elements('LessOrEqual'),
  equal: elements('Equal'),
  and: elements('And'),
  or: elements('Or'),
  not: elements('Not'),
  select: elements('Where'),
  cast,
  sum: reduction('ReduceSum'),
  reduceMax: reduction('ReduceMax'),
  argmax,
  matmul: (e, value, xs) => ({ name: e.node('MatMul', whole(e, value, xs)), shape: value.shape }),
  transpose: (e, value, xs) => ({
    name: e.node('Transpose', whole(e, value, xs), { perm: numberList(value.attrs.perm) }),
    shape: value.shape,
  }),
  reshape: reshaped,
  broadcast: repeated,
  oneHot,
};
