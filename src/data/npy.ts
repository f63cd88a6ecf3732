/** NumPy's files of one array, read strictly and written as NumPy writes them (NEP 1, versions 1.0 to 3.0). */

import { InputError } from '../runtime/errors.ts';

/** Row-major. Integers that fit in 32 bits are `Int32Array`, other exact ones `Float64Array`. */
export interface NumpyArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array;
  /** Whether the file holds unsigned bytes, as pictures do. */
  readonly isBytes: boolean;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const;

/** As NumPy itself: a longer header is no description of an array of numbers. */
const headerCap = 10_000;

type Reader = (view: DataView, at: number, little: boolean) => number | bigint;

/** Kinds of elements by their code without the order of bytes; the size in bytes is its last digit. */
const kinds: Readonly<Record<string, Reader>> = {
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  i8: (view, at, little) => view.getBigInt64(at, little),
  u1: (view, at) => view.getUint8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  u8: (view, at, little) => view.getBigUint64(at, little),
  b1: (view, at) => view.getUint8(at),
};

/**
 * The array in the bytes of a `.npy` file. Throws `data/npy`, with `at` and the offset, on another magic number or version, a
 * header that is none, elements that are no numbers, fewer or more bytes than the shape asks for, and integers beyond 2^53.
 */
export function readNpy(bytes: Uint8Array, at: string): NumpyArray {
  const { descr, fortran, shape, dataStart } = headerOf(bytes, at);
  const order = descr.slice(0, 1);
  const kind = descr.slice(1);
  const read = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (read === undefined || !'<>|='.includes(order)) throw unknownKind(descr, at);
  const size = Number(kind.slice(1));
  // In doubles: no product of real sizes comes near the rounding.
  const count = shape.reduce((product, dim) => product * dim, 1);
  const expected = dataStart + count * size;
  if (expected !== bytes.length) {
    const what = bytes.length < expected ? 'The file is cut off' : 'Other bytes follow the data';
    const message = `${what}: the shape [${shape}] of ${descr} makes a file of ${expected} bytes, found ${bytes.length}.`;
    throw npyError(message, at, Math.min(bytes.length, expected));
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = kind.startsWith('f') ? (kind === 'f4' ? 'f32' : 'f64') : 'integer';
  const elementAt = (index: number): number | bigint => read(view, dataStart + index * size, order !== '>');
  const data =
    values === 'integer' ? integers(elementAt, count, size, dataStart, at) : floats(values, elementAt, count);
  return { shape, data: fortran ? rowMajor(data, shape) : data, isBytes: kind === 'u1' };
}

function floats(
  dtype: 'f32' | 'f64',
  elementAt: (index: number) => number | bigint,
  count: number,
): Float32Array | Float64Array {
  const data = dtype === 'f32' ? new Float32Array(count) : new Float64Array(count);
  for (let i = 0; i < count; i++) data[i] = Number(elementAt(i));
  return data;
}

/** In 32 bits if all fit there, otherwise as doubles, which hold what is within 2^53. */
function integers(
  elementAt: (index: number) => number | bigint,
  count: number,
  size: number,
  dataStart: number,
  at: string,
): Int32Array | Float64Array {
  let data: Int32Array | Float64Array = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const value = Number(elementAt(i));
    if (!Number.isSafeInteger(value))
      throw npyError(`The element ${i}, ${elementAt(i)}, is beyond 2^53.`, at, dataStart + i * size);
    if (data instanceof Int32Array && (value | 0) !== value) data = Float64Array.from(data);
    data[i] = value;
  }
  return data;
}

interface Header {
  readonly descr: string;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  readonly dataStart: number;
}

function headerOf(bytes: Uint8Array, at: string): Header {
  const wrong = magic.findIndex((byte, i) => bytes[i] !== byte);
  if (wrong >= 0)
    throw npyError('The file does not begin as a .npy file does.', at, Math.min(wrong, bytes.length));
  const major = bytes[6] ?? 0;
  if (bytes.length < 8 || major < 1 || major > 3 || bytes[7] !== 0)
    throw npyError(
      `Expected version 1.0, 2.0 or 3.0, found ${major}.${bytes[7] ?? '?'}.`,
      at,
      Math.min(6, bytes.length),
    );
  const lengthBytes = major === 1 ? 2 : 4;
  const start = 8 + lengthBytes;
  if (bytes.length < start) throw npyError('The file ends within its header.', at, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > headerCap) throw npyError(`The header claims ${length} bytes, over ${headerCap}.`, at, 8);
  if (bytes.length < start + length) throw npyError('The file ends within its header.', at, bytes.length);
  const text = new TextDecoder(major === 3 ? 'utf-8' : 'latin1').decode(
    bytes.subarray(start, start + length),
  );
  return { ...described(text, start, at), dataStart: start + length };
}

