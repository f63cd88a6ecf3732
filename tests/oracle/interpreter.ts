/**
 * A naive interpreter of graphs: plain loops over numbers, one case per op. It shares nothing with what ops say of
 * themselves, neither `reference` nor `at`, nor with the evaluator: a second opinion on both.
 *
 * Every value is computed in its own dtype: in f32, each operation is rounded, and a function such as exp once, at its
 * end; in i32, everything wraps around.
 */

import type { DType } from '../../ir/types.ts';
import { reachable, type Value } from '../../ir/value.ts';
import { count, groupsOf, numbersOf, offsetAt, positionOf } from '../../src/oracle/arrays.ts';
import { uniformAt } from '../../src/oracle/threefry.ts';
import { elementOps, rounded, wrappedProduct } from './interpreter-ops.ts';

export interface Interpreted {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export interface InterpreterBindings {
  /** Number of samples at hand. */
  readonly batch: number;
  /** The numbers of inputs and states. */
  readonly leaf: (value: Value) => ArrayLike<number>;
}

/** Everything that `roots` need. Iterative: graphs are 10,000 values deep. */
export function interpret(roots: readonly Value[], bindings: InterpreterBindings): Map<Value, Interpreted> {
  const results = new Map<Value, Interpreted>();
  for (const value of reachable(roots)) {
    const shape = value.shape.map((dim) => (dim === 'batch' ? bindings.batch : dim));
    const xs = value.inputs.map((input) => {
      const x = results.get(input);
      if (!x) throw new Error(`${input.op} is read before it is computed`);
      return x;
    });
    const data = compute(value, shape, xs, bindings);
    if (data.length !== count(shape)) throw new Error(`${value.op} has ${data.length} elements`);
    results.set(value, { shape, data });
  }
  return results;
}

const nothing: Interpreted = { shape: [], data: [] };

function compute(
  value: Value,
  shape: readonly number[],
  xs: readonly Interpreted[],
  { batch, leaf }: InterpreterBindings,
): number[] {
  const { op, attrs, dtype } = value;
  const [x = nothing, y = nothing] = xs;
  const size = count(shape);
  switch (op) {
    case 'input':
    case 'state':
      return Array.from(leaf(value), (number) => rounded(number, dtype));
    case 'constant':
      return tabulate(size, () => rounded(Number(attrs.value), dtype));
    case 'batchSize':
      return [rounded(batch, dtype)];
    case 'uniform':
      return tabulate(size, (i) => uniformAt(at(x, 0), Number(attrs.stream), at(y, 0), i));
    case 'matmul':
      return matmul(x, y, dtype);
    case 'oneHot':
      return oneHot(x, Number(attrs.classes));
    case 'sum':
      return sum(x, numbersOf(attrs.axes), dtype);
    case 'reduceMax':
      return groupsOf(x.shape, numbersOf(attrs.axes)).map((group) => largest(group.map((i) => at(x, i))));
    case 'logSumExp':
      return groupsOf(x.shape, numbersOf(attrs.axes)).map((group) =>
        rounded(logSumExp(group.map((i) => at(x, i))), dtype),
      );
    case 'argmax':
      return groupsOf(x.shape, [Number(attrs.axis)]).map((group) => firstLargest(group.map((i) => at(x, i))));
    case 'reshape':
      return [...x.data];
    case 'transpose':
      return transpose(x, numbersOf(attrs.perm), shape);
    case 'broadcast':
      return broadcast(x, numbersOf(attrs.axes), shape);
    default:
      return elementwise(op, xs, size, dtype);
  }
}

const tabulate = (size: number, element: (i: number) => number): number[] =>
  Array.from({ length: size }, (_, i) => element(i));

function at({ data }: Interpreted, offset: number): number {
  const x = data[offset];
  if (x === undefined) throw new Error(`there is no element ${offset} among ${data.length}`);
  return x;
}

function elementwise(op: string, xs: readonly Interpreted[], size: number, dtype: DType): number[] {
  const element = op === 'mul' && dtype === 'i32' ? wrappedProduct : elementOps[op];
  if (!element) throw new Error(`the interpreter does not know ${op}`);
  return tabulate(size, (i) => {
    const [a = 0, b = 0, c = 0] = xs.map((x) => at(x, i));
    return rounded(element(a, b, c), dtype);
  });
}

/** Row by column, products added up in ascending order. */
function matmul(x: Interpreted, y: Interpreted, dtype: DType): number[] {
  const [rows = 0, inner = 0] = x.shape;
  const columns = y.shape[1] ?? 0;
  const result: number[] = [];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let total = 0;
      for (let k = 0; k < inner; k++) {
        const product = rounded(at(x, i * inner + k) * at(y, k * columns + j), dtype);
        total = rounded(total + product, dtype);
      }
      result.push(total);
    }
  }
  return result;
}

const oneHot = ({ data }: Interpreted, classes: number): number[] =>
  data.flatMap((label) => tabulate(classes, (c) => (c === label ? 1 : 0)));

/** Over several axes, the totals of the inner ones are added up by the outer ones: each in ascending order, from 0. */
function sum(x: Interpreted, axes: readonly number[], dtype: DType): number[] {
  const [outer, ...inner] = axes;
  if (outer === undefined) return [...x.data];
  const rest = { shape: x.shape.filter((_, axis) => !inner.includes(axis)), data: sum(x, inner, dtype) };
  // The axes that went are behind the outer one, so it is where it was.
  return groupsOf(rest.shape, [outer]).map((group) => {
    let total = 0;
    for (const i of group) total = rounded(total + at(rest, i), dtype);
    return total;
  });
}

/** NaN if there is one. */
function largest(elements: readonly number[]): number {
  let result = Number.NEGATIVE_INFINITY;
  for (const element of elements) result = Math.max(result, element);
  return result;
}

/** The first of the largest elements; NaN is larger than nothing. */
function firstLargest(elements: readonly number[]): number {
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  elements.forEach((element, i) => {
    if (!(element > most)) return;
    most = element;
    best = i;
  });
  return best;
}

/** Shifted by the largest element, as the op promises: NaN where that is infinite. */
function logSumExp(elements: readonly number[]): number {
  const shift = largest(elements);
  let total = 0;
  for (const element of elements) total += Math.exp(element - shift);
  return shift + Math.log(total);
}

/** Axis i of the result is axis perm[i] of x. */
function transpose(x: Interpreted, perm: readonly number[], shape: readonly number[]): number[] {
  return tabulate(count(shape), (offset) => {
    const position = positionOf(offset, shape);
    const source = x.shape.map(() => 0);
    perm.forEach((axis, i) => {
      source[axis] = position[i] ?? 0;
    });
    return at(x, offsetAt(source, x.shape));
  });
}

/** `axes` are positions in the result along which x does not change. */
function broadcast(x: Interpreted, axes: readonly number[], shape: readonly number[]): number[] {
  return tabulate(count(shape), (offset) => {
    const position = positionOf(offset, shape);
    const source = position.filter((_, axis) => !axes.includes(axis));
    return at(x, offsetAt(source, x.shape));
  });
}
