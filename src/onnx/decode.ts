/** Reads an ONNX file strictly: every size is checked before memory is taken, and no subgraph is walked into. */

import { fields } from '../../codegen/onnx/fields.ts';
import { quote } from '../runtime/names.ts';
import { type Field, malformed, readMessage, unsupported } from './cursor.ts';
import type { Attribute, Graph, Interface, Node, Size, Tensor } from './graph.ts';
import { elementTypeOf, readTensor } from './tensors.ts';

/** The first version that is read: older ones shape their operands by rules of their own. */
const oldestOpset = 7;

/**
 * The graph of a model. Throws `onnx/format` with the byte for what is malformed, and `onnx/unsupported` for what is right and
 * cannot be read here: functions of its own, and versions that are too old.
 */
export function decodeOnnx(file: Uint8Array): Graph {
  let graph: Omit<Graph, 'producer' | 'opset'> | undefined;
  let producer = '';
  const opsets = new Map<string, number>();
  readMessage(file, (field) => {
    const f = fields.model;
    if (field.number === f.producerName) producer = field.text();
    else if (field.number === f.opsetImport) readOpset(field, opsets);
    else if (field.number === f.functions)
      throw unsupported('it has functions of its own', 'Export it without them.', field.at);
    else if (field.number === f.graph) {
      if (graph !== undefined) throw malformed('it has two graphs', field.at);
      graph = readGraph(field);
    } else return false;
    return true;
  });
  if (graph === undefined) throw malformed('it has no graph', file.length);
  const opset = opsets.get('') ?? (opsets.has('ai.onnx.ml') ? oldestOpset : undefined);
  if (opset === undefined) throw malformed('it does not say which operators it is made of', file.length);
  if (opset < oldestOpset)
    throw unsupported(`it is of opset ${opset}`, `Export it with opset ${oldestOpset} or later.`, 0);
  return { ...graph, producer, opset };
}

function readOpset(field: Field, opsets: Map<string, number>): void {
  let [domain, version] = ['', 0];
  field.message((part) => {
    if (part.number === fields.opset.domain) domain = part.text();
    else if (part.number === fields.opset.version) version = part.integer();
    else return false;
    return true;
  });
  opsets.set(domain === 'ai.onnx' ? '' : domain, version);
}

function readGraph(field: Field): Omit<Graph, 'producer' | 'opset'> {
  const f = fields.graph;
  let name = '';
  const nodes: Node[] = [];
  const inputs: Interface[] = [];
  const outputs: Interface[] = [];
  const initializers = new Map<string, Tensor>();
  field.message((part) => {
    if (part.number === f.name) name = part.text();
    else if (part.number === f.node) nodes.push(readNode(part));
    else if (part.number === f.input) inputs.push(readInterface(part));
    else if (part.number === f.output) outputs.push(readInterface(part));
    else if (part.number === f.initializer) {
      const tensor = readTensor(part);
      if (initializers.has(tensor.name)) throw malformed(`${quote(tensor.name)} comes twice`, part.at);
      initializers.set(tensor.name, tensor);
    } else if (part.number === f.sparseInitializer) {
      throw unsupported('it has sparse weights', 'Store them as they are.', part.at);
    } else return false;
    return true;
  });
  checkNames(nodes, inputs, initializers);
  return { name, nodes, inputs, outputs, initializers };
}

/** A name stands for one value: a second one would change what came before. */
function checkNames(
  nodes: readonly Node[],
  inputs: readonly Interface[],
  initializers: ReadonlyMap<string, Tensor>,
): void {
  const known = new Set(initializers.keys());
  const seen = new Set<string>();
  for (const { name, at } of inputs) {
    if (seen.has(name)) throw malformed(`the input ${quote(name)} comes twice`, at);
    seen.add(name);
    known.add(name);
  }
  for (const { outputs, at } of nodes) {
    for (const name of outputs) {
      if (name === '') continue;
      if (known.has(name)) throw malformed(`${quote(name)} is computed twice`, at);
      known.add(name);
    }
  }
}

function readNode(field: Field): Node {
  const f = fields.node;
  let [name, op, domain] = ['', '', ''];
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, Attribute>();
  field.message((part) => {
    if (part.number === f.input) inputs.push(part.text());
    else if (part.number === f.output) outputs.push(part.text());
    else if (part.number === f.name) name = part.text();
    else if (part.number === f.opType) op = part.text();
    else if (part.number === f.domain) domain = part.text();
    else if (part.number === f.attribute) readAttribute(part, attributes);
    else return false;
    return true;
  });
  return { name, op, domain: domain === 'ai.onnx' ? '' : domain, inputs, outputs, attributes, at: field.at };
}

/** Attributes are bytes, which need not be text. */
const lenient = new TextDecoder();

function readAttribute(field: Field, into: Map<string, Attribute>): void {
  const f = fields.attribute;
  let name = '';
  let found: Attribute = { kind: 'other' };
  const ints: number[] = [];
  const floats: number[] = [];
  let texts = 0;
  field.message((part) => {
    if (part.number === f.name) name = part.text();
    else if (part.number === f.i) found = { kind: 'int', value: part.integer() };
    else if (part.number === f.f) found = { kind: 'float', value: part.float() };
    else if (part.number === f.s) found = { kind: 'text', value: lenient.decode(part.bytes()) };
    else if (part.number === f.t) found = { kind: 'tensor', value: readTensor(part) };
    else if (part.number === f.ints) part.integers(ints);
    else if (part.number === f.floats) part.floats(floats);
    else if (part.number === f.strings) texts += part.bytes().length >= 0 ? 1 : 0;
    else return false;
    return true;
  });
  if (ints.length > 0) found = { kind: 'ints', value: ints };
  else if (floats.length > 0) found = { kind: 'floats', value: floats };
  else if (texts > 0) found = { kind: 'texts', count: texts };
  if (into.has(name)) throw malformed(`the attribute ${quote(name)} comes twice`, field.at);
  into.set(name, found);
}

function readInterface(field: Field): Interface {
  let name = '';
  let type: number | undefined;
  let shape: Size[] | undefined;
  field.message((part) => {
    if (part.number === fields.valueInfo.name) name = part.text();
    else if (part.number === fields.valueInfo.type) {
      part.message((kind) => {
        if (kind.number !== fields.type.tensorType) return false;
        kind.message((tensor) => {
          if (tensor.number === fields.tensorType.elemType) type = tensor.integer();
          else if (tensor.number === fields.tensorType.shape) shape = readShape(tensor);
          else return false;
          return true;
        });
        return true;
      });
    } else return false;
    return true;
  });
  return { name, type: type === undefined ? undefined : elementTypeOf(type), shape, at: field.at };
}

function readShape(field: Field): Size[] {
  const shape: Size[] = [];
  field.message((part) => {
    if (part.number !== fields.shape.dim) return false;
    let size: Size;
    part.message((dimension) => {
      if (dimension.number !== fields.dimension.value) return false;
      size = dimension.integer();
      if (!Number.isSafeInteger(size) || size < 0) throw malformed(`${size} is no size`, part.at);
      return true;
    });
    shape.push(size);
    return true;
  });
  return shape;
}
