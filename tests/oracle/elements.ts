/** Computes a value element by element through its `at` facet, reading indices and scalars as numbers. */

import type { Index } from '../../ir/index-expr.ts';
import { varIndex } from '../../ir/index-expr.ts';
import type { Op } from '../../ir/op.ts';
import { opOf } from '../../ir/ops/index.ts';
import { type Access, type Reduce, type Scalar, scalarBuilder } from '../../ir/scalar.ts';
import { applyScalar, round } from '../../ir/scalar-evaluate.ts';
import type { Tensor } from '../../ir/tensor.ts';
import type { Dim, Float } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import { count, offsetAt, positionOf } from '../../src/oracle/arrays.ts';
import { indexAt } from './accesses.ts';

export interface ElementBindings {
  readonly batch: number;
  readonly float: Float;
  /** The inputs of the value, already computed. */
  readonly tensors: ReadonlyMap<Value, Tensor>;
}

type Variables = Map<string, number>;

/** All elements of `value`, or undefined when its op is never lowered. */
export function elementsOf(value: Value, bindings: ElementBindings): Float64Array | undefined {
  const { at } = opOf(value.op) as Op;
  if (!at) return undefined;
  let reductions = 0;
  const builder = scalarBuilder(bindings.float, () => `k${reductions++}`);
  const index = value.shape.map((dim, axis) => varIndex(`i${axis}`, dim));
  const scalar = at(builder, value.inputs.map(accessTo), index, value);
  if (scalar.dtype !== value.dtype) throw new Error(`an element is ${scalar.dtype}, not ${value.dtype}`);
  const shape = value.shape.map((dim) => extent(dim, bindings));
  return Float64Array.from({ length: count(shape) }, (_, offset) => {
    const position = positionOf(offset, shape);
    return evaluateScalar(scalar, new Map(position.map((p, axis) => [`i${axis}`, p])), bindings);
  });
}

const accessTo = (from: Value): Access => ({
  dtype: from.dtype,
  shape: from.shape,
  at: (...index) => ({ kind: 'load', from, index, dtype: from.dtype }),
});

const extent = (dim: Dim, { batch }: ElementBindings): number => (dim === 'batch' ? batch : dim);

const evaluateIndex = (index: Index, variables: Variables, { batch }: ElementBindings): number =>
  indexAt(index, variables, batch);

function evaluateScalar(scalar: Scalar, variables: Variables, bindings: ElementBindings): number {
  switch (scalar.kind) {
    case 'number':
      return round(scalar.value, scalar.dtype);
    case 'batch':
      return round(bindings.batch, scalar.dtype);
    case 'index':
      return evaluateIndex(scalar.index, variables, bindings);
    case 'local':
      throw new Error('a local name outside of an expansion');
    case 'load':
      return load(scalar.from, scalar.index, variables, bindings);
    case 'apply': {
      const args = scalar.args.map((arg) => evaluateScalar(arg, variables, bindings));
      return applyScalar(scalar.fn, args, scalar.dtype, bindings.float);
    }
    case 'reduce':
      return evaluateReduce(scalar, variables, bindings);
  }
}

function load(from: Value, index: readonly Index[], variables: Variables, bindings: ElementBindings): number {
  const tensor = bindings.tensors.get(from);
  if (!tensor || index.length !== tensor.shape.length) throw new Error(`${from.op} is read at a wrong rank`);
  const position = index.map((part) => evaluateIndex(part, variables, bindings));
  if (position.some((p, axis) => p < 0 || p >= (tensor.shape[axis] ?? 0) || !Number.isInteger(p))) {
    throw new Error(`${from.op} is read at [${position}], outside of [${tensor.shape}]`);
  }
  return tensor.data[offsetAt(position, tensor.shape)] ?? Number.NaN;
}

function evaluateReduce(reduce: Reduce, variables: Variables, bindings: ElementBindings): number {
  let total = reduce.reduce === 'sum' ? 0 : Number.NEGATIVE_INFINITY;
  let best = 0;
  for (let k = 0; k < extent(reduce.extent, bindings); k++) {
    if (reduce.over.kind === 'var') variables.set(reduce.over.name, k);
    const element = evaluateScalar(reduce.body, variables, bindings);
    if (reduce.reduce === 'sum') total = round(total + element, reduce.dtype);
    else if (reduce.reduce === 'max') total = Math.max(total, element);
    else if (element > total) [total, best] = [element, k];
  }
  return reduce.reduce === 'argmax' ? best : total;
}
