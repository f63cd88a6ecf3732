/** Runs a model's function once and packs what it recorded into a program with gradient markers. */

import { CompileError, type Diagnostic, errors, warnings } from '../../ir/errors.ts';
import { type Program, type ProgramFunction, type Result, rootsOf } from '../../ir/program.ts';
import { substitute } from '../../ir/substitute.ts';
import { type Float, isFloat, showType } from '../../ir/types.ts';
import { type Note, reachable, type Value } from '../../ir/value.ts';
import { createContext, type Model, type ModelResult } from './model.ts';
import { optimize } from './optimize.ts';
import { createRecording, located, type Recording } from './recording.ts';
import { siteIn } from './site.ts';
import { namesFromSource } from './source-names.ts';
import { isTensor, type TensorLike } from './tensor.ts';

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
  const recording = createRecording(float, model.options.maxBatch ?? model.options.batch);
  try {
    const result = build(model, recording);
    checkResult(result, recording);
    nameValues(recording, result, readSource);
    return pack(model, recording, result);
  } catch (thrown) {
    throw located(thrown, model.site);
  }
}

/** What the user's function throws of its own, such as a TypeError, is told with the user's line. */
function build(model: Model, recording: Recording): ModelResult {
  try {
    return model.build(createContext(recording));
  } catch (thrown) {
    if (!(thrown instanceof Error) || thrown instanceof CompileError) throw thrown;
    throw located(
      errors.buildThrew(model.name, `${thrown.name}: ${thrown.message}`),
      siteIn(thrown.stack ?? ''),
    );
  }
}

