/** Tensors of an ONNX file: as many numbers as their shape says, in whichever of its ways the file stores them. */

import { type ElementType, elementTypes, fields } from '../../codegen/onnx/fields.ts';
import { quote } from '../runtime/names.ts';
import { sizeOf } from '../runtime/safetensors.ts';
import { type Field, malformed, unsupported } from './cursor.ts';
import type { Numbers, Tensor } from './graph.ts';

const typeNames = new Map<number, ElementType>();
for (const name of Object.keys(elementTypes)) if (isType(name)) typeNames.set(elementTypes[name], name);

function isType(name: string): name is ElementType {
  return Object.hasOwn(elementTypes, name);
}

export const elementTypeOf = (number: number): ElementType | undefined => typeNames.get(number);

/** What elements that can be read take in raw data, and how one is read. */
const raw: { readonly [T in ElementType]?: readonly [number, (view: DataView, at: number) => number] } = {
  FLOAT: [4, (view, at) => view.getFloat32(at, true)],
  DOUBLE: [8, (view, at) => view.getFloat64(at, true)],
  INT32: [4, (view, at) => view.getInt32(at, true)],
  INT64: [8, (view, at) => Number(view.getBigInt64(at, true))],
  BOOL: [1, (view, at) => view.getUint8(at)],
};

/** The parts of a tensor as they stand in the file. */
interface Parts {
  name: string;
  type: number;
  readonly dims: number[];
  readonly listed: number[];
  bytes: Uint8Array | undefined;
  isExternal: boolean;
}

/** More axes than any tensor of a network has. */
const mostAxes = 32;

export function readTensor(field: Field): Tensor {
  const parts: Parts = { name: '', type: 0, dims: [], listed: [], bytes: undefined, isExternal: false };
  field.message((part) => readPart(part, parts));
  const { name, dims, isExternal, bytes, listed } = parts;
  const type = elementTypeOf(parts.type);
  if (type === undefined) throw malformed(`${quote(name)} has elements of no known type`, field.at);
  if (isExternal)
    throw unsupported(
      `the numbers of ${quote(name)} are in another file`,
      'Store all in one file: onnx.save_model(model, path, save_as_external_data=False).',
      field.at,
    );
  const size = dims.length > mostAxes ? undefined : sizeOf(dims);
  if (size === undefined) throw malformed(`${quote(name)} has no possible shape`, field.at);
  const known = raw[type];
  if (known === undefined) return { name, type, shape: dims, numbers: undefined };
  const [width, read] = known;
  const count = bytes === undefined ? listed.length : bytes.length / width;
  if (count !== size || (bytes !== undefined && listed.length > 0))
    throw malformed(`${quote(name)} has ${count} numbers, and its shape [${dims}] wants ${size}`, field.at);
  const numbers: Numbers = type === 'FLOAT' ? new Float32Array(size) : new Float64Array(size);
  if (bytes === undefined) numbers.set(listed);
  else {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let i = 0; i < size; i++) numbers[i] = read(view, i * width);
  }
  return { name, type, shape: dims, numbers };
}

/** Whether the field was read. */
function readPart(part: Field, parts: Parts): boolean {
  const f = fields.tensor;
  if (part.number === f.name) parts.name = part.text();
  else if (part.number === f.dataType) parts.type = part.integer();
  else if (part.number === f.dims) part.integers(parts.dims);
  else if (part.number === f.floatData) part.floats(parts.listed);
  else if (part.number === f.doubleData) part.doubles(parts.listed);
  else if (part.number === f.int32Data || part.number === f.int64Data) part.integers(parts.listed);
  else if (part.number === f.rawData) parts.bytes = part.bytes();
  else if (part.number === f.dataLocation) parts.isExternal = part.integer() !== 0 || parts.isExternal;
  else if (part.number === f.externalData) {
    parts.isExternal = true;
    return false;
  } else if (part.number === f.segment)
    throw unsupported('it stores a tensor in segments', 'Store it whole.', part.at);
  else return false;
  return true;
}
