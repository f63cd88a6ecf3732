/** From the rows of a CSV file to features, labels and splits: numbers go into their arrays as they are read. */

import { InputError } from '../runtime/errors.ts';
import type { Split } from './dataset.ts';
import { type FloatDtype, floatArray } from './floats.ts';
import { isBrokenNumber, parseDecimal } from './numbers.ts';
import { checkWhole } from './options.ts';
import { createRandom, permutation } from './random.ts';

/** Rows of data have as many cells as the header; cells are trimmed and not empty. */
export interface CsvTable {
  readonly path: string;
  readonly header: readonly string[];
  /** Index of the label column. */
  readonly label: number;
  readonly dtype: FloatDtype;
  /** How many rows of data there is room for: as many as there are in a file that is not refused. */
  readonly capacity: number;
}

export interface Rows {
  readonly count: number;
  /** Row-major, `count` rows. */
  readonly features: Float32Array | Float64Array;
  readonly labels: Int32Array | Float64Array;
  readonly classes?: readonly string[];
}

/** A cell by its 0-based data row and column. */
interface Cell {
  readonly row: number;
  readonly column: number;
  readonly cell: string;
}

/** All columns but the label's as numbers, row-major; `add` refuses a cell that is none (`data/csv`). */
export function featureColumns(table: CsvTable) {
  const { label, dtype } = table;
  const width = table.header.length - 1;
  const values = floatArray(dtype, table.capacity * width);
  const add = (cells: readonly string[], row: number): void => {
    cells.forEach((cell, column) => {
      if (column === label) return;
      const value = parseDecimal(cell);
      if (value === undefined) throw columnError(table, { row, column, cell }, 'a number');
      const index = row * width + column - (column > label ? 1 : 0);
      values[index] = value;
      if (!Number.isFinite(values[index]))
        throw columnError(table, { row, column, cell }, 'a number in the range of float32');
    });
  };
  return { values, add };
}

/** Numbers as they are, or the indices of text classes in code-unit order; a mix is refused (`data/csv`). */
export function labelColumn(table: CsvTable) {
  const column = table.label;
  const known = new Map<string, number>();
  let numbers: { readonly cell: string; readonly values: Float64Array } | undefined;
  let texts: { readonly cell: string; readonly values: Int32Array } | undefined;

  function add(cell: string, row: number): void {
    const value = parseDecimal(cell);
    if (value === undefined && isBrokenNumber(cell))
      throw columnError(table, { row, column, cell }, 'a number or the name of a class');
    if (row === 0 && value === undefined) texts = { cell, values: new Int32Array(table.capacity) };
    if (row === 0 && value !== undefined) numbers = { cell, values: new Float64Array(table.capacity) };
    if (value === undefined ? numbers : texts) throw mixed(cell, row, value === undefined);
    if (numbers && value !== undefined) numbers.values[row] = value;
    else if (texts) texts.values[row] = classOf(cell);
  }

  /** Classes are numbered as they come, and in their order at the end. */
  function classOf(cell: string): number {
    const found = known.get(cell);
    if (found !== undefined) return found;
    // A copy, because a cell may be a view into the text of all the rows that were read together.
    known.set(copyOf(cell), known.size);
    return known.size - 1;
  }

  function mixed(cell: string, row: number, isText: boolean): InputError {
    // Up to this row all were alike, so the first one has the other kind.
    const [text, number] = isText
      ? [
          { row, cell },
          { row: 0, cell: numbers?.cell ?? '' },
        ]
      : [
          { row: 0, cell: texts?.cell ?? '' },
          { row, cell },
        ];
    const other = `(row ${number.row + 2} has the number "${shown(number.cell)}")`;
    return columnError(table, { ...text, column }, `either numbers or class names in all rows ${other}`);
  }

  function finish(): Pick<Rows, 'labels' | 'classes'> {
    if (texts === undefined) return { labels: numbers?.values ?? new Float64Array(0) };
    const classes = [...known.keys()].sort((a, b) => (a < b ? -1 : 1));
    const places = new Int32Array(classes.length);
    classes.forEach((name, place) => {
      places[known.get(name) ?? 0] = place;
    });
    return { labels: texts.values.map((found) => places[found] ?? 0), classes };
  }

  return { add, finish };
}

/** All rows as the train split, or the last round(test·count) after a shuffle as the test split. */
export function splitRows(
  rows: Rows,
  options: { readonly test?: number; readonly seed?: number },
  dtype: FloatDtype,
): { readonly train: Split; readonly test?: Split } {
  const { test, seed = 1 } = options;
  const width = rows.features.length / rows.count;
  const { count, features, labels } = rows;
  if (test === undefined) return { train: { count, features, labels, width } };
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

const copyOf = (text: string): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text));

/** The beginning of a text that may be long, for messages. */
export const shown = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** `data/csv` about a cell. */
export function columnError(table: CsvTable, { row, column, cell }: Cell, expected: string): InputError {
  const found = cell === '' ? 'an empty cell' : `"${shown(cell)}"`;
  const place = `Row ${row + 2}, column ${column + 1} ("${shown(table.header[column] ?? '')}")`;
  return new InputError({
    code: 'data/csv',
    message: `${place}: expected ${expected}, found ${found}.`,
    help: 'Correct the cell; numbers are written like -1.5 or 2e-3.',
    at: `${table.path}:${row + 2}:${column + 1}`,
  });
}
