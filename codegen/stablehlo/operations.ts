/** What each op is in StableHLO: one entry for each, with nothing about how functions or modules are written. */

import { errors } from '../../ir/errors.ts';
import { nth } from '../../ir/op.ts';
import type { OpName } from '../../ir/ops/index.ts';
import type { ScalarFunction } from '../../ir/scalar.ts';
import { isFloat, keptAxes } from '../../ir/types.ts';
import { numberList, type Value } from '../../ir/value.ts';
import { arrow, type Body, counting, stretched, type Term, write } from './body.ts';
import { spell } from './scalars.ts';
import { scalarOf, type TensorType } from './tensors.ts';

export interface Site {
  readonly body: Body;
  readonly xs: readonly Term[];
  readonly value: Value;
  /** Of the result. */
  readonly type: TensorType;
}

/** What stands after the equals sign, or the operand that the result is. */
export type Operation = (site: Site) => string | Term;

const elementwise =
  (fn: ScalarFunction): Operation =>
  ({ body, xs, type }) =>
    spell(body, fn, xs, type);

const itself: Operation = ({ xs }) => nth(xs, 0);

const never: Operation = ({ value }) => {
  throw errors.invalid(`${value.op} reached StableHLO; a pass before it replaces it`);
};

/** Arguments of the function: whoever writes it knows them. */
const given = never;

const axesOf = ({ value }: Site): readonly number[] => numberList(value.attrs.axes);

const sum: Operation = (site) => {
  const { body, xs, type } = site;
  return write.reduce('add', nth(xs, 0), body.constant(0, scalarOf(type.dtype)), axesOf(site), type);
};

/**
 * max(x, 0) + ln(1 + e^-|x|) by XLA's own ln(1 + u): our expansion has ln(1 + u) u / ((1 + u) - 1) for it, which XLA
 * simplifies as if 1 + u were not rounded, and loses what that repairs.
 */
const softplus: Operation = ({ body, xs, type }) => {
  const x = nth(xs, 0);
  const line = (text: string): Term => body.add(text, type);
  const decay = line(write.same('exponential', line(write.same('negate', line(write.same('abs', x))))));
  const above = line(write.same('maximum', x, body.constant(0, type)));
  return write.same('add', above, line(write.same('log_plus_one', decay)));
};

/** What no element of the dtype is below. */
const lowest = ({ body, type: { dtype } }: Site): Term =>
  body.constant(isFloat(dtype) ? Number.NEGATIVE_INFINITY : -(2 ** 31), scalarOf(dtype));

const reduceMax: Operation = (site) =>
  write.reduce('maximum', nth(site.xs, 0), lowest(site), axesOf(site), site.type);

/** The least index at which the largest element stands, where NaN counts as the smallest. */
const argmax: Operation = (site) => {
  const { body, value, type } = site;
  const axis = Number(value.attrs.axis);
  const start = lowest({ ...site, type: nth(site.xs, 0).type });
  const x = withoutNaN(body, nth(site.xs, 0), start);
  const { shape, dtype } = x.type;
  const kept = { shape: type.shape, dtype };
  const largest = body.add(write.reduce('maximum', x, start, [axis], kept), kept);
  const everywhere = body.add(write.broadcast(largest, keptAxes(shape.length, [axis]), x.type), x.type);
  const isLargest = body.add(write.compare('EQ', x, everywhere), { shape, dtype: 'bool' });
  const none = body.constant(2 ** 31 - 1, scalarOf('i32'));
  const index = counting(body, axis, shape);
  const found = body.add(write.select(isLargest, index, stretched(body, none, shape)), index.type);
  return write.reduce('minimum', found, none, [axis], type);
};

/** `x` with `instead` in the place of NaN, which alone is not equal to itself. */
function withoutNaN(body: Body, x: Term, instead: Term): Term {
  if (!isFloat(x.type.dtype)) return x;
  const isNumber = body.add(write.compare('EQ', x, x), { ...x.type, dtype: 'bool' });
  return body.add(write.select(isNumber, x, stretched(body, instead, x.type.shape)), x.type);
}

