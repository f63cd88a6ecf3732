/** Forward-mode derivatives of a graph in f64, worked out from calculus: the first oracle of gradients. */

import { reachable, type Value } from '../../ir/value.ts';
import { uniform01 } from '../runtime/random.ts';
import { count, groupsOf, numbersOf, offsetAt, positionOf } from './arrays.ts';
import { derivativeTerms, pointwise } from './calculus.ts';

/** An array with its derivative along a direction, and the sum of the absolute terms of that derivative. */
export interface Dual {
  readonly shape: readonly number[];
  readonly value: Float64Array;
  readonly tangent: Float64Array;
  readonly terms: Float64Array;
}

export interface DualBindings {
  readonly batch: number;
  readonly leaf: (value: Value) => ArrayLike<number>;
}

/** The direction at a leaf; undefined for leaves that stay put. */
export type Direction = (leaf: Value) => ArrayLike<number> | undefined;

/** Every value that `root` needs, differentiated along `direction`. */
export function dualsOf(root: Value, bindings: DualBindings, direction: Direction): Map<Value, Dual> {
  const duals = new Map<Value, Dual>();
  for (const node of reachable([root])) {
    const shape = node.shape.map((dim) => (dim === 'batch' ? bindings.batch : dim));
    const xs = node.inputs.map((input) => duals.get(input)).filter((x): x is Dual => x !== undefined);
    duals.set(node, dualOf(node, shape, xs, bindings, direction));
  }
  return duals;
}

/** The derivative of `root` when each leaf moves along its direction. */
export function directionalDerivative(root: Value, bindings: DualBindings, direction: Direction): Dual {
  const dual = dualsOf(root, bindings, direction).get(root);
  if (!dual) throw new Error('the root was not reached');
  return dual;
}

const empty = (shape: readonly number[]): Dual => ({
  shape,
  value: new Float64Array(count(shape)),
  tangent: new Float64Array(count(shape)),
  terms: new Float64Array(count(shape)),
});

function still(shape: readonly number[], value: ArrayLike<number>): Dual {
  return { ...empty(shape), value: Float64Array.from(value) };
}

function dualOf(
  node: Value,
  shape: readonly number[],
  xs: readonly Dual[],
  bindings: DualBindings,
  direction: Direction,
): Dual {
  const [x, y] = xs;
  const size = count(shape);
  if (node.op === 'input' || node.op === 'state') {
    const tangent = Float64Array.from(direction(node) ?? new Float64Array(size));
    return {
      shape,
      value: Float64Array.from(bindings.leaf(node)),
      tangent,
      terms: tangent.map((t) => Math.abs(t)),
    };
  }
  if (node.op === 'constant') return still(shape, new Float64Array(size).fill(Number(node.attrs.value)));
  if (node.op === 'batchSize') return still(shape, [bindings.batch]);
  if (node.op === 'uniform') {
    const draw = (i: number) => uniform01(x?.value[0] ?? 0, Number(node.attrs.stream), y?.value[0] ?? 0, i);
    return still(
      shape,
      Array.from({ length: size }, (_, i) => draw(i)),
    );
  }
  if (x && y && node.op === 'matmul') return matmul(x, y, shape);
  if (x && node.op === 'oneHot') return oneHot(x, shape);
  if (x && node.op === 'cast') return cast(x, node);
  if (x && ['sum', 'reduceMax', 'logSumExp', 'argmax'].includes(node.op)) return reduction(x, node, shape);
  if (x && ['reshape', 'transpose', 'broadcast'].includes(node.op)) return movement(x, node, shape);
  return elementwise(node, shape, xs);
}

function elementwise(node: Value, shape: readonly number[], xs: readonly Dual[]): Dual {
  const rule = pointwise[node.op];
  if (!rule) throw new Error(`the oracle has no derivative of ${node.op}`);
  const result = empty(shape);
  for (let i = 0; i < result.value.length; i++) {
    const [value, ...partials] = rule(xs[0]?.value[i] ?? 0, xs[1]?.value[i] ?? 0, xs[2]?.value[i] ?? 0);
    result.value[i] = node.dtype === 'i32' ? value | 0 : value;
    partials.forEach((partial, k) => {
      if (partial === 0) return; // what does not matter cannot leak
      result.tangent[i] = (result.tangent[i] ?? 0) + partial * (xs[k]?.tangent[i] ?? 0);
      const size = derivativeTerms[node.op]?.(xs[0]?.value[i] ?? 0) ?? Math.abs(partial);
      result.terms[i] = (result.terms[i] ?? 0) + size * (xs[k]?.terms[i] ?? 0);
    });
  }
  return result;
}

