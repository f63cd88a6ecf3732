/** Checkpoints on the command line: the folder that is opened, what is gone on from, and what is told of them. */

import { openFolder } from '../checkpoint/folder.ts';
import { grouped } from '../report/numbers.ts';
import type { CheckpointNotice, CheckpointOptions } from '../runtime/checkpoint/fit.ts';
import { type CheckpointStore, type Found, newestCheckpoint } from '../runtime/checkpoint/store.ts';
import type { Call } from './command.ts';
import { usageError } from './failure.ts';
import { wholeNumber } from './options.ts';
import { printJson, printWarning, shortPath } from './output.ts';

export interface Checkpoints extends Omit<CheckpointOptions, 'onNotice'> {
  readonly store: CheckpointStore;
  /** What the training goes on from, if it does. */
  readonly found: Found | undefined;
}

export interface CheckpointWish {
  readonly folder: string;
  readonly every: number | undefined;
  readonly resume: boolean;
  readonly allowDrift: boolean;
}

/** What the options ask for; undefined without checkpoints. */
export function readCheckpointOptions(options: Call['options']): CheckpointWish | undefined {
  const folder = options.get('checkpoint');
  const every = wholeNumber(options, 'every', 1);
  const wish = { every, resume: options.has('resume'), allowDrift: options.has('allow-drift') };
  if (folder !== undefined) {
    if (wish.allowDrift && !wish.resume)
      throw usageError('option --allow-drift is about --resume.', 'Write --resume --allow-drift.');
    return { folder, ...wish };
  }
  const alone = ['every', 'resume', 'allow-drift'].find((name) => options.has(name));
  if (alone === undefined) return undefined;
  throw usageError(`option --${alone} is about checkpoints.`, `Write --checkpoint DIR --${alone}.`);
}

/** Opens the folder, which no other training may write to from now on. */
export async function openCheckpoints({ folder, ...wish }: CheckpointWish): Promise<Checkpoints> {
  const store = openFolder(folder);
  try {
    return { ...wish, store, found: wish.resume ? await newestCheckpoint(store) : undefined };
  } catch (thrown) {
    await store.close();
    throw thrown;
  }
}

/** Tells a person what there is to know; that a checkpoint was written is expected, and not said. */
export function tellPerson(place: string, notice: CheckpointNotice, tell: (line: string) => void): void {
  switch (notice.kind) {
    case 'begun':
      tell(`no checkpoint in ${shortPath(place)} yet: beginning with step 1`);
      break;
    case 'resumed':
      tell(`resumed after step ${grouped(notice.step)} from ${shortPath(notice.name)}: ${restOf(notice)}`);
      break;
    case 'damaged':
      printWarning(notice.error, 'The one before it is taken, and gives the same bits some steps later.');
      break;
    case 'not-written':
      printWarning(notice.error, 'The training goes on, and tries again at the next checkpoint.');
  }
}

const restOf = ({ step, until }: { readonly step: number; readonly until: number }): string =>
  step === until ? 'nothing is left to do' : `going on to ${grouped(until)}`;

/** One line of JSON for each notice. */
export const tellProgram = (notice: CheckpointNotice): void => printJson(eventOf(notice));

function eventOf(notice: CheckpointNotice): { readonly [key: string]: unknown } {
  switch (notice.kind) {
    case 'begun':
      return { event: 'begun' };
    case 'resumed':
      return { event: 'resumed', steps: notice.step, until: notice.until, file: notice.name };
    case 'written':
      return { event: 'checkpoint', steps: notice.step, file: notice.name };
    case 'damaged':
    case 'not-written': {
      const { code, message, at } = notice.error;
      return { event: 'warning', code, message, file: at };
    }
  }
}
