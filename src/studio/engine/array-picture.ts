/** Arrays of any size as small pictures: evenly taken rows and columns, with what is known of all elements. */

import type { ArrayPicture } from './protocol.ts';

const mostCells = 64;

export function pictureOf(
  name: string,
  kind: ArrayPicture['kind'],
  shape: readonly number[],
  data: ArrayLike<number>,
): ArrayPicture {
  const columns = shape[shape.length - 1] ?? 1;
  const rows = columns === 0 ? 0 : data.length / columns;
  const [down, across] = [placesIn(rows), placesIn(columns)];
  const values = new Float32Array(down.length * across.length);
  down.forEach((row, i) => {
    across.forEach((column, j) => {
      values[i * across.length + j] = data[row * columns + column] ?? 0;
    });
  });
  return { name, kind, shape, rows: down.length, columns: across.length, values, ...rangeOf(data) };
}

/** All positions along an axis, or as many as there is room for, from the first to the last. */
function placesIn(size: number): readonly number[] {
  if (size <= mostCells) return Array.from({ length: size }, (_, i) => i);
  return Array.from({ length: mostCells }, (_, i) => Math.round((i * (size - 1)) / (mostCells - 1)));
}

/** What is not finite does not count; of no numbers at all, zeros. */
function rangeOf(data: ArrayLike<number>): Pick<ArrayPicture, 'min' | 'max' | 'mean'> {
  let [min, max, sum, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (let i = 0; i < data.length; i++) {
    const x = data[i] ?? 0;
    if (!Number.isFinite(x)) continue;
    min = Math.min(min, x);
    max = Math.max(max, x);
    sum += x;
    count++;
  }
  return count === 0 ? { min: 0, max: 0, mean: 0 } : { min, max, mean: sum / count };
}