const entry =
  /\s*'(descr|fortran_order|shape)'\s*:\s*('[^']*'|True|False|\(\s*(?:\d+\s*,\s*)*(?:\d+\s*,?\s*)?\))\s*(?:,|(?=\}))/y;

/** What a header says: the literal of a Python dictionary with these three keys. */
function described(text: string, start: number, at: string): Omit<Header, 'dataStart'> {
  const found = new Map<string, string>();
  const opened = /^\s*\{/.exec(text);
  entry.lastIndex = opened?.[0].length ?? 0;
  for (let last = entry.lastIndex; opened !== null; last = entry.lastIndex) {
    const match = entry.exec(text);
    if (match === null) {
      const closed = /^\s*\}\s*$/.test(text.slice(last));
      const [descr, order, shape] = ['descr', 'fortran_order', 'shape'].map((key) => found.get(key));
      const isWhole = closed && descr?.startsWith("'") && shape?.startsWith('(') && /^[TF]/.test(order ?? '');
      if (!isWhole || descr === undefined || shape === undefined)
        throw npyError('The header does not describe an array of numbers.', at, start + last);
      const dims = (shape.match(/\d+/g) ?? []).map(Number);
      if (dims.length > 32 || !dims.every(Number.isSafeInteger))
        throw npyError(`The header has the shape ${shape.slice(0, 80)}.`, at, start);
      return { descr: descr.slice(1, -1), fortran: order === 'True', shape: dims };
    }
    const [, key = '', value = ''] = match;
    if (found.has(key)) throw npyError(`The header says "${key}" twice.`, at, start + last);
    found.set(key, value);
  }
  throw npyError('The header does not describe an array of numbers.', at, start);
}

function rowMajor<A extends NumpyArray['data']>(data: A, shape: readonly number[]): A {
  if (shape.length < 2) return data;
  const out = data.slice();
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, dim) => product * dim, 1));
  const index = shape.map(() => 0);
  for (let i = 0; i < out.length; i++) {
    out[i] = data[index.reduce((sum, position, axis) => sum + position * (strides[axis] ?? 0), 0)] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = (index[axis] ?? 0) + 1;
      if ((index[axis] ?? 0) < (shape[axis] ?? 0)) break;
      index[axis] = 0;
    }
  }
  return out as A;
}

const codes = { Float32Array: '<f4', Float64Array: '<f8', Int32Array: '<i4' } as const;

/** The bytes of a `.npy` file of version 1.0, as `numpy.save` writes them. */
export function writeNpy({ shape, data }: Omit<NumpyArray, 'isBytes'>): Uint8Array {
  const descr =
    data instanceof Float32Array
      ? codes.Float32Array
      : data instanceof Float64Array
        ? codes.Float64Array
        : codes.Int32Array;
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // The data begin at a multiple of 64, and a line end stands before them.
  const total = Math.ceil((10 + text.length + 1) / 64) * 64;
  const header = new TextEncoder().encode(`${text.padEnd(total - 11)}\n`);
  const bytes = new Uint8Array(total + data.byteLength);
  const view = new DataView(bytes.buffer);
  bytes.set(magic);
  bytes.set([1, 0], 6);
  view.setUint16(8, header.length, true);
  bytes.set(header, 10);
  const size = data.BYTES_PER_ELEMENT;
  for (let i = 0; i < data.length; i++) {
    const [at, value] = [total + i * size, data[i] ?? 0];
    if (data instanceof Float32Array) view.setFloat32(at, value, true);
    else if (data instanceof Float64Array) view.setFloat64(at, value, true);
    else view.setInt32(at, value, true);
  }
  return bytes;
}

function unknownKind(descr: string, at: string): InputError {
  const shown = JSON.stringify(descr.slice(0, 40));
  const hint = /^[<>|=]?[OSUV]/.test(descr)
    ? 'Write class names as whole numbers, and keep no objects in it.'
    : undefined;
  return new InputError({
    code: 'data/npy',
    message: `Expected an array of numbers, found elements of type ${shown}.`,
    help: hint ?? `Convert it, for example with array.astype('float32').`,
    at,
    offset: 10,
  });
}

const npyError = (message: string, at: string, offset: number): InputError =>
  new InputError({ code: 'data/npy', message, help: 'Write the file again with numpy.save.', at, offset });