const matmul: Operation = ({ xs: [x, y], type }) => {
  if (x === undefined || y === undefined) throw errors.invalid('matmul of nothing');
  // Without this, devices take their shortcuts: bfloat16 or tf32 in place of float32.
  return `stablehlo.dot_general ${x.id}, ${y.id}, contracting_dims = [1] x [0], precision = [HIGHEST, HIGHEST] : ${arrow([x, y], type)}`;
};

const transpose: Operation = ({ xs, value, type }) => {
  const x = nth(xs, 0);
  return `stablehlo.transpose ${x.id}, dims = [${numberList(value.attrs.perm).join(', ')}] : ${arrow([x], type)}`;
};

const broadcast: Operation = (site) =>
  write.broadcast(nth(site.xs, 0), keptAxes(site.type.shape.length, axesOf(site)), site.type);

/** Equal to the number of its column, along a new last axis. */
const oneHot: Operation = ({ body, xs, type }) => {
  const x = nth(xs, 0);
  const last = type.shape.length - 1;
  const wide: TensorType = { shape: type.shape, dtype: 'i32' };
  const spread = body.add(write.broadcast(x, keptAxes(last + 1, [last]), wide), wide);
  const hit = write.compare('EQ', spread, counting(body, last, type.shape));
  if (type.dtype === 'bool') return hit;
  return write.turned('convert', body.add(hit, { ...wide, dtype: 'bool' }), type);
};

/** Of the position among all elements, row by row, which is what makes a mask the same however the batch is spread. */
const uniform: Operation = ({ body, xs: [seed, counter], value, type }) => {
  if (seed === undefined || counter === undefined) throw errors.invalid('uniform takes seed and counter');
  const stream = body.constant(Number(value.attrs.stream), scalarOf('i32'));
  return spell(body, 'uniform', [seed, stream, counter, positions(body, type.shape)], type);
};

/** The offset of each element in row-major order; the sum over axes keeps to the shape, along which a batch is spread. */
function positions(body: Body, shape: readonly number[]): Term {
  const type: TensorType = { shape, dtype: 'i32' };
  let stride = 1;
  let total: Term | undefined;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const index = counting(body, axis, shape);
    const step =
      stride === 1 ? index : body.add(write.same('multiply', index, body.constant(stride, type)), type);
    total = total === undefined ? step : body.add(write.same('add', total, step), type);
    stride *= nth(shape, axis);
  }
  return total ?? body.constant(0, type);
}

export const operations: { readonly [Name in OpName]: Operation } = {
  input: given,
  state: given,
  constant: ({ body, value, type }) => body.constant(Number(value.attrs.value), type),
  batchSize: ({ body, type }) => body.constant(body.batch, type),
  uniform,
  neg: elementwise('neg'),
  abs: elementwise('abs'),
  sign: ({ xs }) => write.same('sign', ...xs),
  floor: elementwise('floor'),
  exp: elementwise('exp'),
  expm1: elementwise('expm1'),
  log: elementwise('log'),
  sqrt: elementwise('sqrt'),
  sin: elementwise('sin'),
  cos: elementwise('cos'),
  tanh: elementwise('tanh'),
  erf: elementwise('erf'),
  sigmoid: elementwise('sigmoid'),
  softplus,
  relu: ({ body, xs, type }) => write.same('maximum', nth(xs, 0), body.constant(0, type)),
  stopGradient: itself,
  opaque: itself,
  add: elementwise('add'),
  sub: elementwise('sub'),
  mul: elementwise('mul'),
  div: elementwise('div'),
  minimum: elementwise('min'),
  maximum: elementwise('max'),
  less: elementwise('less'),
  lessEqual: elementwise('lessEqual'),
  equal: elementwise('equal'),
  and: elementwise('and'),
  or: elementwise('or'),
  not: elementwise('not'),
  select: elementwise('select'),
  cast: ({ xs, type }) => write.turned('convert', nth(xs, 0), type),
  sum,
  reduceMax,
  argmax,
  logSumExp: never,
  matmul,
  transpose,
  reshape: ({ xs, type }) => write.turned('reshape', nth(xs, 0), type),
  broadcast,
  oneHot,
  grad: never,
};
