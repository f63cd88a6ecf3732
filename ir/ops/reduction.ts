/** What reductions over axes have in common: their type, their index, and a walk over the reduced elements. */

import { errors } from '../errors.ts';
import { constIndex, type Index } from '../index-expr.ts';
import { binds, call, type Notation } from '../notation.ts';
import { nth } from '../op.ts';
import type { Access, ReduceKind, Scalar, ScalarBuilder } from '../scalar.ts';
import { forEachIndex, offsetIn, stridesOf, type Tensor } from '../tensor.ts';
import { keptAxes, type Type, withoutAxes } from '../types.ts';
import type { Value } from '../value.ts';

export interface AxesAttr {
  /** Ascending positions of the axes that disappear. */
  readonly axes: readonly number[];
  readonly [name: string]: readonly number[];
}

export function inferReduction(
  name: string,
  x: Value,
  axes: readonly number[],
  show: (value: Value) => string,
): Type {
  axes.forEach((axis, i) => {
    const follows = i === 0 || axis > nth(axes, i - 1);
    if (!Number.isInteger(axis) || axis < 0 || axis >= x.shape.length || !follows) {
      throw errors.axis(name, show(x), axis);
    }
  });
  return { shape: withoutAxes(x.shape, axes), dtype: x.dtype };
}

/** Nested reductions over `axes`, the first outermost: elements are taken in row-major order. */
export function reduceAxes(
  s: ScalarBuilder,
  kind: ReduceKind,
  x: Access,
  axes: readonly number[],
  index: readonly Index[],
): Scalar {
  const kept = keptAxes(x.shape.length, axes);
  const full = x.shape.map((_, axis) => index[kept.indexOf(axis)] ?? constIndex(0));
  const over = (depth: number): Scalar => {
    const axis = axes[depth];
    if (axis === undefined) return x.at(...full);
    return s.reduce(kind, nth(x.shape, axis), (k) => {
      full[axis] = k;
      return over(depth + 1);
    });
  };
  return over(0);
}

/** For each element of the result, folds the elements of `x` that it reduces, in row-major order. */
export function foldAxes(
  x: Tensor,
  axes: readonly number[],
  shape: readonly number[],
  start: number,
  combine: (total: number, element: number, position: number) => number,
): number[] {
  const strides = stridesOf(x.shape);
  const kept = keptAxes(x.shape.length, axes).map((axis) => strides[axis] ?? 0);
  const reduced = axes.map((axis) => strides[axis] ?? 0);
  const sizes = axes.map((axis) => x.shape[axis] ?? 1);
  const result: number[] = [];
  forEachIndex(shape, (index) => {
    const base = offsetIn(kept, index);
    let total = start;
    forEachIndex(sizes, (position) => {
      total = combine(total, x.data[base + offsetIn(reduced, position)] ?? 0, result.length);
    });
    result.push(total);
  });
  return result;
}

export const reductionNotation =
  (name: string, tex: string) =>
  (x: Notation, axes: readonly number[]): Notation => ({
    ...call(`${name}[${axes}]`)(x),
    tex: `${tex}_{${indexNames(axes)}} ${argument(x)}`,
    texBinds: binds.product,
  });

/** Axes as the indices that are summed over: i counts samples, j what is in a row. */
const indexNames = (axes: readonly number[]): string => axes.map((axis) => 'ijkl'[axis] ?? axis).join(' ');

const argument = ({ tex, binds: strength }: Notation): string =>
  strength >= binds.matrix ? tex : `\\left(${tex}\\right)`;
