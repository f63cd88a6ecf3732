/** Row-major index arithmetic for the oracles, written plainly and apart from the compiler's own. */

export const count = (shape: readonly number[]): number => {
  let total = 1;
  for (const dim of shape) total *= dim;
  return total;
};

/** The position along each axis of the element at `offset`. */
export function positionOf(offset: number, shape: readonly number[]): number[] {
  const position = shape.map(() => 0);
  let rest = offset;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const dim = shape[axis] ?? 1;
    position[axis] = rest % dim;
    rest = (rest - (rest % dim)) / dim;
  }
  return position;
}

export function offsetAt(position: readonly number[], shape: readonly number[]): number {
  let offset = 0;
  for (let axis = 0; axis < shape.length; axis++)
    offset = offset * (shape[axis] ?? 1) + (position[axis] ?? 0);
  return offset;
}

/** For each element of the result of a reduction, the offsets of the elements it reduces, in row-major order. */
export function groupsOf(shape: readonly number[], axes: readonly number[]): number[][] {
  const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const keptShape = kept.map((axis) => shape[axis] ?? 1);
  const groups = Array.from({ length: count(keptShape) }, (): number[] => []);
  for (let offset = 0; offset < count(shape); offset++) {
    const position = positionOf(offset, shape);
    const group = offsetAt(
      kept.map((axis) => position[axis] ?? 0),
      keptShape,
    );
    groups[group]?.push(offset);
  }
  return groups;
}

/** The numbers of a list attribute. */
export const numbersOf = (attr: unknown): number[] => (Array.isArray(attr) ? attr.map(Number) : []);
