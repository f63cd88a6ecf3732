/** From the cells of a CSV table to features, labels and splits. */

import { InputError } from '../runtime/errors.ts';
import type { Split } from './dataset.ts';
import { type FloatDtype, floatArray } from './floats.ts';
import { isBrokenNumber, parseDecimal } from './numbers.ts';
import { checkWhole } from './options.ts';
import { createRandom, permutation } from './random.ts';

/** Rows have as many cells as the header; cells are trimmed and not empty. */
export interface CsvTable {
  readonly path: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Rows {
  readonly count: number;
  /** Row-major, `count` rows. */
  readonly features: Float32Array | Float64Array;
  readonly labels: Int32Array | Float64Array;
}

/** All columns but the label's as numbers, row-major; `data/csv` names the first cell that is none. */
export function featureMatrix(
  table: CsvTable,
  label: number,
  dtype: FloatDtype,
): Float32Array | Float64Array {
  const width = table.header.length - 1;
  const out = floatArray(dtype, table.rows.length * width);
  table.rows.forEach((row, i) => {
    row.forEach((cell, column) => {
      if (column === label) return;
      const value = parseDecimal(cell);
      if (value === undefined) throw columnError(table, i, column, 'a number');
      const index = i * width + column - (column > label ? 1 : 0);
      out[index] = value;
      if (!Number.isFinite(out[index]))
        throw columnError(table, i, column, 'a number in the range of float32');
    });
  });
  return out;
}

/** Numbers as they are, or the indices of text classes in code-unit order; a mix is refused (`data/csv`). */
export function labelColumn(table: CsvTable, label: number) {
  const cells = table.rows.map((row) => row[label] ?? '');
  const values = cells.map(parseDecimal);
  const firstText = values.indexOf(undefined);
  if (firstText < 0) {
    return { labels: Float64Array.from(values, (value) => value ?? 0), classes: undefined };
  }
  const broken = cells.findIndex(isBrokenNumber);
  if (broken >= 0) throw columnError(table, broken, label, 'a number or the name of a class');
  const firstNumber = values.findIndex((value) => value !== undefined);
  if (firstNumber >= 0) {
    const other = `(row ${firstNumber + 2} has the number "${cells[firstNumber]}")`;
    throw columnError(table, firstText, label, `either numbers or class names in all rows ${other}`);
  }
  const classes = [...new Set(cells)].sort((a, b) => (a < b ? -1 : 1));
  const indexOf = new Map(classes.map((name, i) => [name, i]));
  return { labels: Int32Array.from(cells, (cell) => indexOf.get(cell) ?? 0), classes };
}

/** All rows as the train split, or the last round(test·count) after a shuffle as the test split. */
export function splitRows(
  rows: Rows,
  options: { readonly test?: number; readonly seed?: number },
  dtype: FloatDtype,
): { readonly train: Split; readonly test?: Split } {
  const { test, seed = 1 } = options;
  const width = rows.features.length / rows.count;
  if (test === undefined) return { train: { ...rows, width } };
  checkWhole('seed', seed, 0, Number.MAX_SAFE_INTEGER);
  const tested = Math.round(test * rows.count);
  if (!(test > 0 && test < 1) || tested === 0 || tested === rows.count) {
    throw new InputError({
      code: 'data/bad-option',
      message: `Expected test to be a part in (0, 1) that leaves rows on both sides, found ${test} of ${rows.count} rows.`,
      help: 'Write for example test=0.2, or leave the option out.',
    });
  }
  const order = permutation(rows.count, createRandom(seed));
  const from = rows.count - tested;
  return {
    train: takeRows(rows, order.subarray(0, from), width, dtype),
    test: takeRows(rows, order.subarray(from), width, dtype),
  };
}

function takeRows(rows: Rows, order: Int32Array, width: number, dtype: FloatDtype): Split {
  const features = floatArray(dtype, order.length * width);
  order.forEach((row, i) => {
    features.set(rows.features.subarray(row * width, (row + 1) * width), i * width);
  });
  const labels = rows.labels.slice(0, order.length);
  order.forEach((row, i) => {
    labels[i] = rows.labels[row] ?? 0;
  });
  return { count: order.length, features, width, labels };
}

/** `data/csv` about the cell in 0-based data row `row` and column `column`. */
export function columnError(table: CsvTable, row: number, column: number, expected: string): InputError {
  const cell = table.rows[row]?.[column] ?? '';
  const shown = cell.length > 40 ? `${cell.slice(0, 40)}…` : cell;
  const found = cell === '' ? 'an empty cell' : `"${shown}"`;
  const place = `Row ${row + 2}, column ${column + 1} ("${table.header[column]}")`;
  return new InputError({
    code: 'data/csv',
    message: `${place}: expected ${expected}, found ${found}.`,
    help: 'Correct the cell; numbers are written like -1.5 or 2e-3.',
    at: `${table.path}:${row + 2}:${column + 1}`,
  });
}
