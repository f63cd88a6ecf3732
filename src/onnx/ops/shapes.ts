/** Shapes: what is computed from them while the model is written, and what gives a tensor another one. */

import { type Dim, type Shape, sameShape } from '../../../ir/types.ts';
import {
  axisOf,
  type Context,
  chained,
  expression,
  type Handler,
  int,
  list,
  wholeNumbers,
} from '../context.ts';
import { type Expression, refusal, type Sizes, showShape, staticCount, type Val } from '../values.ts';

export const sizes = (values: readonly Dim[], shape: readonly number[] = [values.length]): Sizes => ({
  kind: 'sizes',
  shape,
  values,
});

export const shapeOf: Handler = (c) => {
  const { shape } = c.input(0);
  const rank = shape.length;
  const place = (at: number): number => Math.min(rank, Math.max(0, at < 0 ? at + rank : at));
  return sizes(shape.slice(place(int(c, 'start', 0)), place(int(c, 'end', rank))));
};

function sizesAt(c: Context, i: number): Sizes {
  const found = c.input(i);
  if (found.kind === 'sizes') return found;
  throw refusal('it picks elements of a tensor');
}

export const gather: Handler = (c) => {
  const from = sizesAt(c, 0);
  const at = sizesAt(c, 1);
  const values = at.values.map((index) => {
    const position = index === 'batch' ? Number.NaN : index < 0 ? index + from.values.length : index;
    const found = from.values[position];
    if (found === undefined || from.shape.length !== 1) throw refusal('it picks what is not there');
    return found;
  });
  return sizes(values, at.shape);
};

export const slice: Handler = (c) => {
  const { values } = sizesAt(c, 0);
  const [from = 0] = wholeNumbers(c, 1, 'starts') ?? [];
  const [to = values.length] = wholeNumbers(c, 2, 'ends') ?? [];
  const [step = 1] = (c.optional(4) === undefined ? undefined : wholeNumbers(c, 4, 'steps')) ?? [];
  if (step !== 1) throw refusal('it leaves elements out');
  return sizes(values.slice(from, to));
};

/** Of 1 - p beside p, p alone says all. */
function secondOfTwo(c: Context): Val | undefined {
  const [first = '', second] = c.node.inputs;
  const difference = c.producerOf(first);
  if (c.count !== 2 || difference?.op !== 'Sub' || difference.inputs[1] !== second) return undefined;
  const one = c.valueOf(difference.inputs[0] ?? '');
  const p = c.input(1);
  if (one?.kind !== 'fill' || one.value !== 1 || p.kind !== 'expression') return undefined;
  c.remark(`of two probabilities side by side, the second is kept: the first is 1 minus it`);
  return p;
}

/** More elements than any shape has. */
const mostSizes = 64;

export const concat: Handler = (c) => {
  const second = secondOfTwo(c);
  if (second !== undefined) return second;
  const parts = Array.from({ length: c.count }, (_, i) => c.input(i));
  if (parts.length === 1 && parts[0]) return parts[0];
  const values = parts.flatMap((part) => {
    if (part.kind !== 'sizes') throw refusal('it joins tensors side by side');
    return part.values;
  });
  if (values.length > mostSizes) throw refusal('it joins too many sizes');
  return sizes(values);
};

export const constantOfShape: Handler = (c) => {
  const shape = sizesAt(c, 0).values;
  const given = c.node.attributes.get('value');
  const [value = 0] = given?.kind === 'tensor' ? (given.value.numbers ?? []) : [];
  const isFloat = given === undefined || (given.kind === 'tensor' && /FLOAT|DOUBLE/.test(given.value.type));
  if (isFloat) return { kind: 'fill', shape, value };
  const count = staticCount(shape);
  if (shape.includes('batch') || shape.length > 1 || count > mostSizes)
    throw refusal('it makes data of a shape');
  return sizes(
    Array.from({ length: count }, () => value),
    shape.length === 0 ? [] : [count],
  );
};

export const expand: Handler = (c) => {
  const x = c.input(0);
  const shape = sizesAt(c, 1).values;
  if (x.kind === 'fill') return { ...x, shape };
  if (sameShape(x.shape, shape) || shape.every((dim) => dim === 1)) return x;
  throw refusal('it repeats a tensor');
};

/** `x` with the elements in the order that they have. */
export function reshaped(c: Context, x: Val, shape: Shape): Val {
  if (sameShape(x.shape, shape)) return x;
  if (x.kind === 'fill') return { ...x, shape };
  if (x.kind === 'sizes') return sizes(x.values, shape.map(Number));
  const batches = shape.filter((dim) => dim === 'batch').length;
  const fits =
    staticCount(shape) === staticCount(x.shape) &&
    batches === x.shape.filter((dim) => dim === 'batch').length;
  if (!fits || (batches > 0 && shape[0] !== 'batch'))
    throw refusal(`[${x.shape}] cannot become [${shape}] with the samples first`);
  const tensor = expression(c, x);
  return {
    ...chained(c, tensor, `reshape(${showShape(shape)})`, shape),
    element: tensor.element,
    raw: tensor.raw,
  };
}

export const reshape: Handler = (c) => {
  const x = c.input(0);
  const given = c.optional(1);
  const wanted = given === undefined ? (list(c, 'shape') ?? []) : sizesAt(c, 1).values;
  const copies = int(c, 'allowzero', 0) === 0;
  const dims = wanted.map((dim, axis) => (dim === 0 && copies ? (x.shape[axis] ?? 0) : dim));
  return reshaped(c, x, filledIn(c, dims, x.shape));
};

