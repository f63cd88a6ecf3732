/** What an emitted trainer module offers: the contract between generated code and the runtime. */

/** A dimension: a fixed size, or the number of samples of the batch at hand. */
export type LayoutDim = number | 'batch';

/** Where the initial value of a state comes from; drawn by the runtime from the seed. */
export type InitSpec =
  | { readonly kind: 'constant'; readonly value: number }
  /** Uniform on [low, high). */
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly std: number }
  /** Computed per feature from the training data of an input, before the first step. */
  | { readonly kind: 'fitted'; readonly input: string; readonly statistic: FittedStatistic };

export type FittedStatistic = 'min' | 'max' | 'mean' | 'variance';

/** An input or a label: what a column of the data has to be. */
export interface InputLayout {
  readonly name: string;
  readonly role: 'input' | 'label';
  readonly dtype: 'f32' | 'f64' | 'i32';
  /** Leading `'batch'`, then fixed sizes; a class label is `['batch']`. */
  readonly shape: readonly LayoutDim[];
  /** For a class label: valid values are the integers 0 to classes − 1. */
  readonly classes?: number;
}

/** A parameter, or what else is remembered: an array of the arena and of weights files. */
export interface StateLayout {
  readonly name: string;
  /**
   * `parameter`: trained by gradients, or frozen; `statistic`: what the model remembers, such as running means;
   * `slot`: what the optimizer or a schedule remembers.
   */
  readonly role: 'parameter' | 'statistic' | 'slot';
  readonly dtype: 'f32' | 'f64' | 'i32';
  readonly shape: readonly number[];
  readonly init: InitSpec;
}

/** An output of `predict`. */
export interface OutputLayout {
  readonly name: string;
  readonly dtype: 'f32' | 'f64' | 'i32';
  readonly shape: readonly LayoutDim[];
}

/** What a trainer holds and gives, as data: the `layout` of an emitted module. */
export interface Layout {
  readonly model: string;
  /** The dtype of every float of the model. */
  readonly dtype: 'f32' | 'f64';
  readonly maxBatch: number;
  /** Exact size of the one buffer that holds the state and every intermediate value. */
  readonly arenaBytes: number;
  /** A hash of what a step computes, the same for every target of the same bits. */
  readonly fingerprint?: string | undefined;
  readonly inputs: readonly InputLayout[];
  readonly state: readonly StateLayout[];
  readonly outputs: readonly OutputLayout[];
  /** What `step` reports, in order; `loss` and `learningRate` come first. */
  readonly metrics: readonly string[];
  /** What `evaluate` reports, in order; `loss` comes first. */
  readonly evaluation: readonly string[];
}

/** The arrays that a trainer computes with. */
export type TypedArray = Float32Array | Float64Array | Int32Array;
/** The columns of a batch by the names of inputs and labels, row-major. */
export type Batch = { readonly [name: string]: TypedArray };
/** Numbers by name; `loss` is among them. */
export type Metrics = { readonly [name: string]: number };
/** Arrays by the names of outputs, a row for each record. */
export type Outputs = { readonly [name: string]: TypedArray };
/** Arrays by the names of states. */
export type State = { readonly [name: string]: TypedArray };

/**
 * The compiled functions over one arena. Arrays hold at least `count` rows, row-major; only the first
 * `count` rows are read. Results live in the arena and are overwritten by the next call.
 */
export interface Program<B, M, E, O> {
  /** Views into the arena: writing to them changes the model. */
  readonly state: State;
  /**
   * Room for the columns of a batch of up to maxBatch samples, where the program has some: what is written there and handed over
   * is not copied. A call with other arrays overwrites it.
   */
  readonly columns?: Batch;
  /** One training step on `count` samples; `t` counts steps from 0; metrics are those before the update. */
  step(batch: B, count: number, t: number, seed: number): M;
  /** Loss and metrics of `count` samples, without an update; `t` and `seed` matter where the model draws at random. */
  evaluate(batch: B, count: number, t: number, seed: number): E;
  /** Outputs for `count` samples; labels are not read. Each output array holds maxBatch rows. */
  predict(batch: NoInfer<B>, count: number, t: number, seed: number): O;
}

/** An emitted module, as `import * as digits from './digits.trainer.ts'` gives it. */
export interface TrainerModule<B = Batch, M = Metrics, E = Metrics, O = Outputs> {
  readonly layout: Layout;
  /** On memory of its own unless given some: a buffer, or the memory of a WebAssembly module. */
  create(memory?: ArrayBuffer | { readonly buffer: ArrayBufferLike }): Program<B, M, E, O>;
}
