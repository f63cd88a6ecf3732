/** A trainer: an emitted module together with its data checks, training loop, predictions and files. */

import { type Column, type Columns, checkColumns } from './columns.ts';
import { rowSize, zeros } from './dtypes.ts';
import { createEngine } from './engine.ts';
import { type InputError, inputError } from './errors.ts';
import { type Engine, fitting, notFinite, type Progress } from './fit.ts';
import { awaitsFitting, checkFitted, fitStatistics } from './fitted.ts';
import { initialize, initializeSome } from './initialize.ts';
import type { Batch, Layout, Metrics, Outputs, Program, State, TrainerModule, TypedArray } from './module.ts';
import { quote } from './names.ts';
import { checkNames, type FitOptions, planFit, wholeOption } from './options.ts';
import { sizeOf } from './safetensors.ts';
import { createStage, type Source, type Stage, sourceOf } from './stage.ts';
import { assign, decodeState, encodeState, type InitialValues, initialValues } from './weights.ts';

/** All inputs and labels of a model, a column each. */
export type Data<B> = { readonly [K in keyof B]: Column };

/** The inputs of a model, a column each; labels may be there and are not looked at. */
export type Inputs<B> = { readonly [K in keyof B]?: Column };

/** How a trainer starts. */
export interface TrainerOptions {
  /** Decides the initial values, the shuffles and the random operations; whole, 0 to 2^32 − 1, 0 by default. */
  readonly seed?: number | undefined;
  /** Values for some or all parameters in place of the drawn ones: a safetensors file, or arrays by name. */
  readonly init?: Uint8Array | InitialValues | undefined;
}

/** What `load` may be told. */
export interface LoadOptions {
  /**
   * Take parameters and statistics alone: slots get their initial values, `steps` becomes 0, other tensors are passed
   * over.
   */
  readonly parametersOnly?: boolean | undefined;
}

/** What `evaluate` may be told. */
export interface EvaluateOptions {
  /** Records that are computed at once, 1 to the layout's maxBatch, which is the default. */
  readonly batch?: number | undefined;
}

/** Every method that throws `InputError` leaves all as it was; a `fit` keeps the steps before the one that failed. */
export interface Trainer<B, M, E, O> {
  readonly layout: Layout;
  /** What it was created with. */
  readonly seed: number;
  /** The arrays of all states by name: views, so that writing to them changes the model. */
  readonly state: State;
  /** Training steps done so far, those before a saved file was loaded included. */
  readonly steps: number;
  /**
   * One training step on 1 to maxBatch records; the metrics are those before the update. A step that would make the loss
   * or the state NaN or infinite is taken back and throws `train/not-finite`.
   */
  step(batch: Data<B>): M;
  /** Trains in batches and reports after each step. Checks at the call; trains as it is iterated. */
  fit(data: Data<B>, options?: FitOptions): AsyncIterable<Progress<M>>;
  /**
   * Fits the statistics that the model normalizes its inputs with to `data`. The first `fit` does it by itself, before
   * its first step; a model without such statistics has nothing to fit.
   */
  fitStatistics(data: Inputs<B>): void;
  /** Metrics of any number of records: means over the records, whatever the batch. */
  evaluate(data: Data<B>, options?: EvaluateOptions): E;
  /** Outputs for any number of records, in new arrays with a row for each. */
  predict(inputs: Inputs<B>): O;
  /** All of the state and the number of steps, as a safetensors file. */
  save(): Uint8Array;
  /** Takes over what `save` gave; if anything does not fit, all stays as it is. */
  load(bytes: Uint8Array, options?: LoadOptions): void;
}

/**
 * Creates a trainer of an emitted module with initial values drawn from the seed. Throws `train/option`, and
 * for `init` `weights/format`, `weights/mismatch`, `data/not-finite`, `data/not-integer` or `data/not-exact`.
 */
export function createTrainer<B, M, E, O>(
  module: TrainerModule<B, M, E, O>,
  options: TrainerOptions = {},
): Trainer<B, M, E, O> {
  checkNames(options, ['seed', 'init']);
  const { layout } = module;
  const seed = wholeOption('seed', options.seed ?? 0, 0, 2 ** 32 - 1);
  const given = options.init === undefined ? undefined : initialValues(layout, options.init);
  const program = module.create();
  checkState(layout, program.state);
  const stage = createStage(layout, program.columns);
  const engine = createEngine(program, layout, seed);
  const moment = (): Moment => ({ t: engine.steps(), seed });
  initialize(layout, program.state, seed);
  if (given !== undefined) assign(program.state, given);

  return {
    layout,
    seed,
    state: program.state,
    get steps() {
      return engine.steps();
    },
    step(batch) {
      const columns = checkColumns(layout, batch, 'all');
      checkBatchSize(layout, columns);
      checkFitted(layout, program.state);
      return stepAlone(engine, sourceOf(columns).whole, columns.count);
    },
    fit(data, fitOptions = {}) {
      const source = sourceOf(checkColumns(layout, data, 'all'));
      const plan = planFit(layout, source.count, fitOptions);
      const prepare = () => {
        if (awaitsFitting(layout, program.state)) fitStatistics(layout, program.state, source);
      };
      return fitting({ ...engine, prepare }, stage, source, plan, seed);
    },
    fitStatistics(data) {
      fitStatistics(layout, program.state, sourceOf(checkColumns(layout, data, 'inputs')));
    },
    evaluate(data, evaluateOptions = {}) {
      checkNames(evaluateOptions, ['batch']);
      checkFitted(layout, program.state);
      const batch = wholeOption('batch', evaluateOptions.batch ?? layout.maxBatch, 1, layout.maxBatch);
      const source = sourceOf(checkColumns(layout, data, 'all'));
      return evaluateAll(program, stage, source, layout, batch, moment());
    },
    predict(inputs) {
      checkFitted(layout, program.state);
      return predictAll(program, stage, sourceOf(checkColumns(layout, inputs, 'inputs')), layout, moment());
    },
    save: () => encodeState(layout, program.state, engine.steps()),
    load(bytes, loadOptions = {}) {
      checkNames(loadOptions, ['parametersOnly']);
      engine.continueAt(loadInto(program.state, layout, bytes, loadOptions.parametersOnly === true, seed));
    },
  };
}