/** The target with its -1 filled in, and the number of samples where it stands for it. */
function filledIn(c: Context, dims: readonly Dim[], from: Shape): Shape {
  const isBatched = from.includes('batch');
  const isOpen = dims.includes(-1);
  const rest = (shape: readonly Dim[]): number => staticCount(shape.filter((dim) => dim !== -1));
  const lacksBatch = isBatched && !dims.includes('batch');
  // With a fixed number of samples, their axis is written as that number.
  const fixed = lacksBatch && c.fixedBatch !== undefined && dims[0] === c.fixedBatch;
  const filled: readonly Dim[] = fixed ? ['batch', ...dims.slice(1)] : dims;
  if (!isOpen) return filled;
  const samples = lacksBatch && !fixed && rest(filled) === staticCount(from);
  const size = samples ? 'batch' : staticCount(from) / rest(filled);
  if (size !== 'batch' && !Number.isInteger(size)) throw refusal(`[${from}] cannot become [${dims}]`);
  return filled.map((dim) => (dim === -1 ? size : dim));
}

export const flatten: Handler = (c) => {
  const x = c.input(0);
  const axis = int(c, 'axis', 1);
  const at = axis < 0 ? axis + x.shape.length : axis;
  if (at !== 1 || x.shape[0] !== 'batch') throw refusal('it does not keep the samples apart');
  return reshaped(c, x, ['batch', staticCount(x.shape)]);
};

export const squeeze: Handler = (c) => {
  const x = c.input(0);
  const axes = wholeNumbers(c, 1, 'axes')?.map((axis) => axisOf(axis, x.shape.length));
  const gone = (dim: Dim, axis: number): boolean => (axes === undefined ? dim === 1 : axes.includes(axis));
  if (x.shape.some((dim, axis) => gone(dim, axis) && dim !== 1))
    throw refusal('it drops an axis that is not of size 1');
  return reshaped(
    c,
    x,
    x.shape.filter((dim, axis) => !gone(dim, axis)),
  );
};

export const unsqueeze: Handler = (c) => {
  const x = c.input(0);
  const axes = wholeNumbers(c, 1, 'axes') ?? [];
  const rank = x.shape.length + axes.length;
  if (rank > 32) throw refusal('it has too many axes');
  const added = axes.map((axis) => axisOf(axis, rank));
  const rest = [...x.shape];
  return reshaped(
    c,
    x,
    Array.from({ length: rank }, (_, axis) => (added.includes(axis) ? 1 : (rest.shift() ?? 1))),
  );
};

export const transpose: Handler = (c) => {
  const x = c.input(0);
  const rank = x.shape.length;
  const perm = list(c, 'perm') ?? x.shape.map((_, axis) => rank - 1 - axis);
  if ([...perm].sort((a, b) => a - b).join() !== x.shape.map((_, axis) => axis).join())
    throw refusal('its order of axes is none');
  const shape = perm.map((axis) => x.shape[axis] ?? 1);
  if (x.kind === 'fill') return { ...x, shape };
  const large = (order: readonly number[]): string => order.filter((axis) => x.shape[axis] !== 1).join();
  // Axes of size 1 can be anywhere.
  if (large(perm) === large(x.shape.map((_, axis) => axis))) return reshaped(c, x, shape);
  if (perm.some((axis, i) => axis !== rank - 1 - i))
    throw refusal('it moves axes without reversing all of them');
  const tensor = expression(c, x);
  return { ...chained(c, tensor, 'transpose()', shape), element: tensor.element };
};

/** Arithmetic of sizes where both operands are sizes, and of data otherwise. */
export const orOfSizes =
  (ofData: Handler): Handler =>
  (c) => {
    const [a, b] = [c.input(0), c.input(1)];
    return a.kind === 'sizes' && b.kind === 'sizes' ? combinedSizes(c.node.op, a, b) : ofData(c);
  };

function combinedSizes(op: string, a: Sizes, b: Sizes): Sizes {
  const calculate = calculations.get(op) ?? add;
  if (a.values.length !== 1 && b.values.length !== 1 && a.values.length !== b.values.length)
    throw refusal('its operands do not fit together');
  const count = Math.max(a.values.length, b.values.length);
  const values = Array.from({ length: count }, (_, i): Dim => {
    const x = a.values[a.values.length === 1 ? 0 : i];
    const y = b.values[b.values.length === 1 ? 0 : i];
    if (x === 'batch' && y === 1 && (op === 'Mul' || op === 'Div')) return x;
    if (y === 'batch' && x === 1 && op === 'Mul') return y;
    if (typeof x !== 'number' || typeof y !== 'number')
      throw refusal('it computes with the number of samples');
    return calculate(x, y);
  });
  return sizes(values, a.shape.length >= b.shape.length ? a.shape : b.shape);
}

const add = (x: number, y: number): number => x + y;
const sub = (x: number, y: number): number => x - y;
const mul = (x: number, y: number): number => x * y;
const div = (x: number, y: number): number => Math.trunc(x / y);
const calculations: ReadonlyMap<string, (x: number, y: number) => number> = new Map([
  ['Add', add],
  ['Sub', sub],
  ['Mul', mul],
  ['Div', div],
]);

export const argmax: Handler = (c) => {
  const x = c.input(0);
  const data: Expression = expression(c, x);
  const axis = axisOf(int(c, 'axis', 0), data.shape.length);
  if (int(c, 'select_last_index', 0) !== 0) throw refusal('it takes the last of several');
  const kept = data.shape.filter((_, i) => i !== axis);
  const found: Expression = { ...chained(c, data, `argmax(${axis})`, kept), element: 'int', raw: false };
  if (int(c, 'keepdims', 1) === 0) return found;
  return reshaped(
    c,
    found,
    data.shape.map((dim, i) => (i === axis ? 1 : dim)),
  );
};
