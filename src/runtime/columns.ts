/** From the arrays a user gives to checked columns of the layout's dtypes: one array per input, one count. */

import { InputError, type InputErrorCode } from './errors.ts';
import type { InputLayout, Layout, TypedArray } from './module.ts';
import { didYouMean, quote } from './names.ts';

export type NumericArray =
  | TypedArray
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Uint32Array;

/** The values of one input for all records: flat and row-major, or one flat row per record. */
export type Column = NumericArray | readonly number[] | readonly (readonly number[] | NumericArray)[];

export interface Columns {
  /** Number of records, at least 1. */
  readonly count: number;
  /** By input name, `count` rows each. A label that was not asked for is an empty array. */
  readonly arrays: ReadonlyMap<string, TypedArray>;
}

type Flat = NumericArray | readonly unknown[];

/** What the values of a column must be, inclusive. */
interface Range {
  readonly low: number;
  readonly high: number;
  readonly integer: boolean;
}

const ranges: { readonly [D in InputLayout['dtype']]: Range } = {
  f32: { low: -3.4028234663852886e38, high: 3.4028234663852886e38, integer: false },
  f64: { low: -Number.MAX_VALUE, high: Number.MAX_VALUE, integer: false },
  i32: { low: -(2 ** 31), high: 2 ** 31 - 1, integer: true },
};

const rangeOf = ({ dtype, classes }: InputLayout): Range =>
  classes === undefined ? ranges[dtype] : { low: 0, high: classes - 1, integer: true };

const isNumericArray = (value: unknown): value is NumericArray =>
  ArrayBuffer.isView(value) &&
  !(value instanceof DataView || value instanceof BigInt64Array || value instanceof BigUint64Array);

const isFlat = (value: unknown): value is Flat => Array.isArray(value) || isNumericArray(value);

/** Whether `source` holds whole numbers, such as ids, that would become others when rounded to f32. */
const mustStayWhole = ({ dtype }: InputLayout, source: Flat): boolean =>
  dtype === 'f32' && (source instanceof Int32Array || source instanceof Uint32Array);

/** Numbers per record: the product of the fixed sizes. */
export const rowSize = (shape: readonly (number | 'batch')[]): number =>
  shape.reduce<number>((size, dim) => (dim === 'batch' ? size : size * dim), 1);

/** An array of zeros of the dtype. */
export function zeros(dtype: 'f32' | 'f64' | 'i32', length: number): TypedArray {
  if (dtype === 'f32') return new Float32Array(length);
  return dtype === 'f64' ? new Float64Array(length) : new Int32Array(length);
}

/** Whether `array` holds the dtype already, so that no copy is needed. */
const holds = (array: Flat, dtype: InputLayout['dtype']): array is TypedArray =>
  (dtype === 'f32' && array instanceof Float32Array) ||
  (dtype === 'f64' && array instanceof Float64Array) ||
  (dtype === 'i32' && array instanceof Int32Array);

function fail(code: InputErrorCode, message: string, help?: string): InputError {
  return new InputError(help === undefined ? { code, message } : { code, message, help });
}

/**
 * Checks `data`, an object of `Column`s by input name, against the layout. `need` says whether labels must be
 * there; without need they are not looked at. An array that has the layout's dtype already is used as it is,
 * others are converted once: floats are rounded to it, whole numbers of 32 bits must fit.
 *
 * Throws `data/missing-column`, `data/unknown-column`, `data/wrong-length`, `data/empty`, `data/not-finite`,
 * `data/not-integer`, `data/not-exact` or `data/label-range`; records are counted from 0.
 */
export function checkColumns(layout: Layout, data: unknown, need: 'all' | 'inputs'): Columns {
  const given = ownColumns(layout, data);
  const arrays = new Map<string, TypedArray>();
  let first: { readonly name: string; readonly count: number } | undefined;
  for (const input of layout.inputs) {
    const { name, dtype } = input;
    if (need === 'inputs' && input.role === 'label') {
      arrays.set(name, zeros(dtype, 0));
      continue;
    }
    if (!given.has(name)) {
      throw fail(
        'data/missing-column',
        `The data have no column ${quote(name)} for the ${input.role} of this name.`,
      );
    }
    const rows = rowsOf(input, given.get(name));
    // A record of no numbers has no length to count by; the other columns say how many there are.
    if (rows.count !== undefined) {
      first ??= { name, count: rows.count };
      if (rows.count !== first.count) {
        throw fail(
          'data/wrong-length',
          `All columns need one number of records: ${quote(first.name)} has ${first.count}, ${quote(name)} has ${rows.count}.`,
        );
      }
    }
    arrays.set(name, rows.convert());
  }
  const count = first?.count ?? (layout.inputs.length === 0 ? 1 : 0);
  if (count === 0) throw fail('data/empty', 'The data have no records; at least 1 is needed.');
  return { count, arrays };
}

