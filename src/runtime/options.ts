/** Options of `createTrainer`, `fit` and `evaluate`: defaults, and errors that name the option. */

import { type InputError, inputError } from './errors.ts';
import type { Layout } from './module.ts';
import { didYouMean, quote } from './names.ts';

/** How long `fit` trains, in which batches and order, and what becomes of a step that gives NaN. */
export interface FitOptions {
  /** Passes over the data to make; 1 if neither this nor `steps` is given. Whole, at least 0. */
  readonly epochs?: number | undefined;
  /** Steps to make, instead of `epochs`. Whole, at least 0. */
  readonly steps?: number | undefined;
  /** Records per step, 1 to the layout's maxBatch, which is the default. */
  readonly batch?: number | undefined;
  /** Whether every epoch visits the records in a new order, drawn from the seed; true by default. */
  readonly shuffle?: boolean | undefined;
  /** What becomes of the records left over when `batch` does not divide their number; 'keep' by default. */
  readonly lastBatch?: 'keep' | 'drop' | undefined;
  /** Ends the iteration after the current step, without an error. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds of training between two pauses for the event loop; 16 by default. */
  readonly yieldEveryMs?: number | undefined;
  /**
   * What becomes of a step that makes the loss or the state NaN or infinite. 'error', the default: the state is brought
   * back to what it was before the step, and the training ends with `train/not-finite`. 'skip': it is brought back, and
   * the training goes on with the next batch. 'continue': nothing is checked or brought back.
   */
  readonly onNonFinite?: 'error' | 'skip' | 'continue' | undefined;
  /** How many steps a call may skip before it ends with the error after all; 10 by default. Whole, at least 0. */
  readonly maxSkipped?: number | undefined;
  /** Steps that were skipped before this call, which count for `maxSkipped`; 0 by default. Whole, at least 0. */
  readonly skipped?: number | undefined;
}

/** `FitOptions` checked and filled in for a number of records. */
export interface FitPlan {
  /** Steps that this call makes. */
  readonly steps: number;
  readonly batch: number;
  readonly stepsPerEpoch: number;
  readonly shuffle: boolean;
  readonly signal: AbortSignal | undefined;
  readonly yieldEveryMs: number;
  readonly onNonFinite: 'error' | 'skip' | 'continue';
  readonly maxSkipped: number;
  readonly skipped: number;
}

const fitOptionNames: readonly (keyof FitOptions)[] = [
  'epochs',
  'steps',
  'batch',
  'shuffle',
  'lastBatch',
  'signal',
  'yieldEveryMs',
  'onNonFinite',
  'maxSkipped',
  'skipped',
];

const wrong = (message: string, help?: string): InputError => inputError('train/option', message, help);

function badOption(name: string, expected: string, got: unknown): InputError {
  const shown = typeof got === 'string' ? quote(got) : typeof got === 'number' ? got : `a ${typeof got}`;
  return wrong(`The option ${quote(name)} must be ${expected}, got ${shown}.`);
}

/** Refuses options that do not exist. */
export function checkNames(options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) throw wrong(`There is no option ${quote(name)}.`, didYouMean(name, known));
  }
}

/** `value` if it is a whole number from `low` to `high`. */
export function wholeOption(name: string, value: unknown, low: number, high: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high) return value;
  const range = high === Number.MAX_SAFE_INTEGER ? `of at least ${low}` : `from ${low} to ${high}`;
  throw badOption(name, `a whole number ${range}`, value);
}

function oneOf<T>(name: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw badOption(name, allowed.map((choice) => JSON.stringify(choice)).join(' or '), value);
}

/** Throws `train/option` for an option that is unknown, out of range, or leaves no step to make. */
export function planFit(layout: Layout, count: number, options: FitOptions): FitPlan {
  checkNames(options, fitOptionNames);
  const batch = wholeOption('batch', options.batch ?? layout.maxBatch, 1, layout.maxBatch);
  const keep = oneOf('lastBatch', options.lastBatch ?? 'keep', ['keep', 'drop']) === 'keep';
  const stepsPerEpoch = keep ? Math.ceil(count / batch) : Math.floor(count / batch);
  if (stepsPerEpoch === 0) {
    throw wrong(
      `No step can be made: the data have ${count} records, and a batch of ${batch} may not be partial.`,
      `Use a batch of at most ${count}, or lastBatch: 'keep'.`,
    );
  }
  if (options.epochs !== undefined && options.steps !== undefined) {
    throw wrong('Give "epochs" or "steps", not both.');
  }
  const most = Number.MAX_SAFE_INTEGER;
  const epochs = wholeOption('epochs', options.epochs ?? 1, 0, most);
  const yieldEveryMs = options.yieldEveryMs ?? 16;
  if (!(typeof yieldEveryMs === 'number' && yieldEveryMs >= 0)) {
    throw badOption('yieldEveryMs', 'a number of milliseconds of at least 0', yieldEveryMs);
  }
  return {
    steps: wholeOption('steps', options.steps ?? epochs * stepsPerEpoch, 0, most),
    batch,
    stepsPerEpoch,
    shuffle: oneOf('shuffle', options.shuffle ?? true, [true, false]),
    signal: options.signal,
    yieldEveryMs,
    onNonFinite: oneOf('onNonFinite', options.onNonFinite ?? 'error', ['error', 'skip', 'continue']),
    maxSkipped: wholeOption('maxSkipped', options.maxSkipped ?? 10, 0, most),
    skipped: wholeOption('skipped', options.skipped ?? 0, 0, most),
  };
}
