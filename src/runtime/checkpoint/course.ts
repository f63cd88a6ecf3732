/** Whether a training that goes on is the one that a checkpoint is of. */

import { checkColumns } from '../columns.ts';
import { InputError } from '../errors.ts';
import type { Layout } from '../module.ts';
import { quote } from '../names.ts';
import { type FitOptions, type FitPlan, planFit } from '../options.ts';
import type { Data, Trainer } from '../trainer.ts';
import { differencesOf } from '../weights.ts';
import type { Checkpoint, Course } from './checkpoint.ts';
import { hash128 } from './hash.ts';

/** What `options` and `data` make of a training by `trainer`, with how many steps it has. */
export interface Planned {
  readonly course: Course;
  readonly plan: FitPlan;
}

/** Throws what `fit` throws at its call. */
export function planCourse<B, M, E, O>(
  { layout, seed }: Trainer<B, M, E, O>,
  data: Data<B>,
  options: FitOptions,
): Planned {
  const { arrays, count } = checkColumns(layout, data, 'all');
  const plan = planFit(layout, count, options);
  const hashes = [...arrays].map(
    ([name, { buffer, byteOffset, byteLength }]) =>
      `${quote(name)} ${hash128(new Uint8Array(buffer, byteOffset, byteLength))}`,
  );
  const course = {
    fingerprint: layout.fingerprint ?? '',
    seed,
    data: hash128(new TextEncoder().encode(hashes.join())),
    records: count,
    batch: plan.batch,
    shuffle: plan.shuffle,
    lastBatch: options.lastBatch ?? 'keep',
  };
  return { course, plan };
}

/** What differs besides the form of the state, a sentence for each. */
function driftsOf({ checkpoint, course }: Compared): readonly string[] {
  const drifts: string[] = [];
  if (checkpoint.fingerprint !== course.fingerprint)
    drifts.push('the model or its optimizer computes something else, or chainrule computes it otherwise');
  if (checkpoint.records !== course.records)
    drifts.push(`the data have ${course.records} records instead of ${checkpoint.records}`);
  else if (checkpoint.data !== course.data) drifts.push('the data are others');
  for (const name of ['seed', 'batch', 'shuffle', 'lastBatch'] as const)
    if (checkpoint[name] !== course[name])
      drifts.push(`${name} is ${course[name]} instead of ${checkpoint[name]}`);
  return drifts;
}

interface Compared {
  readonly checkpoint: Checkpoint;
  readonly course: Course;
}

/** Throws `checkpoint/mismatch`, with everything that differs, unless the course is that of the checkpoint or may drift. */
export function checkCourse(layout: Layout, compared: Compared, name: string, allowDrift: boolean): void {
  const parts = differencesOf(layout, compared.checkpoint.tensors);
  const fits = parts.length === 0;
  const drifts = fits
    ? driftsOf(compared)
    : [`the state of the model ${quote(layout.model)} is another (${parts.join('; ')})`];
  if (drifts.length === 0 || (allowDrift && fits)) return;
  throw new InputError({
    code: 'checkpoint/mismatch',
    message: `The checkpoint of step ${compared.checkpoint.step} is of another training: ${drifts.join('; ')}. Nothing was loaded.`,
    help: fits
      ? 'Go on with the options it was begun with, or allow drift (--allow-drift, allowDrift): then it goes on from that state, with other bits than it would have had.'
      : 'Use the model that the checkpoint is of, or another place for this one.',
    at: name,
  });
}
