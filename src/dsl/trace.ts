/** Runs a model's function once and packs what it recorded into a program with gradient markers. */

import { type Diagnostic, errors, warnings } from '../../ir/errors.ts';
import type { Program, Result, Update } from '../../ir/program.ts';
import { type Float, showType } from '../../ir/types.ts';
import { reachable, type Value } from '../../ir/value.ts';
import type { Slot } from '../optim/optimizer.ts';
import { createContext, type Model, type ModelResult } from './model.ts';
import { atCaller, claimName, createRecording, declareState, located, type Recording } from './recording.ts';
import type { Shape } from './shapes.ts';
import { namesFromSource } from './source-names.ts';
import { isTensor, type Scalar, type Tensor, type TensorLike, wrap } from './tensor.ts';

export interface Traced {
  readonly program: Program;
  readonly warnings: readonly Diagnostic[];
}

export interface TraceOptions {
  readonly float: Float;
  /** Gives the text of a source file, to find the names of variables; undefined where it cannot be read. */
  readonly readSource?: (file: string) => string | undefined;
}

/** Throws located diagnostics; names of results that the runtime uses itself are refused. */
export function trace(model: Model, { float, readSource }: TraceOptions): Traced {
  const recording = createRecording(float);
  try {
    const result = model.build(createContext(recording));
    checkResult(result, recording);
    nameValues(recording, result, readSource);
    return pack(model, recording, result);
  } catch (thrown) {
    throw located(thrown, model.site);
  }
}

const reserved: ReadonlySet<string> = new Set([
  'loss',
  'learningRate',
  'step',
  'epoch',
  'samplesSeen',
  'stepsTotal',
]);

function checkResult(result: ModelResult, recording: Recording): void {
  if (typeof result !== 'object' || result === null || !isTensor(result.loss)) {
    throw errors.modelReturn(
      typeof result === 'object' && result !== null
        ? `{ ${Object.keys(result).join(', ')} }`
        : String(result),
    );
  }
  const named = [...Object.entries(result.metrics ?? {}), ...Object.entries(result.outputs ?? {})];
  for (const [name, tensor] of [['loss', result.loss] as const, ...named]) {
    if (!isTensor(tensor)) throw errors.modelReturn(`${name}: ${String(tensor)}, which is no tensor`);
    if (tensor.recording !== recording) throw errors.foreignTensor(name);
  }
  const lineOf = ({ value }: TensorLike) => recording.o.noteOf(value).site;
  if (result.loss.value.shape.length > 0)
    throw located(errors.lossNotScalar(showType(result.loss.value)), lineOf(result.loss));
  for (const [name, metric] of Object.entries(result.metrics ?? {})) {
    if (reserved.has(name)) throw errors.badName(`metric "${name}"`, 'is used by the trainer itself');
    if (metric.value.shape.length > 0)
      throw located(errors.rank(`metric "${name}"`, showType(metric.value), 'one number'), lineOf(metric));
  }
}

/** Explicit names win; then the user's variables; then what results are called; then what layers suggest. */
function nameValues(recording: Recording, result: ModelResult, readSource: TraceOptions['readSource']): void {
  const { o } = recording;
  o.annotate(result.loss.value, { name: 'loss' });
  for (const [name, metric] of Object.entries(result.metrics ?? {})) o.annotate(metric.value, { name });
  for (const [value, name] of namesFromSource(o.notes, readSource ?? (() => undefined)))
    o.annotate(value, { name });
  for (const [name, output] of Object.entries(result.outputs ?? {})) o.annotate(output.value, { name });
  for (const [value, { name, hint }] of [...o.notes])
    if (name === undefined && hint !== undefined) o.annotate(value, { name: hint });
}

