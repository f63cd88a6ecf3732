/** The errors of data and files at run time: stable codes, what was expected, what came, what to do. */

import type { Batch, State } from './module.ts';

/** The stable code of an error; docs/errors.md says of each what it means and what to do. */
export type InputErrorCode =
  | 'data/empty'
  | 'data/missing-column'
  | 'data/unknown-column'
  | 'data/wrong-length'
  | 'data/not-finite'
  | 'data/not-integer'
  | 'data/not-exact'
  | 'data/label-range'
  | 'data/batch-too-large'
  | 'data/unknown-set'
  | 'data/bad-option'
  | 'data/file-missing'
  | 'data/idx'
  | 'data/gzip'
  | 'data/csv'
  | 'data/npy'
  | 'data/npz'
  | 'data/parquet'
  | 'data/download'
  | 'data/checksum'
  | 'onnx/format'
  | 'onnx/unsupported'
  | 'weights/format'
  | 'weights/mismatch'
  | 'checkpoint/corrupt'
  | 'checkpoint/mismatch'
  | 'checkpoint/exists'
  | 'checkpoint/locked'
  | 'checkpoint/write'
  | 'checkpoint/read'
  | 'train/not-finite'
  | 'train/not-fitted'
  | 'train/option'
  | 'worker/busy'
  | 'worker/closed'
  | 'worker/died'
  | 'worker/not-sendable';

/** Everything that decides what a step computes: with it, a step that failed can be made again and looked into. */
export interface Replay {
  /** The batch of the step, `count` rows of each column. */
  readonly batch: Batch;
  readonly count: number;
  /** The number of the step, from 0, and the seed, as the step was given them. */
  readonly t: number;
  readonly seed: number;
  /** The state before the step. */
  readonly state: State;
}

/** What an `InputError` is made of. */
export interface InputErrorDetails {
  readonly code: InputErrorCode;
  /** What is wrong: what was expected and what came, in one or two sentences. */
  readonly message: string;
  /** What to do next. */
  readonly help?: string | undefined;
  /** `file`, `file:line` or `file:row:column` that the message is about. */
  readonly at?: string | undefined;
  /** In a file of bytes: the byte that the message is about, counted from 0. */
  readonly offset?: number | undefined;
  /** For `train/not-finite`: the step that failed. */
  readonly replay?: Replay | undefined;
}

/** Data, a file or an option that cannot be used; nothing was changed by the call that threw it. */
export class InputError extends Error {
  override readonly name = 'InputError';
  declare readonly code: InputErrorCode;
  declare readonly help: string | undefined;
  declare readonly at: string | undefined;
  declare readonly offset: number | undefined;
  declare readonly replay: Replay | undefined;
  constructor({ message, ...details }: InputErrorDetails) {
    super(message);
    Object.assign(this, details);
  }
}

export const inputError = (code: InputErrorCode, message: string, help?: string): InputError =>
  new InputError({ code, message, help });
