/** A training that is written down as it goes, and goes on from there as if it had never stopped. */

import { InputError, inputError } from '../errors.ts';
import type { Progress } from '../fit.ts';
import { checkNames, type FitOptions, wholeOption } from '../options.ts';
import type { Data, Trainer } from '../trainer.ts';
import { tensorsOf } from '../weights.ts';
import { type Checkpoint, encodeCheckpoint } from './checkpoint.ts';
import { checkCourse, type Planned, planCourse } from './course.ts';
import { type CheckpointStore, type Found, newestCheckpoint } from './store.ts';

/** What happens to the checkpoints besides what is reported of the steps. */
export type CheckpointNotice =
  | { readonly kind: 'resumed'; readonly step: number; readonly until: number; readonly name: string }
  /** There was nothing to go on from. */
  | { readonly kind: 'begun' }
  /** A generation is damaged: the one before it was taken, and gives the same bits some steps later. */
  | { readonly kind: 'damaged'; readonly error: InputError }
  | { readonly kind: 'written'; readonly step: number; readonly name: string }
  /** The training goes on, and the next checkpoint is tried as if nothing had been. */
  | { readonly kind: 'not-written'; readonly error: InputError };

/** Where checkpoints are kept, how often they are written, and whether a training goes on from them. */
export interface CheckpointOptions {
  readonly store: CheckpointStore;
  /** Steps between two checkpoints; those of an epoch by default. The last step always has one. Whole, at least 1. */
  readonly every?: number | undefined;
  /** Goes on from the newest checkpoint, if there is one; otherwise a place that holds some is refused. */
  readonly resume?: boolean | undefined;
  /** Goes on even if model, data or options are not those of the checkpoint, as far as its state fits. */
  readonly allowDrift?: boolean | undefined;
  /** Without it, a checkpoint that cannot be written ends the training with `checkpoint/write`. */
  readonly onNotice?: ((notice: CheckpointNotice) => void) | undefined;
}

const optionNames: readonly (keyof CheckpointOptions)[] = [
  'store',
  'every',
  'resume',
  'allowDrift',
  'onNotice',
];

/**
 * Trains as `trainer.fit` does, and writes checkpoints: after every so many steps, when the training is done, when its
 * signal ends it, and when whoever iterates leaves. `epochs` and `steps` count from the beginning of the training; what is
 * not given is taken from the checkpoint when it goes on. A resumed training has the bits of one that never stopped.
 *
 * Throws what `fit` throws; `checkpoint/exists`, `checkpoint/corrupt`, `checkpoint/mismatch` before the first step;
 * `checkpoint/write` and `checkpoint/locked`.
 */
export async function* fitWithCheckpoints<B, M, E, O>(
  trainer: Trainer<B, M, E, O>,
  data: Data<B>,
  fitOptions: FitOptions,
  options: CheckpointOptions,
): AsyncGenerator<Progress<M>, void, void> {
  checkNames(options, optionNames);
  const { store, onNotice } = options;
  const begun = await begin(trainer, data, fitOptions, options);
  const { planned, until } = begun;
  const every = wholeOption('every', options.every ?? planned.plan.stepsPerEpoch, 1, Number.MAX_SAFE_INTEGER);
  let { skipped, written } = begun;

  async function write(): Promise<void> {
    const step = trainer.steps;
    if (step === written) return;
    await store.write(step, encodeCheckpoint(checkpointOf(trainer, planned, { until, skipped })));
    written = step;
    onNotice?.({ kind: 'written', step, name: store.nameOf(step) });
  }
  async function tryToWrite(): Promise<void> {
    try {
      await write();
    } catch (thrown) {
      if (onNotice === undefined || !(thrown instanceof InputError) || thrown.code !== 'checkpoint/write')
        throw thrown;
      onNotice({ kind: 'not-written', error: thrown });
    }
  }

  let failed = true;
  try {
    for await (const progress of trainer.fit(data, begun.fitOptions)) {
      skipped = progress.skipped;
      if (progress.step % every === 0 && progress.step < until) await tryToWrite();
      failed = false;
      yield progress;
      failed = true;
    }
    failed = false;
  } finally {
    // A step that failed leaves the checkpoints as they are; leaving the loop is no failure.
    if (!failed) await write();
  }
}

interface Begun {
  readonly planned: Planned;
  readonly fitOptions: FitOptions;
  readonly until: number;
  readonly skipped: number;
  /** The step that the newest checkpoint is of. */
  readonly written: number | undefined;
}

async function begin<B, M, E, O>(
  trainer: Trainer<B, M, E, O>,
  data: Data<B>,
  fitOptions: FitOptions,
  options: CheckpointOptions,
): Promise<Begun> {
  const { store, resume = false, onNotice } = options;
  if (resume) {
    const found = await newestCheckpoint(store);
    if (found !== undefined) return resumed(trainer, data, fitOptions, options, found);
    onNotice?.({ kind: 'begun' });
  } else {
    const [newest] = await store.steps();
    if (newest !== undefined) throw occupied(store, newest);
  }
  const planned = planCourse(trainer, data, fitOptions);
  const until = trainer.steps + planned.plan.steps;
  return { planned, fitOptions, until, skipped: 0, written: undefined };
}

const occupied = ({ place }: CheckpointStore, step: number): InputError =>
  inputError(
    'checkpoint/exists',
    `There are checkpoints of a training in ${place}, the newest of step ${step}.`,
    'Resume that training, or choose another place for this one.',
  );

async function resumed<B, M, E, O>(
  trainer: Trainer<B, M, E, O>,
  data: Data<B>,
  given: FitOptions,
  { store, allowDrift = false, onNotice }: CheckpointOptions,
  { checkpoint, bytes, damaged }: Found,
): Promise<Begun> {
  const options = {
    ...given,
    batch: given.batch ?? checkpoint.batch,
    shuffle: given.shuffle ?? checkpoint.shuffle,
    lastBatch: given.lastBatch ?? checkpoint.lastBatch,
  };
  const planned = planCourse(trainer, data, options);
  const name = store.nameOf(checkpoint.step);
  checkCourse(trainer.layout, { checkpoint, course: planned.course }, name, allowDrift);
  for (const { step, error } of damaged) {
    onNotice?.({ kind: 'damaged', error });
    await store.setAside(step);
  }
  trainer.load(bytes);
  const { step, skipped } = checkpoint;
  const isGiven = given.epochs !== undefined || given.steps !== undefined;
  const until = isGiven ? planned.plan.steps : checkpoint.until;
  onNotice?.({ kind: 'resumed', step, until: Math.max(step, until), name });
  const { epochs: _, ...rest } = options;
  const fitOptions = { ...rest, steps: Math.max(0, until - step), skipped };
  return { planned, fitOptions, until: Math.max(step, until), skipped, written: step };
}

function checkpointOf<B, M, E, O>(
  { layout, state, steps }: Trainer<B, M, E, O>,
  { course, plan }: Planned,
  ends: { readonly until: number; readonly skipped: number },
): Checkpoint {
  return {
    ...course,
    ...ends,
    model: layout.model,
    step: steps,
    epoch: Math.floor(steps / plan.stepsPerEpoch),
    batchOfEpoch: steps % plan.stepsPerEpoch,
    tensors: tensorsOf(layout, state),
  };
}
