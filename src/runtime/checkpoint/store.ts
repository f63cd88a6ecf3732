/** Where the checkpoints of one training are kept: what every kind of place can do, and how the newest whole one is found. */

import { InputError } from '../errors.ts';
import { type Checkpoint, decodeCheckpoint } from './checkpoint.ts';

/**
 * Holds a generation for each step at which a checkpoint was written. Only one writer has a place open at a time. There are
 * `openFolder`, `openDatabase` and `openPrivateFiles`; an object of your own may send the bytes to wherever they are wanted:
 *
 *     let bytes: Uint8Array | undefined;
 *     const store: CheckpointStore = {
 *       place: 'memory', nameOf: (step) => `step ${step}`, steps: async () => [], read: async () => new Uint8Array(),
 *       write: async (step, written) => { bytes = written; await upload(step, written); },
 *       setAside: async () => {}, close: async () => {},
 *     };
 *
 * `trainer.load(bytes)` takes them, and `decodeCheckpoint(bytes)` says what they are of.
 */
export interface CheckpointStore {
  /** Such as a path, for messages. */
  readonly place: string;
  /** A generation as messages call it. */
  nameOf(step: number): string;
  /** The steps of the generations that are there, newest first. */
  steps(): Promise<readonly number[]>;
  read(step: number): Promise<Uint8Array>;
  /**
   * Keeps `bytes` and the generation before; when it resolves, they outlast a loss of power. When it rejects, with
   * `checkpoint/write` or `checkpoint/locked`, what was there before is there still.
   */
  write(step: number, bytes: Uint8Array): Promise<void>;
  /** Puts a damaged generation out of the way, under another name where the place has names. */
  setAside(step: number): Promise<void>;
  /** Lets others write. */
  close(): Promise<void>;
}

/** How many generations are kept. */
export const generations = 2;

/** The steps of the generations that a write of the newest makes superfluous. */
export const superfluous = (steps: readonly number[]): readonly number[] =>
  [...steps].sort((a, b) => b - a).slice(generations);

/** The newest whole checkpoint of a place. */
export interface Found {
  readonly checkpoint: Checkpoint;
  readonly bytes: Uint8Array;
  /** Later generations that are damaged, newest first. */
  readonly damaged: readonly { readonly step: number; readonly error: InputError }[];
}

/**
 * The newest checkpoint that is whole, or undefined if there is none at all. Throws `checkpoint/corrupt` if there are some
 * and all are damaged, and what the store throws.
 */
export async function newestCheckpoint(store: CheckpointStore): Promise<Found | undefined> {
  const damaged: { step: number; error: InputError }[] = [];
  for (const step of await store.steps()) {
    const bytes = await store.read(step);
    const found = decoded(bytes, step, store.nameOf(step));
    if (!(found instanceof InputError)) return { checkpoint: found, bytes, damaged };
    damaged.push({ step, error: found });
  }
  const [newest] = damaged;
  if (newest === undefined) return undefined;
  throw new InputError({
    code: 'checkpoint/corrupt',
    message: `None of the ${damaged.length} checkpoints in ${store.place} is whole. ${newest.error.message}`,
    help: 'Nothing was changed or started. Bring back a copy of a checkpoint, or begin anew in another place.',
    at: newest.error.at,
    offset: newest.error.offset,
  });
}

/** The checkpoint, or why it is damaged; that it is of a later version is thrown. */
function decoded(bytes: Uint8Array, step: number, name: string): Checkpoint | InputError {
  try {
    const checkpoint = decodeCheckpoint(bytes);
    if (checkpoint.step === step) return checkpoint;
    return new InputError({
      code: 'checkpoint/corrupt',
      message: `The checkpoint is of step ${checkpoint.step}, and not of step ${step} as its name says.`,
      at: name,
    });
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown;
    const { code, message, help, offset } = thrown;
    const located = new InputError({ code, message, help, offset, at: name });
    if (code === 'checkpoint/mismatch') throw located;
    return located;
  }
}
