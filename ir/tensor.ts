/** Arrays of the reference evaluator: plain numbers, row-major, each already rounded to its dtype. */

import type { DType } from './types.ts';

export interface Tensor {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: ArrayLike<number>;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1);

/** Row-major strides, in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  }
  return strides;
}

/** Calls `visit` with every index of `shape` in row-major order. */
export function forEachIndex(
  shape: readonly number[],
  visit: (index: readonly number[], offset: number) => void,
): void {
  const size = sizeOf(shape);
  const index = shape.map(() => 0);
  for (let offset = 0; offset < size; offset++) {
    visit(index, offset);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      index[axis] = next < (shape[axis] ?? 1) ? next : 0;
      if (next < (shape[axis] ?? 1)) break;
    }
  }
}

export const offsetIn = (strides: readonly number[], index: readonly number[]): number =>
  index.reduce((offset, position, axis) => offset + position * (strides[axis] ?? 0), 0);
