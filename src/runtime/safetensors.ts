/** Files of named arrays in the safetensors format, written canonically and read strictly. */

import { type ArrayType, arrayTypes } from './dtypes.ts';
import { type InputError, inputError } from './errors.ts';
import type { TypedArray } from './module.ts';
import { quote } from './names.ts';
import {
  dtypeBytes,
  malformed,
  readHeader,
  type SafetensorsDtype,
  type TensorEntry,
} from './safetensors-header.ts';

/** A row-major array of `shape`; its length is the product of the shape, 1 for `[]`. */
export type Tensor =
  | { readonly dtype: 'F32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: 'F64'; readonly shape: readonly number[]; readonly data: Float64Array }
  | { readonly dtype: 'I32'; readonly shape: readonly number[]; readonly data: Int32Array };

/** What is in a safetensors file. */
export interface SafetensorsFile {
  /** In the order of the header. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

const headerCap = 1024 * 1024;
const lengthBytes = 8;
const hostIsLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** Turns the elements of `size` bytes around, in place: little endian to big endian and back. */
export function reverseElements(bytes: Uint8Array, size: number): void {
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

/** The product of the dimensions, or undefined if a dimension is not a size or the product is not exact. */
export function sizeOf(shape: readonly number[]): number | undefined {
  let size = 1;
  for (const dim of shape) {
    size *= dim;
    if (!Number.isSafeInteger(dim) || dim < 0 || !Number.isSafeInteger(size)) return undefined;
  }
  return size;
}

const refused = (message: string): InputError => inputError('weights/format', message);

const arrayOf: { readonly [D in SafetensorsDtype]: ArrayType } = {
  F32: arrayTypes.f32,
  F64: arrayTypes.f64,
  I32: arrayTypes.i32,
};

function checkTensor(name: string, { dtype, shape, data }: Tensor): void {
  if (name === '__metadata__') {
    throw refused('A tensor cannot be named "__metadata__": the format keeps this name for itself.');
  }
  const [expected, size] = [arrayOf[dtype], sizeOf(shape)];
  if (!(data instanceof expected) || size !== data.length) {
    throw refused(
      `The tensor ${quote(name)} of dtype ${dtype} and shape [${shape}] needs ${size ?? 'a countable number of'} ` +
        `values in a ${expected.name}, but got ${data.length} in a ${data.constructor.name}.`,
    );
  }
}

/**
 * The bytes of a safetensors file that holds `tensors` and `metadata` in their order. Equal arguments give
 * equal bytes. Throws `weights/format` if a name is `__metadata__`, if an array does not fit its dtype and
 * shape, or if the header would pass 1 MiB.
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array {
  const json = JSON.stringify;
  const fields: string[] = [];
  if (metadata.size > 0) {
    const pairs = [...metadata].map(([key, value]) => `${json(key)}:${json(value)}`);
    fields.push(`"__metadata__":{${pairs}}`);
  }
  let end = 0;
  for (const [name, tensor] of tensors) {
    checkTensor(name, tensor);
    const { dtype, shape, data } = tensor;
    const begin = end;
    end += data.byteLength;
    fields.push(`${json(name)}:${json({ dtype, shape, data_offsets: [begin, end] })}`);
  }
  const header = new TextEncoder().encode(`{${fields}}`);
  const padded = Math.ceil(header.length / 8) * 8;
  if (padded > headerCap)
    throw refused(`The names and shapes take ${padded} bytes; the limit is ${headerCap}.`);

  const bytes = new Uint8Array(lengthBytes + padded + end);
  new DataView(bytes.buffer).setUint32(0, padded, true);
  bytes.set(header, lengthBytes);
  bytes.fill(0x20, lengthBytes + header.length, lengthBytes + padded);
  let at = lengthBytes + padded;
  for (const { dtype, data } of tensors.values()) {
    const target = bytes.subarray(at, at + data.byteLength);
    target.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    if (!hostIsLittleEndian) reverseElements(target, dtypeBytes[dtype]);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Reads a safetensors file. Arrays share the memory of `bytes` where alignment allows. Throws `weights/format`
 * with the byte offset for anything malformed: a header over 1 MiB, a key that comes twice, data that overlap,
 * leave a hole or do not fill the file, an unknown dtype. All offsets are checked before memory is taken.
 */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsFile {
  if (!ArrayBuffer.isView(bytes)) throw refused('A safetensors file is given as its bytes, a Uint8Array.');
  // A plain view, because subclasses such as Node's Buffer change what slice means.
  const file = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < lengthBytes) throw malformed(`it has ${file.length} bytes, fewer than 8`, file.length);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const headerLength = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  if (headerLength > headerCap) throw malformed(`its header claims ${headerLength} bytes, over 1 MiB`, 0);
  const dataStart = lengthBytes + headerLength;
  if (dataStart > file.length) throw malformed('the file ends within the header', file.length);

  const { entries, metadata } = readHeader(file, lengthBytes, dataStart);
  checkOffsets(entries, dataStart, file.length);
  const tensors = new Map<string, Tensor>();
  for (const entry of entries) tensors.set(entry.name, tensorAt(file, dataStart, entry));
  return { tensors, metadata };
}

/** In the order of their offsets, the data must follow each other from the header to the end of the file. */
function checkOffsets(entries: readonly TensorEntry[], dataStart: number, fileLength: number): void {
  let reached = 0;
  const inOrder = [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end);
  for (const { name, dtype, shape, begin, end, at } of inOrder) {
    const size = sizeOf(shape);
    if (begin !== reached) {
      const how = begin < reached ? 'overlap those of another' : 'leave a hole before them';
      throw malformed(`the data of ${quote(name)} ${how}: they start at ${begin}, expected ${reached}`, at);
    }
    if (size === undefined || size * dtypeBytes[dtype] !== end - begin) {
      throw malformed(
        `${quote(name)} has ${end - begin} bytes of data, not those of its dtype and shape`,
        at,
      );
    }
    if (end > fileLength - dataStart)
      throw malformed(`the data of ${quote(name)} pass the end of the file`, at);
    reached = end;
  }
  if (dataStart + reached !== fileLength) {
    throw malformed('bytes follow that belong to no tensor', dataStart + reached);
  }
}

function tensorAt(file: Uint8Array, dataStart: number, { dtype, shape, begin, end }: TensorEntry): Tensor {
  const [buffer, byteOffset] = alignedBytes(file, dataStart + begin, dataStart + end, dtype);
  const length = (end - begin) / dtypeBytes[dtype];
  // The array of a dtype is that of `Tensor`, which the compiler cannot follow through the table.
  return { dtype, shape, data: new arrayOf[dtype](buffer, byteOffset, length) } as Tensor;
}

/** Where a typed array can view the bytes `from` to `to`: in place if aligned, else in a copy. */
function alignedBytes(
  file: Uint8Array,
  from: number,
  to: number,
  dtype: SafetensorsDtype,
): readonly [ArrayBufferLike, number] {
  const size = dtypeBytes[dtype];
  if (hostIsLittleEndian && (file.byteOffset + from) % size === 0)
    return [file.buffer, file.byteOffset + from];
  const copy = file.slice(from, to);
  if (!hostIsLittleEndian) reverseElements(copy, size);
  return [copy.buffer, 0];
}

/** The safetensors name of a dtype of a layout, with an array of it. */
export function tensorOf(shape: readonly number[], data: TypedArray): Tensor {
  if (data instanceof Float32Array) return { dtype: 'F32', shape, data };
  if (data instanceof Float64Array) return { dtype: 'F64', shape, data };
  return { dtype: 'I32', shape, data };
}
