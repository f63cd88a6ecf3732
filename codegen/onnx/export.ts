/** What a program predicts, as an ONNX model: the batch keeps its name, weights and names are the model's. */

import { CompileError } from '../../ir/errors.ts';
import { isOpName } from '../../ir/ops/index.ts';
import type { Program, ProgramFunction } from '../../ir/program.ts';
import { reachable, type Site, type Value } from '../../ir/value.ts';
import { createEmitter, type Emitter, elementTypeOf, type Held } from './emitter.ts';
import { encodeModel, type ModelProto, type TensorProto, type ValueInfo } from './encode.ts';
import { labelNodes } from './labels.ts';
import { softmaxOf } from './softmax.ts';
import { spellings } from './spellings.ts';

/**
 * Each op that is written means at 22 what it means at 28, the newest of onnx 1.23: later revisions add types of elements that
 * no program of ours has. So nothing is gained by a higher number, and runtimes from the end of 2024 on, onnxruntime 1.20 among
 * them, can read the file. Intermediate representation 10 is the one that came with it.
 */
export const onnxOpset = 22;
export const onnxIrVersion = 10;

export interface OnnxOptions {
  /** The values of parameters and statistics by name, flat and row-major. */
  readonly weights: { readonly [name: string]: Float32Array | Float64Array | Int32Array };
  /** Of the package that writes. */
  readonly version: string;
  /** What tells one model from another. */
  readonly fingerprint?: string;
}

/** The bytes of the model. Throws `onnx/unsupported`, with every place in the user's model that ONNX has no nodes for. */
export const exportOnnx = (program: Program, options: OnnxOptions): Uint8Array<ArrayBuffer> =>
  encodeModel(onnxModelOf(program, options));

function onnxModelOf(program: Program, { weights, version, fingerprint }: OnnxOptions): ModelProto {
  const predict = program.functions.find(({ name }) => name === 'predict');
  if (predict === undefined || predict.results.length === 0) throw withoutOutputs(program);
  const values = reachable(
    predict.results.map(({ value }) => value),
    inputsOf,
  );
  checkSupported(program, values);
  const inputs = program.inputs.filter(({ role }) => role === 'input');
  const e = createEmitter(inputs[0]?.name ?? '');
  const { results, suggestions } = writeNodes(e, values, predict, program);
  const states = program.states.filter(({ name }) =>
    values.some(({ op, attrs }) => op === 'state' && attrs.name === name),
  );
  const reserved = [...inputs, ...states].map(({ name }) => name);
  const { nodes, rename, outputs } = labelNodes(e.nodes, { reserved, results, suggestions });
  return {
    irVersion: onnxIrVersion,
    opset: onnxOpset,
    producer: 'chainrule',
    producerVersion: version,
    doc: 'Written by chainrule',
    metadata: [
      ['model', program.name],
      ...(fingerprint === undefined ? [] : [['fingerprint', fingerprint] as const]),
    ],
    name: program.name,
    nodes,
    inputs: inputs.map(({ name, dtype, shape }) => ({ name, type: elementTypeOf[dtype], shape })),
    outputs: predict.results.map(
      ({ name, value }): ValueInfo => ({
        name: outputs.get(name) ?? name,
        type: elementTypeOf[value.dtype],
        shape: value.shape,
      }),
    ),
    initializers: [
      ...states.map(({ name, dtype, shape }): TensorProto => {
        const data = weights[name];
        if (data === undefined) throw new Error(`no values for the state ${name}`);
        return { name, type: elementTypeOf[dtype], dims: shape, data };
      }),
      ...[...e.constants.values()].map((tensor) => ({ ...tensor, name: rename(tensor.name) })),
    ],
  };
}

/** A softmax needs nothing of what it was spelled out as. */
function inputsOf(value: Value): readonly Value[] {
  const softmax = softmaxOf(value);
  return softmax ? [softmax.logits] : value.inputs;
}

function write(e: Emitter, value: Value, at: (value: Value) => Held): Held {
  const softmax = softmaxOf(value);
  if (softmax) {
    const { op, axis, logits } = softmax;
    return { name: e.node(op, [e.full(at(logits), logits.shape)], { axis }), shape: value.shape };
  }
  const spelling = isOpName(value.op) ? spellings[value.op] : undefined;
  return spelling
    ? spelling(e, value, value.inputs.map(at))
    : { name: String(value.attrs.name), shape: value.shape };
}

/** Writes all values in order, and what holds each result as a whole. */
function writeNodes(e: Emitter, values: readonly Value[], predict: ProgramFunction, program: Program) {
  const held = new Map<Value, Held>();
  const suggestions = new Map<string, string>();
  const at = (value: Value): Held => {
    const found = held.get(value);
    if (found === undefined) throw new Error(`${value.op} is read before it is written`);
    return found;
  };
  for (const value of values) {
    const holder = write(e, value, at);
    held.set(value, holder);
    const { name, hint } = program.notes.get(value) ?? {};
    const label = name ?? hint;
    if (label !== undefined && !suggestions.has(holder.name)) suggestions.set(holder.name, label);
  }
  const results = predict.results.map(({ name, value }) => ({
    name,
    tensor: e.full(at(value), value.shape),
  }));
  return { results, suggestions };
}

/** The number of the step and the seed are scalars: no input of a user's is. */
const isOfStep = (value: Value): boolean => value.op === 'input' && value.shape.length === 0;

/** Refuses what has no nodes, all of it at once: random numbers, and the number of the training step. */
function checkSupported({ name, notes }: Program, values: readonly Value[]): void {
  const wrong = values.filter(({ op, inputs }) => {
    if (op === 'input' || op === 'state') return false;
    const known = isOpName(op) && spellings[op] !== undefined;
    return !known || inputs.some(isOfStep);
  });
  if (wrong.length === 0) return;
  /** Its own line, or that of who reads it: what the library declares has no line. */
  const siteOf = (value: Value): Site | undefined =>
    notes.get(value)?.site ??
    values
      .map((reader) => (reader.inputs.includes(value) ? notes.get(reader)?.site : undefined))
      .find(Boolean);
  const told = wrong.map((value) => {
    const site = siteOf(value);
    const what = value.inputs.some(isOfStep) && value.op !== 'uniform' ? 'the number of the step' : value.op;
    return site ? `${what} (${site.file}:${site.line})` : what;
  });
  const site = wrong.map(siteOf).find((one) => one !== undefined);
  throw new CompileError({
    code: 'onnx/unsupported',
    severity: 'unsupported',
    message: `the outputs of "${name}" need what ONNX has no nodes for: ${[...new Set(told)].join(', ')}.`,
    help: 'Compute the outputs without it: whenTraining(a, b) takes b where nothing is trained.',
    ...(site ? { site } : {}),
  });
}

const withoutOutputs = ({ name }: Program): CompileError =>
  new CompileError({
    code: 'onnx/no-outputs',
    severity: 'error',
    message: `the model "${name}" has no outputs, so there is nothing to export.`,
    help: 'Return them: { loss, outputs: { scores } }.',
  });
