/** Element types and shapes: a shape is static but for the symbolic number of samples, `'batch'`. */

export type Float = 'f32' | 'f64';
export type DType = Float | 'i32' | 'bool';
/** A fixed size, or the number of samples at hand, from 1 to the program's maximum. */
export type Dim = number | 'batch';
export type Shape = readonly Dim[];

/** What is known of a value before it is computed. */
export interface Type {
  readonly shape: Shape;
  readonly dtype: DType;
}

export const bytesPerElement = { f32: 4, f64: 8, i32: 4, bool: 1 } as const;

export const isFloat = (dtype: DType): dtype is Float => dtype === 'f32' || dtype === 'f64';

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((dim, axis) => dim === b[axis]);

export const showShape = (shape: Shape): string => `[${shape.join(', ')}]`;

export const showType = (type: Type): string => `${type.dtype}${showShape(type.shape)}`;

/** The size of `dim` when `batch` samples are at hand. */
export const extentOf = (dim: Dim, batch: number): number => (dim === 'batch' ? batch : dim);

/** Number of elements when `batch` samples are at hand; NaN when it exceeds what a number counts exactly. */
export function elementCount(shape: Shape, batch: number): number {
  let count = 1;
  for (const dim of shape) count *= extentOf(dim, batch);
  return Number.isSafeInteger(count) ? count : Number.NaN;
}

/** Axes of `shape` not in `axes`, in order. */
export const keptAxes = (rank: number, axes: readonly number[]): number[] =>
  Array.from({ length: rank }, (_, axis) => axis).filter((axis) => !axes.includes(axis));

/** The shape left when `axes` are reduced away. */
export const withoutAxes = (shape: Shape, axes: readonly number[]): Shape =>
  shape.filter((_, axis) => !axes.includes(axis));

/**
 * The common shape of two operands by NumPy's rule (right-aligned, size 1 stretches), or undefined.
 * `'batch'` matches `'batch'` and 1 alone, because its size is not known.
 */
export function broadcastShapes(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const joined: Dim[] = [];
  for (let back = 1; back <= rank; back++) {
    const x = a[a.length - back] ?? 1;
    const y = b[b.length - back] ?? 1;
    if (x !== y && x !== 1 && y !== 1) return undefined;
    joined.unshift(x === 1 ? y : x);
  }
  return joined;
}