function cast(x: Dual, node: Value): Dual {
  const convert = (v: number) => (node.dtype === 'i32' ? v | 0 : node.dtype === 'bool' ? Number(v !== 0) : v);
  const smooth = node.dtype === 'f32' || node.dtype === 'f64';
  return smooth ? x : still(x.shape, x.value.map(convert));
}

function oneHot(x: Dual, shape: readonly number[]): Dual {
  const classes = shape[shape.length - 1] ?? 0;
  const result = empty(shape);
  x.value.forEach((label, i) => {
    for (let c = 0; c < classes; c++) result.value[i * classes + c] = label === c ? 1 : 0;
  });
  return result;
}

/** d(xy) = dx y + x dy, by rows and columns. */
function matmul(x: Dual, y: Dual, shape: readonly number[]): Dual {
  const [rows = 0, columns = 0] = shape;
  const inner = x.shape[1] ?? 0;
  const result = empty(shape);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const at = i * columns + j;
      for (let k = 0; k < inner; k++) {
        const [p, q] = [i * inner + k, k * columns + j];
        const [a, b] = [x.value[p] ?? 0, y.value[q] ?? 0];
        result.value[at] = (result.value[at] ?? 0) + a * b;
        result.tangent[at] = (result.tangent[at] ?? 0) + (x.tangent[p] ?? 0) * b + a * (y.tangent[q] ?? 0);
        const size = (x.terms[p] ?? 0) * Math.abs(b) + Math.abs(a) * (y.terms[q] ?? 0);
        result.terms[at] = (result.terms[at] ?? 0) + size;
      }
    }
  }
  return result;
}

/** How much each element of a group weighs in the derivative of its reduction, and the reduction's value. */
function weigh(op: string, group: readonly number[]): readonly [number, (element: number) => number] {
  if (op === 'sum') return [group.reduce((a, b) => a + b, 0), () => 1];
  const largest = Math.max(...group);
  if (op === 'argmax') return [Math.max(0, group.indexOf(largest)), () => 0];
  if (op === 'reduceMax') {
    const ties = group.filter((element) => element === largest).length;
    return [largest, (element) => (element === largest ? 1 / ties : 0)];
  }
  const total = group.reduce((a, b) => a + Math.exp(b - largest), 0);
  return [largest + Math.log(total), (element) => Math.exp(element - largest) / total];
}

function reduction(x: Dual, node: Value, shape: readonly number[]): Dual {
  const axes = node.op === 'argmax' ? [Number(node.attrs.axis)] : numbersOf(node.attrs.axes);
  const result = empty(shape);
  groupsOf(x.shape, axes).forEach((offsets, i) => {
    const [value, weight] = weigh(
      node.op,
      offsets.map((offset) => x.value[offset] ?? 0),
    );
    result.value[i] = node.dtype === 'i32' ? value | 0 : value;
    for (const offset of offsets) {
      const w = weight(x.value[offset] ?? 0);
      if (w === 0) continue;
      result.tangent[i] = (result.tangent[i] ?? 0) + w * (x.tangent[offset] ?? 0);
      result.terms[i] = (result.terms[i] ?? 0) + w * (x.terms[offset] ?? 0);
    }
  });
  return result;
}

/** Where in x an element of a movement's result comes from. */
function sourceOf(node: Value, x: Dual, shape: readonly number[], offset: number): number {
  if (node.op === 'reshape') return offset;
  const position = positionOf(offset, shape);
  if (node.op === 'broadcast') {
    const added = numbersOf(node.attrs.axes);
    return offsetAt(
      position.filter((_, axis) => !added.includes(axis)),
      x.shape,
    );
  }
  const source = x.shape.map(() => 0);
  numbersOf(node.attrs.perm).forEach((axis, i) => {
    source[axis] = position[i] ?? 0;
  });
  return offsetAt(source, x.shape);
}

function movement(x: Dual, node: Value, shape: readonly number[]): Dual {
  const result = empty(shape);
  for (let i = 0; i < result.value.length; i++) {
    const from = sourceOf(node, x, shape, i);
    result.value[i] = x.value[from] ?? 0;
    result.tangent[i] = x.tangent[from] ?? 0;
    result.terms[i] = x.terms[from] ?? 0;
  }
  return result;
}
