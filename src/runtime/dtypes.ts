/** The arrays of each dtype, and how many numbers a shape has. */

import type { TypedArray } from './module.ts';

export type DType = 'f32' | 'f64' | 'i32';

/** What the constructors of the typed arrays have in common. */
export interface ArrayType {
  new (length: number): TypedArray;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): TypedArray;
  readonly BYTES_PER_ELEMENT: number;
  readonly name: string;
}

export const arrayTypes: { readonly [D in DType]: ArrayType } = {
  f32: Float32Array,
  f64: Float64Array,
  i32: Int32Array,
};

/** An array of zeros of the dtype. */
export const zeros = (dtype: DType, length: number): TypedArray => new arrayTypes[dtype](length);

/** Whether `array` holds the dtype already, so that no copy is needed. */
export const holds = (array: unknown, dtype: DType): array is TypedArray =>
  array instanceof arrayTypes[dtype];

/** Numbers per record: the product of the fixed sizes. */
export const rowSize = (shape: readonly (number | 'batch')[]): number =>
  shape.reduce<number>((size, dim) => (dim === 'batch' ? size : size * dim), 1);

/** 0 times a number is 0 unless it is NaN or infinite; four sums, so that none waits for the one before. */
export function isAllFinite(array: TypedArray): boolean {
  const end = array.length - (array.length % 4);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < end; i += 4) {
    a += (array[i] ?? 0) * 0;
    b += (array[i + 1] ?? 0) * 0;
    c += (array[i + 2] ?? 0) * 0;
    d += (array[i + 3] ?? 0) * 0;
  }
  for (let i = end; i < array.length; i++) a += (array[i] ?? 0) * 0;
  return a + b + c + d === 0;
}