/** The user's columns by name; a name that the layout does not have is refused. */
function ownColumns(layout: Layout, data: unknown): ReadonlyMap<string, unknown> {
  if (typeof data !== 'object' || data === null || isFlat(data)) {
    throw fail('data/missing-column', 'The data must be an object of columns by input name.');
  }
  const known = layout.inputs.map(({ name }) => name);
  const columns = new Map<string, unknown>(Object.entries(data));
  for (const name of columns.keys()) {
    if (known.includes(name)) continue;
    throw fail('data/unknown-column', `The model has no input ${quote(name)}.`, didYouMean(name, known));
  }
  return columns;
}

interface Rows {
  /** Undefined if the records of this input have no numbers. */
  readonly count: number | undefined;
  convert(): TypedArray;
}

function rowsOf(input: InputLayout, column: unknown): Rows {
  const width = rowSize(input.shape);
  if (!isFlat(column)) {
    throw fail('data/wrong-length', `The column ${quote(input.name)} is not an array of numbers or of rows.`);
  }
  if (Array.isArray(column) && isFlat(column[0])) {
    return { count: column.length, convert: () => convertRows(input, column, width) };
  }
  if (width === 0 ? column.length > 0 : column.length % width !== 0) {
    throw fail(
      'data/wrong-length',
      `The column ${quote(input.name)} has ${column.length} values, which is not a whole number of records of ${width}.`,
    );
  }
  return {
    count: width === 0 ? undefined : column.length / width,
    convert: () => convertFlat(input, column, width),
  };
}

function convertFlat(input: InputLayout, source: Flat, width: number): TypedArray {
  const target = holds(source, input.dtype) ? source : zeros(input.dtype, source.length);
  copyChecked(input, source, target, 0, (i) => Math.floor(i / width));
  return target;
}

function convertRows(input: InputLayout, rows: readonly unknown[], width: number): TypedArray {
  const target = zeros(input.dtype, rows.length * width);
  for (const [record, row] of rows.entries()) {
    if (!isFlat(row) || row.length !== width) {
      const got = isFlat(row) ? `${row.length}` : 'something that is not a row';
      throw fail(
        'data/wrong-length',
        `Record ${record} (counted from 0) of the column ${quote(input.name)} needs ${width} values, got ${got}.`,
      );
    }
    copyChecked(input, row, target, record * width, () => record);
  }
  return target;
}

/** Copies `source` to `target` from `offset` on, unless they are the same array, and checks every value. */
function copyChecked(
  input: InputLayout,
  source: Flat,
  target: TypedArray,
  offset: number,
  recordOf: (index: number) => number,
): void {
  const { low, high, integer } = rangeOf(input);
  const copying = source !== target;
  const exact = mustStayWhole(input, source);
  for (let i = 0; i < source.length; i++) {
    const value = source[i];
    // NaN fails both comparisons.
    const valid =
      typeof value === 'number' && value >= low && value <= high && (!integer || Number.isInteger(value));
    if (!valid) throw badValue(input, value, recordOf(i));
    if (exact && Math.fround(value) !== value) throw notExact(input, value, recordOf(i));
    if (copying) target[offset + i] = value;
  }
}

function badValue(input: InputLayout, value: unknown, record: number): InputError {
  const shown = typeof value === 'number' ? `${value}` : `a value of type ${typeof value}`;
  const where = `Record ${record} (counted from 0) of the column ${quote(input.name)} is ${shown}`;
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    return fail('data/not-finite', `${where}; every value must be a finite number.`);
  }
  if (input.classes !== undefined) {
    const range = `0 to ${input.classes - 1}`;
    return fail('data/label-range', `${where}; a label must be an integer from ${range}.`);
  }
  if (input.dtype === 'i32') {
    return fail('data/not-integer', `${where}; every value must be an integer of 32 bits.`);
  }
  return fail('data/not-finite', `${where}, which is too large for ${input.dtype}.`);
}

const notExact = ({ name }: InputLayout, value: number, record: number): InputError =>
  fail(
    'data/not-exact',
    `Record ${record} (counted from 0) of the column ${quote(name)} is ${value}, a whole number that f32 does not have: it would become ${Math.fround(value)}.`,
    'Compile in f64, or pass a Float32Array or Float64Array, which says that rounding is meant.',
  );
