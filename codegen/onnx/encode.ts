/** An ONNX model as data, and its bytes: the same data, the same bytes. */

import { attributeTypes, type ElementType, elementTypes, fields } from './fields.ts';
import { BinaryWriter, WireType } from './wire.ts';

/** A size, or the name of one that is not fixed. */
export type Dimension = number | string;

export interface ValueInfo {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly Dimension[];
}

export type TensorData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

export interface TensorProto {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: TensorData;
}

export interface NodeProto {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Whole numbers alone: no op that is written here has others. */
  readonly attributes: Readonly<Record<string, number | readonly number[]>>;
}

export interface ModelProto {
  readonly irVersion: number;
  readonly opset: number;
  readonly producer: string;
  readonly producerVersion: string;
  readonly doc: string;
  readonly metadata: readonly (readonly [string, string])[];
  readonly name: string;
  readonly nodes: readonly NodeProto[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly initializers: readonly TensorProto[];
}

export function encodeModel(model: ModelProto): Uint8Array<ArrayBuffer> {
  const w = new BinaryWriter();
  const f = fields.model;
  integer(w, f.irVersion, model.irVersion);
  text(w, f.producerName, model.producer);
  text(w, f.producerVersion, model.producerVersion);
  text(w, f.docString, model.doc);
  message(w, f.graph, () => writeGraph(w, model));
  message(w, f.opsetImport, () => {
    text(w, fields.opset.domain, '');
    integer(w, fields.opset.version, model.opset);
  });
  for (const [key, value] of model.metadata) {
    message(w, f.metadataProps, () => {
      text(w, fields.entry.key, key);
      text(w, fields.entry.value, value);
    });
  }
  return w.finish();
}

function writeGraph(w: BinaryWriter, { name, nodes, inputs, outputs, initializers }: ModelProto): void {
  const f = fields.graph;
  for (const node of nodes) message(w, f.node, () => writeNode(w, node));
  text(w, f.name, name);
  for (const tensor of initializers) message(w, f.initializer, () => writeTensor(w, tensor));
  for (const info of inputs) message(w, f.input, () => writeValueInfo(w, info));
  for (const info of outputs) message(w, f.output, () => writeValueInfo(w, info));
}

function writeNode(w: BinaryWriter, { op, inputs, outputs, attributes }: NodeProto): void {
  const f = fields.node;
  for (const input of inputs) text(w, f.input, input);
  for (const output of outputs) text(w, f.output, output);
  text(w, f.name, outputs.join());
  text(w, f.opType, op);
  for (const [name, value] of Object.entries(attributes)) {
    message(w, f.attribute, () => {
      const a = fields.attribute;
      text(w, a.name, name);
      if (typeof value === 'number') integer(w, a.i, value);
      else for (const one of value) integer(w, a.ints, one);
      integer(w, a.type, typeof value === 'number' ? attributeTypes.i : attributeTypes.ints);
    });
  }
}

function writeTensor(w: BinaryWriter, { name, type, dims, data }: TensorProto): void {
  const f = fields.tensor;
  for (const dim of dims) integer(w, f.dims, dim);
  integer(w, f.dataType, elementTypes[type]);
  text(w, f.name, name);
  w.tag(f.rawData, WireType.LengthDelimited).bytes(littleEndian(data));
}

function writeValueInfo(w: BinaryWriter, { name, type, shape }: ValueInfo): void {
  text(w, fields.valueInfo.name, name);
  message(w, fields.valueInfo.type, () =>
    message(w, fields.type.tensorType, () => {
      integer(w, fields.tensorType.elemType, elementTypes[type]);
      message(w, fields.tensorType.shape, () => {
        for (const dim of shape) {
          message(w, fields.shape.dim, () => {
            if (typeof dim === 'number') integer(w, fields.dimension.value, dim);
            else text(w, fields.dimension.param, dim);
          });
        }
      });
    }),
  );
}

const integer = (w: BinaryWriter, field: number, value: number): void => {
  w.tag(field, WireType.Varint).int64(value);
};

const text = (w: BinaryWriter, field: number, value: string): void => {
  w.tag(field, WireType.LengthDelimited).string(value);
};

function message(w: BinaryWriter, field: number, write: () => void): void {
  w.tag(field, WireType.LengthDelimited).fork();
  write();
  w.join();
}

const hostIsLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** The bytes of an array as the format has them, whatever the host's order is. */
function littleEndian(data: TensorData): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (hostIsLittleEndian) return bytes;
  const turned = bytes.slice();
  const size = data.BYTES_PER_ELEMENT;
  for (let at = 0; at < turned.length; at += size) turned.subarray(at, at + size).reverse();
  return turned;
}
