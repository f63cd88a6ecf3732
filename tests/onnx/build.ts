/** ONNX files for tests, right or wrong, byte for byte: nothing here is shared with what reads or writes them. */

import { join, textBytes } from '../fuzz/bytes.ts';

type Part = Uint8Array;

export function varint(value: number | bigint): Part {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

export const int = (field: number, value: number | bigint): Part => join(varint(field * 8), varint(value));
export const bytes = (field: number, value: Uint8Array): Part =>
  join(varint(field * 8 + 2), varint(value.length), value);
export const text = (field: number, value: string): Part => bytes(field, textBytes(value));
export const message = (field: number, ...parts: readonly Part[]): Part => bytes(field, join(...parts));
const float32 = (value: number): Part => new Uint8Array(Float32Array.of(value).buffer);
export const float = (field: number, value: number): Part => join(varint(field * 8 + 5), float32(value));

export type AttributeValue =
  | number
  | { readonly float: number }
  | string
  | readonly number[]
  | { readonly floats: readonly number[] }
  | { readonly tensor: TensorSpec };

/** An attribute: a number is a whole one. */
function attribute(name: string, value: AttributeValue): Part {
  const typed = (kind: number, ...parts: readonly Part[]): Part =>
    message(5, text(1, name), ...parts, int(20, kind));
  if (typeof value === 'number') return typed(2, int(3, value));
  if (typeof value === 'string') return typed(3, text(4, value));
  if ('float' in value) return typed(1, float(2, value.float));
  if ('floats' in value) return typed(6, ...value.floats.map((one) => float(7, one)));
  if ('tensor' in value) return typed(4, message(5, ...tensorParts(value.tensor)));
  return typed(7, ...value.map((one) => int(8, one)));
}

export interface NodeSpec {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly domain?: string;
  readonly name?: string;
}

export const node = ({ op, inputs, outputs, attributes = {}, domain = '', name = '' }: NodeSpec): Part =>
  message(
    1,
    ...inputs.map((input) => text(1, input)),
    ...outputs.map((output) => text(2, output)),
    text(3, name),
    text(4, op),
    ...Object.entries(attributes).map(([key, value]) => attribute(key, value)),
    text(7, domain),
  );

export interface TensorSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | BigInt64Array | Int32Array;
}

const typeOf = ({ data }: TensorSpec): number => {
  if (data instanceof Float32Array) return 1;
  if (data instanceof Float64Array) return 11;
  return data instanceof Int32Array ? 6 : 7;
};

function tensorParts(spec: TensorSpec): readonly Part[] {
  const { name, shape, data } = spec;
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return [...shape.map((dim) => int(1, dim)), int(2, typeOf(spec)), text(8, name), bytes(9, raw)];
}

export const initializer = (spec: TensorSpec): Part => message(5, ...tensorParts(spec));

/** A value of the graph; `null` for a size that is not known, text for one that has a name. */
export const value = (
  field: 11 | 12,
  name: string,
  shape: readonly (number | string | null)[],
  type = 1,
): Part =>
  message(
    field,
    text(1, name),
    message(
      2,
      message(
        1,
        int(1, type),
        message(
          2,
          ...shape.map((dim) =>
            dim === null ? message(1) : message(1, typeof dim === 'number' ? int(1, dim) : text(2, dim)),
          ),
        ),
      ),
    ),
  );

export interface FileSpec {
  readonly nodes: readonly NodeSpec[];
  readonly inputs?: Readonly<Record<string, readonly (number | string | null)[]>>;
  readonly outputs: Readonly<Record<string, readonly (number | string | null)[]>>;
  readonly initializers?: readonly TensorSpec[];
  readonly opset?: number;
  readonly producer?: string;
}

export const graph = ({ nodes, inputs = { x: ['batch', 3] }, outputs, initializers = [] }: FileSpec): Part =>
  join(
    ...nodes.map(node),
    text(2, 'graph'),
    ...initializers.map(initializer),
    ...Object.entries(inputs).map(([name, shape]) => value(11, name, shape)),
    ...Object.entries(outputs).map(([name, shape]) => value(12, name, shape)),
  );

export const file = (spec: FileSpec): Uint8Array =>
  join(
    int(1, 8),
    text(2, spec.producer ?? 'test'),
    message(7, graph(spec)),
    message(8, text(1, ''), int(2, spec.opset ?? 17)),
    message(8, text(1, 'ai.onnx.ml'), int(2, 3)),
  );

/** A layer of `columns` units for the input x of 3 features, and what follows it. */
export const layer = (
  columns: number,
  rest: readonly NodeSpec[],
  output: string,
  shape: readonly (number | string | null)[] = ['batch', columns],
): FileSpec => ({
  nodes: [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['z'] }, ...rest],
  outputs: { [output]: shape },
  initializers: [
    {
      name: 'w',
      shape: [3, columns],
      data: Float32Array.from({ length: 3 * columns }, (_, i) => Math.sin(i + 1)),
    },
  ],
});
