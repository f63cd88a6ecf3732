/** What a page and its worker say to each other: calls by number, their results, and the reports of a training. */

import type { CheckpointNotice, CheckpointOptions } from '../checkpoint/fit.ts';
import type { InputErrorDetails } from '../errors.ts';
import type { Layout } from '../module.ts';
import type { FitOptions } from '../options.ts';
import type { EvaluateOptions, LoadOptions, TrainerOptions } from '../trainer.ts';

/** A column in a message: its values, to be kept under a number or not, or the number of one that was kept. */
export type SentColumn =
  | { readonly kind: 'once'; readonly values: unknown }
  | { readonly kind: 'keep'; readonly id: number; readonly values: unknown }
  | { readonly kind: 'kept'; readonly id: number };

/** Columns by name, or what the user gave in their place. */
export type SentData =
  | { readonly kind: 'columns'; readonly columns: readonly (readonly [name: string, SentColumn])[] }
  | { readonly kind: 'other'; readonly value: unknown };

export interface SentCheckpointOptions extends Omit<CheckpointOptions, 'store' | 'onNotice'> {
  readonly store: string;
  /** Whether the page listens to notices. */
  readonly notices: boolean;
}

/** A notice, whose error is data. */
export type SentNotice =
  | Exclude<CheckpointNotice, { error: unknown }>
  | { readonly kind: 'damaged' | 'not-written'; readonly failure: Failure };

export interface FitCall {
  readonly kind: 'fit';
  readonly data: SentData;
  readonly options: Omit<FitOptions, 'signal'>;
  readonly everyStep: boolean;
  readonly checkpoint: SentCheckpointOptions | undefined;
  /** The signal was given before the call: the data are checked, and no step is made. */
  readonly aborted: boolean;
}

export type Call =
  | { readonly kind: 'open'; readonly options: TrainerOptions }
  | { readonly kind: 'step' | 'fitStatistics' | 'predict'; readonly data: SentData }
  | { readonly kind: 'evaluate'; readonly data: SentData; readonly options: EvaluateOptions }
  | FitCall
  | { readonly kind: 'load'; readonly bytes: unknown; readonly options: LoadOptions }
  /** `pause` and `abort` have a result when the training rests and when it is over. */
  | { readonly kind: 'save' | 'steps' | 'pause' | 'resume' | 'abort' };

export type Request =
  | { readonly kind: 'call'; readonly id: number; readonly call: Call }
  /** Asks for one report of the training that the call `fit` has started. */
  | { readonly kind: 'next'; readonly fit: number }
  /** Ends the training of the call `fit`, if it goes on. */
  | { readonly kind: 'stop'; readonly fit: number }
  /** The page has no use any more for a column that was kept. */
  | { readonly kind: 'forget'; readonly column: number };

export type Reply =
  /** The worker listens. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: Failure }
  /** A report that was asked for, or the last one before the result of `fit`. */
  | { readonly kind: 'progress'; readonly fit: number; readonly progress: unknown }
  | { readonly kind: 'notice'; readonly fit: number; readonly notice: SentNotice }
  /** The worker has missed a message, so that a call may never have a result. */
  | { readonly kind: 'broken'; readonly reason: string };

/** An error as data; `bug` is whatever is not an `InputError`. */
export type Failure =
  | { readonly kind: 'input'; readonly details: InputErrorDetails }
  | { readonly kind: 'bug'; readonly message: string; readonly stack: string | undefined };

/** What the call `open` gives. */
export interface Opened {
  readonly layout: Layout;
}
