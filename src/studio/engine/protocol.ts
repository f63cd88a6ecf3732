/**
 * What the studio's page and its engine say to each other. The engine is a worker that checks, completes, compiles,
 * inspects and trains; the page shows. Every call has an answer; what happens by itself while training is an event.
 */

import type { Inspection } from '../../inspection/inspection.ts';

/** A text position counts UTF-16 units from 0. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface Problem extends Range {
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  /** `TS2345` for what TypeScript says, `shape/mismatch` for what the compiler says. */
  readonly code: string;
  /** What to do next. */
  readonly help?: string;
}

export interface Completion {
  readonly label: string;
  /** `function`, `method`, `property`, `variable`, `keyword`, `type`, `text`. */
  readonly type: string;
  readonly detail?: string;
  /** Text that belongs elsewhere when this is chosen, before the word that is completed: its import. */
  readonly also?: { readonly from: number; readonly insert: string };
}

export interface CompileOptions {
  readonly dtype: 'f32' | 'f64';
  readonly target: 'ts' | 'wasm';
}

export type CompileResult =
  | {
      readonly ok: true;
      readonly inspection: Inspection;
      /** The trainer as a file: TypeScript, and JavaScript. */
      readonly typescript: string;
      readonly javascript: string;
      readonly warnings: readonly Problem[];
      /** What the model asks to be trained on and with. */
      readonly model: {
        readonly name: string;
        readonly data?: string;
        readonly batch: number;
        readonly epochs?: number;
      };
      readonly ms: number;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What there is to train on. */
export type DataChoice =
  | {
      readonly kind: 'moons' | 'spirals' | 'blobs' | 'digits';
      readonly samples?: number;
      readonly noise?: number;
      readonly seed?: number;
    }
  | {
      readonly kind: 'csv';
      readonly name: string;
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly label?: string;
    };

export interface DataSummary {
  readonly title: string;
  readonly train: number;
  readonly test: number;
  readonly features: readonly string[];
  readonly classes: number;
  readonly classNames?: readonly string[];
  /** For two features: points to draw, x and y one after the other, and the class of each. */
  readonly points?: { readonly at: Float32Array<ArrayBuffer>; readonly classes: Uint8Array<ArrayBuffer> };
  /** For pictures: some of them, 0 to 1, row by row. */
  readonly pictures?: {
    readonly side: number;
    readonly pixels: Float32Array<ArrayBuffer>;
    readonly classes: Uint8Array<ArrayBuffer>;
  };
  /** Why the compiled model cannot be trained on it, if so, and what to do. */
  readonly misfit?: { readonly message: string; readonly help?: string };
}

export interface TrainingState {
  readonly running: boolean;
  readonly step: number;
  readonly stepsPerEpoch: number;
  /** Absent for as long as one goes on. */
  readonly stepsTotal?: number;
}

/** A picture of the whole state, made between two steps. */
export interface Pictures {
  /** Two features and classes: the probability of class 1, or the most likely class, on a grid from the top left. */
  readonly boundary?: {
    readonly columns: number;
    readonly rows: number;
    /** Left, right, bottom, top. */
    readonly extent: readonly [number, number, number, number];
    readonly kind: 'probability' | 'class';
    readonly values: Float32Array<ArrayBuffer>;
  };
  /** Parameters, and named values of the forward pass for the first samples of the test data. */
  readonly arrays: readonly ArrayPicture[];
}

export interface ArrayPicture {
  readonly name: string;
  readonly kind: 'parameter' | 'activation';
  /** At most 64 by 64 of its elements: columns follow each other in a row. */
  readonly rows: number;
  readonly columns: number;
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}

/** The next step, worked out value by value in the evaluator, before it is made: the same bits as the trainer's. */
export interface Examination {
  readonly step: number;
  readonly samples: number;
  /** For each block of `Inspection.schedule`, in its order, that a training step runs. */
  readonly blocks: readonly ExaminedBlock[];
}

export interface ExaminedBlock {
  /** Position in `Inspection.schedule.blocks`. */
  readonly block: number;
  /** What it stores. */
  readonly values: readonly ArrayPicture[];
}

/** Each request with what it is answered with. */
export interface Calls {
  check(text: string): readonly Problem[];
  complete(
    text: string,
    position: number,
  ): { readonly from: number; readonly options: readonly Completion[] } | undefined;
  hover(text: string, position: number): (Range & { readonly text: string }) | undefined;
  /** A result replaces the model that is trained; a training of the one before ends. */
  compile(text: string, options: CompileOptions): CompileResult;
  useData(choice: DataChoice): DataSummary;
  /** From the seed, at step 0. */
  reset(seed: number): TrainingState;
  /** Until `epochs` have passed since step 0 (as long as `pause` is not said, if absent). */
  play(epochs?: number): TrainingState;
  pause(): TrainingState;
  /** Makes one whole step, and reports it. */
  stepOnce(): TrainingState;
  examine(): Examination;
  /** Whether the state after the step that was examined has the bits that were worked out; makes the step. */
  finishExamined(): TrainingState & { readonly equal: boolean };
  pictures(): Pictures;
  /** The trained weights, as safetensors. */
  weights(): Uint8Array<ArrayBuffer>;
}

export type Event =
  | {
      readonly kind: 'progress';
      readonly state: TrainingState;
      /** Since the last event, in order. */
      readonly losses: readonly { readonly step: number; readonly loss: number }[];
      readonly stepsPerSecond: number;
    }
  /** About once a second, and at the end. */
  | {
      readonly kind: 'evaluation';
      readonly step: number;
      readonly train: Readonly<Record<string, number>>;
      readonly test: Readonly<Record<string, number>>;
    }
  | {
      readonly kind: 'ended';
      readonly state: TrainingState;
      readonly reason: 'done' | 'failed';
      readonly problem?: Problem;
    };

/** A failure of a call: code, message and help as everywhere. */
export interface CallFailure {
  readonly code: string;
  readonly message: string;
  readonly help?: string;
}

export type ToEngine =
  | {
      readonly [Name in keyof Calls]: {
        readonly id: number;
        readonly call: Name;
        readonly values: Parameters<Calls[Name]>;
      };
    }[keyof Calls]
  /** Answered at once, whatever calls wait: for a sign of life. */
  | { readonly id: number; readonly call: 'ping'; readonly values: readonly [] };

export type FromEngine =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: CallFailure }
  | { readonly kind: 'event'; readonly event: Event };
