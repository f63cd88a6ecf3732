/** What a user declares: a model by its name, a function that writes it down, and how it is to be trained. */

import { errors } from '../../ir/errors.ts';
import type { InitSpec } from '../../ir/program.ts';
import type { Site } from '../../ir/value.ts';
import type { Optimizer } from '../optim/optimizer.ts';
import { atCaller, checkDims, claimName, declareState, located, type Recording } from './recording.ts';
import type { Shape } from './shapes.ts';
import { callerSite } from './site.ts';
import { createSlot, type Slot } from './slot.ts';
import { type Scalar, type Tensor, type TensorLike, wrap } from './tensor.ts';

/** How a parameter starts: a distribution that may depend on the parameter's shape. */
export type Initializer = (shape: readonly number[]) => InitSpec;

/** A label that names one of `C` classes by its index. */
export type ClassLabel<C extends number = number> = Tensor<readonly ['batch'], 'int'> & {
  readonly classes: C;
};

type BatchShape = readonly ['batch', ...number[]];

/** What the model function is given to declare with. */
export interface ModelContext {
  /** Data of one kind, one row per sample: `['batch', 784]`. */
  input<const S extends BatchShape>(name: string, shape: S): Tensor<S>;
  /** What is to be learnt: a class index, or numbers of a shape. */
  label<const C extends number>(name: string, options: { readonly classes: C }): ClassLabel<C>;
  label<const S extends BatchShape>(name: string, shape: S): Tensor<S>;
  /** A number as a tensor, for what a method cannot start with: `m.constant(1).sub(y)`. */
  constant(value: number): Tensor<readonly []>;
  /** An array with its initial distribution, trained unless told otherwise. */
  param<const S extends readonly number[]>(
    name: string,
    shape: S,
    init: Initializer,
    options?: ParamOptions,
  ): Tensor<S>;
  /** An array that the model remembers from step to step, such as a running mean. It travels with the weights. */
  state<const S extends readonly number[]>(name: string, shape: S, init: Initializer): Slot<S>;
  /** The number of the training step, from 0. */
  step(): Tensor<readonly []>;
}

/** What `m.param` may be told. */
export interface ParamOptions {
  /** `false` freezes the parameter: no gradient, no optimizer state, its value stays as loaded or drawn. */
  readonly trainable?: boolean;
}

/** What the function of a model gives back. */
export interface ModelResult {
  /** One number: what training makes small. */
  readonly loss: TensorLike<readonly [], 'float'>;
  /** Numbers reported beside the loss. */
  readonly metrics?: { readonly [name: string]: TensorLike<readonly [], 'float'> };
  /** What `predict` returns, by name. */
  readonly outputs?: { readonly [name: string]: TensorLike<Shape, 'float' | 'int'> };
}

/** How a model is trained unless a call says otherwise. */
export interface ModelOptions {
  /** Data that `chainrule train` uses unless told otherwise: `digits`, `moons`, `csv:FILE?label=COLUMN`, ... */
  readonly data?: string;
  /** Samples per step. */
  readonly batch: number;
  /** The most samples that one call can take; `batch` unless given. */
  readonly maxBatch?: number;
  /** Passes over the data. */
  readonly epochs?: number;
  readonly optimizer: Optimizer;
}

/** A model as it is declared; `build` runs when it is compiled. */
export interface Model {
  readonly kind: 'chainrule/model';
  readonly name: string;
  readonly build: (m: ModelContext) => ModelResult;
  readonly options: ModelOptions;
  readonly site: Site | undefined;
}

/** Declares a model. Nothing is computed: `build` runs when the model is compiled. */
export function model(name: string, build: (m: ModelContext) => ModelResult, options: ModelOptions): Model {
  const site = callerSite();
  try {
    checkOptions(name, options);
  } catch (thrown) {
    throw located(thrown, site);
  }
  return { kind: 'chainrule/model', name, build, options, site };
}

export const isModel = (x: unknown): x is Model =>
  typeof x === 'object' && x !== null && 'kind' in x && x.kind === 'chainrule/model';