/** A step outside of `fit`: what it makes NaN or infinite is an error. */
function stepAlone<M>(engine: Engine<M>, batch: Batch, count: number): M {
  const { metrics, fault } = engine.step(batch, count, true);
  if (fault === undefined) return { ...metrics };
  throw notFinite(fault, `at step ${engine.steps() + 1}, counted from 1`, engine.replayOf(batch, count));
}

/** Takes over what a file holds, all or nothing, and gives the number of steps done when it was saved. */
function loadInto(
  state: State,
  layout: Layout,
  bytes: Uint8Array,
  parametersOnly: boolean,
  seed: number,
): number {
  const { values, steps } = decodeState(layout, bytes, parametersOnly);
  if (parametersOnly) initializeSome(layout, state, seed, ({ role }) => role === 'slot');
  assign(state, values);
  return steps;
}

/** A module whose state is not that of its layout is a bug of whoever emitted it, not of the data. */
function checkState(layout: Layout, state: State): void {
  for (const { name, shape } of layout.state) {
    const found = state[name]?.length;
    const expected = sizeOf(shape);
    if (found === expected) continue;
    throw new Error(
      `The module has ${found ?? 'no'} values for the state ${quote(name)}, expected ${expected}.`,
    );
  }
}

function checkBatchSize({ maxBatch }: Layout, { count }: Columns): void {
  if (count <= maxBatch) return;
  throw inputError(
    'data/batch-too-large',
    `The batch has ${count} records, but the trainer was compiled for at most ${maxBatch}.`,
    `Pass at most ${maxBatch} records to step, use fit, or compile with a larger maximum batch.`,
  );
}

/** Where in its random numbers a trainer stands. */
interface Moment {
  readonly t: number;
  readonly seed: number;
}

/** The mean of each metric over the batches, weighted by their records, so that a partial batch counts right. */
function evaluateAll<B, M, E, O>(
  program: Program<B, M, E, O>,
  stage: Stage,
  source: Source,
  layout: Layout,
  batch: number,
  { t, seed }: Moment,
): E {
  const means = new Map(layout.evaluation.map((name) => [name, 0]));
  for (let from = 0; from < source.count; from += batch) {
    const count = Math.min(batch, source.count - from);
    const metrics = program.evaluate(stage.gather(source, null, from, count) as B, count, t, seed) as Metrics;
    for (const [name, mean] of means) {
      const value = metrics[name] ?? Number.NaN;
      // The first batch has weight 1, so that a single batch gives exactly what the program computed.
      means.set(name, mean + (value - mean) * (count / (from + count)));
    }
  }
  return Object.fromEntries(means) as E;
}

/** An output without a batch axis, such as a mean over the records, cannot be put together from batches. */
const oneForAll = (name: string, { maxBatch }: Layout): InputError =>
  inputError(
    'data/batch-too-large',
    `The output ${quote(name)} is one value for all records, but they are more than the ${maxBatch} that are predicted at once.`,
    `Predict at most ${maxBatch} records, or compile with a larger maximum batch.`,
  );

function predictAll<B, M, E, O>(
  program: Program<B, M, E, O>,
  stage: Stage,
  source: Source,
  layout: Layout,
  { t, seed }: Moment,
): O {
  const results = new Map<string, TypedArray>();
  for (let from = 0; from < source.count; from += layout.maxBatch) {
    const count = Math.min(layout.maxBatch, source.count - from);
    const batch: Batch = stage.gather(source, null, from, count);
    const outputs = program.predict(batch as B, count, t, seed) as Outputs;
    for (const { name, dtype, shape } of layout.outputs) {
      const output = outputs[name];
      if (output === undefined) throw new Error(`The module gives no output ${quote(name)}.`);
      const width = rowSize(shape);
      const isPerRecord = shape[0] === 'batch';
      const result = results.get(name) ?? zeros(dtype, isPerRecord ? source.count * width : width);
      const found = output.subarray(0, isPerRecord ? count * width : width);
      if (!isPerRecord && from > 0 && result.some((value, i) => !Object.is(value, found[i])))
        throw oneForAll(name, layout);
      result.set(found, isPerRecord ? from * width : 0);
      results.set(name, result);
    }
  }
  return Object.fromEntries(results) as O;
}