const reserved: ReadonlySet<string> = new Set([
  'loss',
  'learningRate',
  'momentum',
  'step',
  'epoch',
  'samplesSeen',
  'skipped',
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

/** What the model computes in one of its variants. */
interface Variant {
  /** The loss, then the metrics. */
  readonly results: readonly Result[];
  readonly outputs: readonly Result[];
  readonly at: (value: Value) => Value;
}

function pack(model: Model, recording: Recording, result: ModelResult): Traced {
  const { o, float } = recording;
  const training = variantOf(recording, result, 'training', new Set());
  const seen = reachable(training.results.map(({ value }) => value));
  const inference = variantOf(recording, result, 'inference', new Set(seen));
  const [loss] = training.results;
  if (!loss) throw errors.invalid('the model has no loss');
  checkOutputs(recording, inference.outputs);
  const trained = trainedParameters(recording, loss.value);
  if (trained.length === 0) throw errors.lossWithoutParameters();
  const objective = {
    results: training.results,
    updates: recording.updates.map(({ state, value }) => ({ state, value: training.at(value) })),
  };
  const functions: readonly ProgramFunction[] = [
    { name: 'step', ...optimize(model, recording, objective, trained) },
    { name: 'evaluate', results: inference.results, updates: [] },
    { name: 'predict', results: inference.outputs, updates: [] },
  ];
  // An update is a statement of its own, called after its state unless it has a name.
  for (const { state, value } of functions.flatMap(({ updates }) => updates))
    o.annotate(value, { name: state });
  return {
    program: {
      name: model.name,
      float,
      maxBatch: recording.maxBatch,
      inputs: recording.inputs,
      states: recording.states,
      functions,
      notes: nameVariants(o.notes, functions),
    },
    warnings: findings(recording, functions, seen, trained),
  };
}

function variantOf(
  recording: Recording,
  { loss, metrics, outputs }: ModelResult,
  which: 'training' | 'inference',
  nameless: ReadonlySet<Value>,
): Variant {
  const results: readonly Result[] = [{ name: 'loss', value: loss.value }, ...entries(metrics)];
  const all = [...results, ...entries(outputs), ...recording.updates];
  const at = substitute(
    recording.o,
    all.map(({ value }) => value),
    {
      replacementOf: (leaf) => {
        const variant = recording.variants.get(leaf);
        return variant && { value: variant[which], mode: 'deep' };
      },
      nameless,
    },
  );
  const move = (result: Result): Result => ({ ...result, value: at(result.value) });
  return { results: results.map(move), outputs: entries(outputs).map(move), at };
}

/** Labels are what predictions are made without. */
function checkOutputs(recording: Recording, outputs: readonly Result[]): void {
  const labels = recording.inputs.filter(({ role }) => role === 'label').map(({ name }) => name);
  for (const { name, value } of outputs) {
    const { site } = recording.o.noteOf(value);
    // A prediction is put together record by record.
    if (value.shape.indexOf('batch') > 0)
      throw located(errors.rank(`output "${name}"`, showType(value), 'the batch as the first axis'), site);
    const label = reachable([value]).find(
      ({ op, attrs }) => op === 'input' && labels.includes(String(attrs.name)),
    );
    if (label) throw located(errors.outputNeedsLabel(name, String(label.attrs.name)), site);
  }
}

const entries = (tensors: { readonly [name: string]: TensorLike } | undefined): Result[] =>
  Object.entries(tensors ?? {}).map(([name, { value }]) => ({ name, value }));

/** Parameters that a gradient of the loss reaches, in the order of their declaration. */
function trainedParameters(recording: Recording, loss: Value): string[] {
  const reached = new Set(
    reachable([loss], ({ op, inputs }) =>
      op === 'stopGradient' ? [] : inputs.filter(({ dtype }) => isFloat(dtype)),
    ),
  );
  return parametersOf(recording).filter(
    (name) => !recording.frozen.has(name) && has(recording, reached, name),
  );
}

const parametersOf = ({ states }: Recording): readonly string[] =>
  states.filter(({ role }) => role === 'parameter').map(({ name }) => name);

const has = ({ stateValues }: Recording, values: ReadonlySet<Value>, name: string): boolean => {
  const value = stateValues.get(name);
  return value !== undefined && values.has(value);
};

/** Notes with names that tell the values of inference from those of training that are called the same. */
function nameVariants(
  notes: ReadonlyMap<Value, Note>,
  functions: readonly ProgramFunction[],
): ReadonlyMap<Value, Note> {
  const valuesOf = (fns: readonly ProgramFunction[]) => reachable(fns.flatMap(rootsOf));
  const step = new Set(valuesOf(functions.filter(({ name }) => name === 'step')));
  const names = new Set([...step].map((value) => notes.get(value)?.name));
  const renamed = new Map(notes);
  for (const value of valuesOf(functions.filter(({ name }) => name !== 'step'))) {
    const note = notes.get(value);
    if (step.has(value) || note?.name === undefined || !names.has(note.name)) continue;
    renamed.set(value, { ...note, name: `${note.name}Inference` });
  }
  return renamed;
}

/** What is allowed and yet hardly meant. */
function findings(
  recording: Recording,
  functions: readonly ProgramFunction[],
  training: readonly Value[],
  trained: readonly string[],
): Diagnostic[] {
  const used = new Set(training);
  const everything = reachable(functions.flatMap(rootsOf));
  const idle = parametersOf(recording).filter(
    (name) => !recording.frozen.has(name) && !has(recording, used, name),
  );
  const matrices = recording.states.filter(
    ({ name, shape }) => trained.includes(name) && shape.length > 1 && shape.every((size) => size > 0),
  );
  const [first] = matrices;
  const symmetric =
    matrices.length > 1 &&
    matrices.every(({ init }) => init.kind === 'constant') &&
    matrices.some(({ shape }) => (shape[shape.length - 1] ?? 0) > 1);
  return [
    ...idle.map((name) => locate(recording, name, warnings.unusedParameter(name))),
    ...(first && symmetric ? [locate(recording, first.name, warnings.symmetric(first.name))] : []),
    ...recording.inputs
      .filter(({ name }) => !everything.some((v) => v.op === 'input' && v.attrs.name === name))
      .map(({ name }) => locate(recording, name, warnings.unusedInput(name))),
  ];
}

function locate(recording: Recording, name: string, diagnostic: Diagnostic): Diagnostic {
  const site = recording.names.get(name.normalize('NFC'));
  return site ? { ...diagnostic, site } : diagnostic;
}
