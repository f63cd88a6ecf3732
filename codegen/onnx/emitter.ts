/** Nodes of an ONNX graph while it is being written: each with inputs before it, constants made once. */

import { broadcastShapes, type DType, type Shape, sameShape } from '../../ir/types.ts';
import type { NodeProto, TensorData, TensorProto } from './encode.ts';
import type { ElementType } from './fields.ts';

export const elementTypeOf: Readonly<Record<DType, ElementType>> = {
  f32: 'FLOAT',
  f64: 'DOUBLE',
  i32: 'INT32',
  bool: 'BOOL',
};

/**
 * A tensor of the graph. Its shape may be smaller than that of the value that it stands for: ONNX stretches operands itself,
 * by the same rule, so that what is only repeated takes no memory.
 */
export interface Held {
  readonly name: string;
  readonly shape: Shape;
}

export interface Emitter {
  /** A node with one result, whose name is unique but for nobody to read. */
  node(op: string, inputs: readonly string[], attributes?: NodeProto['attributes']): string;
  /** A number without axes. */
  number(value: number, dtype: DType): string;
  /** Whole numbers as ONNX takes axes and shapes. */
  integers(values: readonly number[]): string;
  /** The numbers from 0. */
  range(count: number): string;
  /** The number of samples at hand, as a list of one. */
  batch(): string;
  /** The name of a tensor that has all of `shape`. */
  full(held: Held, shape: Shape): string;
  readonly nodes: readonly NodeProto[];
  readonly constants: ReadonlyMap<string, TensorProto>;
}

/** What names have in front until they are labelled: no name of a model has it. */
export const hidden = '\u0000';

/** `sample` is an input whose first axis is the batch. */
export function createEmitter(sample: string): Emitter {
  const nodes: NodeProto[] = [];
  const constants = new Map<string, TensorProto>();
  const stretched = new Map<string, string>();
  let batch: string | undefined;

  function constant(
    name: string,
    type: ElementType,
    dims: readonly number[],
    make: () => TensorData,
  ): string {
    if (!constants.has(name)) constants.set(name, { name, type, dims, data: make() });
    return name;
  }
  function node(op: string, inputs: readonly string[], attributes: NodeProto['attributes'] = {}): string {
    const name = `${hidden}${nodes.length}`;
    nodes.push({ op, inputs, outputs: [name], attributes });
    return name;
  }
  const integers = (values: readonly number[]): string =>
    constant(`${hidden}integers ${values.join(' ')}`, 'INT64', [values.length], () =>
      BigInt64Array.from(values, BigInt),
    );

  function batchSize(): string {
    batch ??= node('Shape', [sample], { start: 0, end: 1 });
    return batch;
  }
  const parts = { node, integers, batch: batchSize };
  return {
    ...parts,
    number: (value, dtype) =>
      constant(`${hidden}${dtype} ${Object.is(value, -0) ? '-0' : value}`, elementTypeOf[dtype], [], () =>
        arrayOf(dtype, value),
      ),
    range: (count) =>
      constant(`${hidden}range ${count}`, 'INT32', [count], () =>
        Int32Array.from({ length: count }, (_, i) => i),
      ),
    full(held, shape) {
      if (sameShape(held.shape, shape)) return held.name;
      const key = `${held.name} ${shape}`;
      const known = stretched.get(key) ?? node('Expand', [held.name, sizes(parts, shape)]);
      stretched.set(key, known);
      return known;
    },
    nodes,
    constants,
  };
}

/** A shape as a list of numbers, which depends on the batch if an axis does. */
function sizes(
  { node, integers, batch }: Pick<Emitter, 'node' | 'integers' | 'batch'>,
  shape: Shape,
): string {
  if (!shape.includes('batch')) return integers(shape.map(Number));
  const at = shape.indexOf('batch');
  const parts = [shape.slice(0, at), shape.slice(at + 1)].map((part) =>
    part.length > 0 ? [integers(part.map(Number))] : [],
  );
  const [before = [], after = []] = parts;
  if (before.length + after.length === 0) return batch();
  return node('Concat', [...before, batch(), ...after], { axis: 0 });
}

function arrayOf(dtype: DType, value: number): TensorData {
  if (dtype === 'f32') return Float32Array.of(value);
  if (dtype === 'f64') return Float64Array.of(value);
  return dtype === 'i32' ? Int32Array.of(value) : Uint8Array.of(value ? 1 : 0);
}

/** The shape of what several tensors give together, element by element. */
export function joined(xs: readonly Held[]): Shape {
  let shape: Shape = [];
  for (const x of xs) shape = broadcastShapes(shape, x.shape) ?? shape;
  return shape;
}
