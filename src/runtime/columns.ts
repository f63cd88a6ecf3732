/** From the arrays a user gives to checked columns of the layout's dtypes: one array per input, one count. */

import { holds, isAllFinite, rowSize, zeros } from './dtypes.ts';
import { type InputError, inputError } from './errors.ts';
import type { InputLayout, Layout, TypedArray } from './module.ts';
import { didYouMean, quote } from './names.ts';

export { rowSize, zeros } from './dtypes.ts';

/** Arrays of numbers of any type; each value is checked, and converted to what the model computes with. */
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

const rangeOf = ({ dtype, classes }: Values): Range =>
  classes === undefined ? ranges[dtype] : { low: 0, high: classes - 1, integer: true };

export const isNumericArray = (value: unknown): value is NumericArray =>
  ArrayBuffer.isView(value) &&
  !(value instanceof DataView || value instanceof BigInt64Array || value instanceof BigUint64Array);

export const isFlat = (value: unknown): value is Flat => Array.isArray(value) || isNumericArray(value);

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
      throw inputError(
        'data/missing-column',
        `The data have no column ${quote(name)} for the ${input.role} of this name.`,
      );
    }
    const width = rowSize(input.shape);
    const record = (at: number): string => `Record ${at} (counted from 0) of the column ${quote(name)}`;
    const rows = rowsOf(name, given.get(name), width, record);
    // A record of no numbers has no length to count by; the other columns say how many there are.
    if (rows.count !== undefined) {
      first ??= { name, count: rows.count };
      if (rows.count !== first.count) {
        throw inputError(
          'data/wrong-length',
          `All columns need one number of records: ${quote(first.name)} has ${first.count}, ${quote(name)} has ${rows.count}.`,
        );
      }
    }
    arrays.set(
      name,
      valuesOf(input, rows.parts, (at) => record(Math.floor(at / width))),
    );
  }
  const count = first?.count ?? (layout.inputs.length === 0 ? 1 : 0);
  if (count === 0) throw inputError('data/empty', 'The data have no records; at least 1 is needed.');
  return { count, arrays };
}

/** The user's columns by name; a name that the layout does not have is refused. */
function ownColumns(layout: Layout, data: unknown): ReadonlyMap<string, unknown> {
  if (typeof data !== 'object' || data === null || isFlat(data)) {
    throw inputError('data/missing-column', 'The data must be an object of columns by input name.');
  }
  const known = layout.inputs.map(({ name }) => name);
  const columns = new Map<string, unknown>(Object.entries(data));
  for (const name of columns.keys()) {
    if (known.includes(name)) continue;
    throw inputError(
      'data/unknown-column',
      `The model has no input ${quote(name)}.`,
      didYouMean(name, known),
    );
  }
  return columns;
}

interface Rows {
  /** Undefined if the records of this input have no numbers. */
  readonly count: number | undefined;
  /** The values, in as many arrays as they came in. */
  readonly parts: readonly Flat[];
}

/** `record` names one, in errors. */
function rowsOf(name: string, column: unknown, width: number, record: (at: number) => string): Rows {
  const wrong = (message: string) => inputError('data/wrong-length', message);
  if (!isFlat(column)) throw wrong(`The column ${quote(name)} is not an array of numbers or of rows.`);
  if (Array.isArray(column) && isFlat(column[0])) {
    const parts = Array.from(column, (row: unknown, at) => {
      if (isFlat(row) && row.length === width) return row;
      const got = isFlat(row) ? row.length : 'something that is not a row';
      throw wrong(`${record(at)} needs ${width} values, got ${got}.`);
    });
    return { count: parts.length, parts };
  }
  if (width === 0 ? column.length > 0 : column.length % width !== 0) {
    throw wrong(
      `The column ${quote(name)} has ${column.length} values, which is not a whole number of records of ${width}.`,
    );
  }
  return { count: width === 0 ? undefined : column.length / width, parts: [column] };
}

/** What the values of an array are to be. */
type Values = Pick<InputLayout, 'dtype' | 'classes'>;

/**
 * The values of `parts`, one after the other, each checked: an array of the dtype; if the only part is one, then it.
 * `place` names the value at an index, in errors: those of `checkColumns` that are about a value.
 */
export function valuesOf(
  expected: Values,
  parts: readonly Flat[],
  place: (index: number) => string,
): TypedArray {
  const [whole] = parts;
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const target = parts.length === 1 && holds(whole, expected.dtype) ? whole : zeros(expected.dtype, length);
  let at = 0;
  for (const part of parts) {
    copyChecked(expected, part, target, at, place);
    at += part.length;
  }
  return target;
}

/** Copies `source` to `target` from `offset` on, unless they are the same array, and checks every value. */
function copyChecked(
  expected: Values,
  source: Flat,
  target: TypedArray,
  offset: number,
  place: (index: number) => string,
): void {
  const { low, high, integer } = rangeOf(expected);
  const copying = source !== target;
  if (!copying && !integer && isAllFinite(target)) return;
  // Whole numbers, such as ids, that would become others when rounded to f32.
  const exact = expected.dtype === 'f32' && (source instanceof Int32Array || source instanceof Uint32Array);
  for (let i = 0; i < source.length; i++) {
    const value = source[i];
    // NaN fails both comparisons.
    const valid =
      typeof value === 'number' && value >= low && value <= high && (!integer || Number.isInteger(value));
    if (!valid) throw badValue(expected, value, place(offset + i));
    if (exact && Math.fround(value) !== value) throw notExact(value, place(offset + i));
    if (copying) target[offset + i] = value;
  }
}

const notExact = (value: number, place: string): InputError =>
  inputError(
    'data/not-exact',
    `${place} is ${value}, a whole number that f32 does not have: it would become ${Math.fround(value)}.`,
    'Compile in f64, or pass a Float32Array or Float64Array, which says that rounding is meant.',
  );

function badValue({ dtype, classes }: Values, value: unknown, place: string): InputError {
  const where = `${place} is ${typeof value === 'number' ? value : `a value of type ${typeof value}`}`;
  if (!Number.isFinite(value))
    return inputError('data/not-finite', `${where}; every value must be a finite number.`);
  if (classes !== undefined)
    return inputError('data/label-range', `${where}; a label must be an integer from 0 to ${classes - 1}.`);
  return dtype === 'i32'
    ? inputError('data/not-integer', `${where}; every value must be an integer of 32 bits.`)
    : inputError('data/not-finite', `${where}, which is too large for ${dtype}.`);
}