function checkOptions(name: string, options: ModelOptions): void {
  if (typeof name !== 'string' || name.length === 0 || name.length > 256) {
    throw errors.badName('a model', 'must be 1 to 256 characters long');
  }
  const { batch, maxBatch = batch, epochs = 1 } = options ?? {};
  for (const [option, value] of Object.entries({ batch, maxBatch, epochs })) {
    if (!Number.isInteger(value) || value < 1) throw errors.option(option, 'a whole number from 1', value);
  }
  if (maxBatch < batch) throw errors.option('maxBatch', `at least batch (${batch})`, maxBatch);
  if (typeof options.optimizer?.update !== 'function') {
    throw errors.option(
      'optimizer',
      'an optimizer, such as gradientDescent({ learningRate: 0.1 })',
      options.optimizer,
    );
  }
}

/** The declaring half of a recording. */
export function createContext(recording: Recording): ModelContext {
  function input<const S extends BatchShape>(name: string, shape: S): Tensor<S> {
    return declareInput(recording, 'input', name, shape);
  }
  function label<const C extends number>(name: string, options: { readonly classes: C }): ClassLabel<C>;
  function label<const S extends BatchShape>(name: string, shape: S): Tensor<S>;
  function label(
    name: string,
    what: BatchShape | { readonly classes: number },
  ): Tensor<BatchShape> | ClassLabel {
    return 'classes' in what
      ? declareClassLabel(recording, name, what.classes)
      : declareInput(recording, 'label', name, what);
  }
  function param<const S extends readonly number[]>(
    name: string,
    shape: S,
    init: Initializer,
    { trainable = true }: ParamOptions = {},
  ): Tensor<S> {
    const value = atCaller(recording, () => {
      claimName(recording, 'parameter', name);
      checkDims(`parameter "${name}"`, shape, false);
      if (!trainable) recording.frozen.add(name);
      return declareState(recording, 'parameter', name, [...shape], drawn(name, shape, init));
    });
    return wrap(recording, value, 'float');
  }
  function state<const S extends readonly number[]>(name: string, shape: S, init: Initializer): Slot<S> {
    const spec = atCaller(recording, () => drawn(name, shape, init));
    return createSlot(recording, { role: 'statistic', name, shape, init: spec });
  }
  function constant(value: number): Tensor<readonly []> {
    const made = atCaller(recording, (o) => {
      if (typeof value !== 'number') throw errors.dtype('constant', typeof value, 'a number');
      return o.constant({ value, dtype: recording.float, shape: [] });
    });
    return wrap(recording, made, 'float');
  }
  return { input, label, param, state, constant, step: () => stepNumber(recording) };
}

function drawn(name: string, shape: readonly number[], init: Initializer): InitSpec {
  if (typeof init === 'function') return init(shape);
  throw errors.option(`init of "${name}"`, 'an initializer, such as zeros()', init);
}

/** The number of the step, from 0, as a float. */
export function stepNumber(recording: Recording): Scalar {
  const { o, float } = recording;
  const step = o.cast(o.input({ name: 'step', dtype: 'i32', shape: [] }), { dtype: float });
  return wrap(recording, step, 'float');
}

function declareInput<S extends BatchShape>(
  recording: Recording,
  role: 'input' | 'label',
  name: string,
  shape: S,
): Tensor<S> {
  const value = atCaller(recording, (o) => {
    claimName(recording, role, name);
    checkDims(`${role} "${name}"`, shape, true);
    if (shape[0] !== 'batch') throw errors.badDim(`${role} "${name}", axis 0`, shape[0]);
    recording.inputs.push({ name, role, dtype: recording.float, shape: [...shape] });
    const value = o.input({ name, dtype: recording.float, shape: [...shape] });
    o.annotate(value, { name });
    return value;
  });
  return wrap(recording, value, 'float');
}

function declareClassLabel<C extends number>(recording: Recording, name: string, classes: C): ClassLabel<C> {
  const value = atCaller(recording, (o) => {
    claimName(recording, 'label', name);
    if (!Number.isInteger(classes) || classes < 1)
      throw errors.option(`classes of "${name}"`, 'a whole number from 1', classes);
    recording.inputs.push({ name, role: 'label', dtype: 'i32', shape: ['batch'], classes });
    const value = o.input({ name, dtype: 'i32', shape: ['batch'] });
    o.annotate(value, { name });
    return value;
  });
  const tensor: Tensor<readonly ['batch'], 'int'> = wrap(recording, value, 'int');
  return Object.assign(tensor, { classes });
}
