/** The columns of the table of blocks, and its rows in the order of one of them. */

import type { BlockRow } from '../inspection/inspection.ts';

export type Column = 'order' | 'name' | 'role' | 'flops' | 'bytes' | 'intensity';

export interface Order {
  readonly column: Column;
  readonly descending: boolean;
}

export const bytesOf = ({ bytesRead, bytesWritten }: BlockRow): number => bytesRead + bytesWritten;

/** How much is computed with each byte that is moved: of two blocks, the one with less waits for memory sooner. */
export const intensity = (row: BlockRow): number => (bytesOf(row) === 0 ? 0 : row.flops / bytesOf(row));

const numberOf: Readonly<Record<Exclude<Column, 'name' | 'role'>, (row: BlockRow, at: number) => number>> = {
  order: (_, at) => at,
  flops: ({ flops }) => flops,
  bytes: bytesOf,
  intensity,
};

/** Positions in `rows`; those that are equal stay in order of computation. */
export function sorted(rows: readonly BlockRow[], { column, descending }: Order): readonly number[] {
  const sign = descending ? -1 : 1;
  const compare = (a: number, b: number): number => {
    const [left, right] = [rows[a], rows[b]];
    if (left === undefined || right === undefined) return 0;
    if (column === 'name' || column === 'role')
      return left[column] < right[column] ? -1 : left[column] > right[column] ? 1 : 0;
    return numberOf[column](left, a) - numberOf[column](right, b);
  };
  return rows.map((_, at) => at).sort((a, b) => sign * compare(a, b) || a - b);
}