function pack(model: Model, recording: Recording, result: ModelResult): Traced {
  const { o, float } = recording;
  const loss = result.loss.value;
  const used = new Set(reachable([loss]));
  const parameters = recording.states.filter((state) => state.role === 'parameter');
  const trained = parameters.filter(({ name }) => isUsed(recording, used, name));
  if (trained.length === 0) throw errors.lossWithoutParameters();
  const metrics = entries(result.metrics);
  const evaluation: Result[] = [{ name: 'loss', value: loss }, ...metrics];
  const { rate, updates } = optimize(
    model,
    recording,
    loss,
    trained.map(({ name }) => name),
  );
  const [first, ...rest] = evaluation;
  const results = first ? [first, { name: 'learningRate', value: rate }, ...rest] : [];
  const everything = new Set(
    reachable([...evaluation, ...entries(result.outputs)].map(({ value }) => value)),
  );
  return {
    program: {
      name: model.name,
      float,
      maxBatch: model.options.maxBatch ?? model.options.batch,
      inputs: recording.inputs,
      states: recording.states,
      functions: [
        { name: 'step', results, updates },
        { name: 'evaluate', results: evaluation, updates: [] },
        { name: 'predict', results: entries(result.outputs), updates: [] },
      ],
      notes: o.notes,
    },
    warnings: [
      ...parameters
        .filter((p) => !trained.includes(p))
        .map((p) => locate(recording, p.name, warnings.unusedParameter(p.name))),
      ...recording.inputs
        .filter(({ name }) => ![...everything].some((v) => v.op === 'input' && v.attrs.name === name))
        .map(({ name }) => locate(recording, name, warnings.unusedInput(name))),
    ],
  };
}

const entries = (tensors: { readonly [name: string]: TensorLike } | undefined): Result[] =>
  Object.entries(tensors ?? {}).map(([name, { value }]) => ({ name, value }));

const isUsed = (recording: Recording, used: ReadonlySet<Value>, name: string): boolean => {
  const value = recording.stateValues.get(name);
  return value !== undefined && used.has(value);
};

function locate(recording: Recording, name: string, diagnostic: Diagnostic): Diagnostic {
  const site = recording.names.get(name.normalize('NFC'));
  return site ? { ...diagnostic, site } : diagnostic;
}

/** The optimizer's part of the step: next values of parameters and slots. */
function optimize(model: Model, recording: Recording, loss: Value, trained: readonly string[]) {
  const { o, float } = recording;
  const { optimizer } = model.options;
  const updates: Update[] = [];
  const note = { role: 'update', ...(model.site ? { site: model.site } : {}) } as const;
  const rate = o.within(note, (): Value => {
    const step: Scalar = wrap(
      recording,
      o.cast(o.input({ name: 'step', dtype: 'i32', shape: [] }), { dtype: float }),
      'float',
    );
    const { learningRate } = optimizer;
    const value =
      typeof learningRate === 'function'
        ? learningRate(step).value
        : o.constant({ value: learningRate, dtype: float, shape: [] });
    if (value.shape.length > 0) throw errors.rank('learningRate', showType(value), 'one number');
    o.annotate(value, { name: 'learningRate' });
    for (const name of trained) {
      const parameter = recording.stateValues.get(name);
      if (!parameter) continue;
      const tensor: Tensor<Shape> = wrap(recording, parameter, 'float');
      const next = optimizer.update({
        parameter: tensor,
        gradient: wrap(recording, o.grad(loss, parameter), 'float'),
        rate: wrap(recording, value, 'float'),
        step,
        slot: (slot, initial = 0) => createSlot(recording, name, slot, initial, updates),
      });
      updates.push({ state: name, value: next.value });
    }
    return value;
  });
  return { rate, updates };
}

function createSlot(
  recording: Recording,
  parameter: string,
  slot: string,
  initial: number,
  updates: Update[],
): Slot {
  const name = `${parameter}.${slot}`;
  const shape = recording.stateValues.get(parameter)?.shape.map(Number) ?? [];
  const value = atCaller(recording, () => {
    claimName(recording, 'slot', name);
    return declareState(recording, 'slot', name, shape, { kind: 'constant', value: initial });
  });
  return {
    value: wrap(recording, value, 'float'),
    set: (next) => {
      updates.push({ state: name, value: next.value });
    },
  };
}
