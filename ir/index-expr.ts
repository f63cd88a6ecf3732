/** Integer expressions over loop variables: where in an array an element lies. */

import type { Dim, Shape } from './types.ts';

export type Index =
  /** From 0 to extent (times a fixed number, where a loop runs over all elements of a batch). */
  | { readonly kind: 'var'; readonly name: string; readonly extent: Dim; readonly times?: number }
  | { readonly kind: 'const'; readonly value: number }
  | { readonly kind: 'add'; readonly a: Index; readonly b: Index }
  | { readonly kind: 'mul'; readonly a: Index; readonly by: Dim }
  | { readonly kind: 'div'; readonly a: Index; readonly by: number }
  | { readonly kind: 'mod'; readonly a: Index; readonly by: number };

export const constIndex = (value: number): Index => ({ kind: 'const', value });

/** A loop over one element needs no variable. */
export const varIndex = (name: string, extent: Dim): Index =>
  extent === 1 ? constIndex(0) : { kind: 'var', name, extent };

export function addIndex(a: Index, b: Index): Index {
  if (a.kind === 'const' && a.value === 0) return b;
  if (b.kind === 'const' && b.value === 0) return a;
  if (a.kind === 'const' && b.kind === 'const') return constIndex(a.value + b.value);
  // floor(x / c) * c + x % c is x: splitting an offset and putting it together again.
  const rejoins =
    a.kind === 'mul' && a.a.kind === 'div' && b.kind === 'mod' && a.by === b.by && a.a.by === b.by;
  if (rejoins && showIndex(a.a.a) === showIndex(b.a)) return b.a;
  return { kind: 'add', a, b };
}

export function mulIndex(a: Index, by: Dim): Index {
  if (by === 1) return a;
  if (a.kind === 'const' && (a.value === 0 || by !== 'batch')) {
    return constIndex(by === 'batch' ? 0 : a.value * by);
  }
  return { kind: 'mul', a, by };
}

const divIndex = (a: Index, by: number): Index =>
  by === 1 ? a : a.kind === 'const' ? constIndex(Math.floor(a.value / by)) : { kind: 'div', a, by };

const modIndex = (a: Index, by: number): Index =>
  by === 1 ? constIndex(0) : a.kind === 'const' ? constIndex(a.value % by) : { kind: 'mod', a, by };

/** Row-major offset of `index` in an array of `shape`, as Horner's scheme keeps products small. */
export function offsetOf(index: readonly Index[], shape: Shape): Index {
  let offset = constIndex(0);
  index.forEach((position, axis) => {
    offset = addIndex(mulIndex(offset, shape[axis] ?? 1), position);
  });
  return offset;
}

/** The index in `from` of the element that stands at `index` in `to`: both hold the same elements in order. */
export function reshapeIndex(index: readonly Index[], to: Shape, from: Shape): Index[] {
  if (to.includes(0)) return from.map(() => constIndex(0)); // no element is ever asked for
  const result: Index[] = [];
  let t = 0;
  let f = 0;
  while (t < to.length || f < from.length) {
    // Grow the smallest group of axes that holds the same elements on both sides.
    const t0 = t;
    const f0 = f;
    let a: Dim = to[t++] ?? 1;
    let b: Dim = from[f++] ?? 1;
    while (a !== b) {
      if (a === 'batch' || (b !== 'batch' && a > b)) b = times(b, from[f++] ?? 1);
      else a = times(a, to[t++] ?? 1);
    }
    result.push(...splitOffset(offsetOf(index.slice(t0, t), to.slice(t0, t)), from.slice(f0, f)));
  }
  return result;
}

const times = (a: Dim, b: Dim): Dim => (a === 1 ? b : b === 1 ? a : Number(a) * Number(b));

/** The index in an array of `shape` of the element at a row-major `offset`. */
function splitOffset(offset: Index, shape: Shape): Index[] {
  if (shape.length <= 1 || shape.filter((dim) => dim !== 1).length <= 1) {
    return shape.map((dim) => (dim === 1 ? constIndex(0) : offset));
  }
  let stride = shape.reduce<number>((product, dim) => product * Number(dim), 1);
  return shape.map((dim, axis) => {
    stride /= Number(dim);
    const position = divIndex(offset, stride);
    return axis === 0 ? position : modIndex(position, Number(dim));
  });
}

/** Text that is equal for equal indices. */
export function showIndex(index: Index): string {
  switch (index.kind) {
    case 'var':
      return index.name;
    case 'const':
      return String(index.value);
    case 'add':
      return `${showIndex(index.a)} + ${showIndex(index.b)}`;
    case 'mul':
      return `(${showIndex(index.a)})*${index.by === 'batch' ? 'n' : index.by}`;
    case 'div':
      return `(${showIndex(index.a)})/${index.by}`;
    case 'mod':
      return `(${showIndex(index.a)})%${index.by}`;
  }
}

/** The names of the loop variables in `index`. */
export function indexVars(index: Index, into: Set<string> = new Set()): Set<string> {
  if (index.kind === 'var') into.add(index.name);
  else if (index.kind === 'add') indexVars(index.b, indexVars(index.a, into));
  else if (index.kind !== 'const') indexVars(index.a, into);
  return into;
}
