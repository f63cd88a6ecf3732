/** One writer at a time, in all pages and workers of an origin; the browser lets go for those that die. */

import { type InputError, inputError } from '../errors.ts';
import { type Browser, guarded, missing } from './browser.ts';

export interface WebLock {
  /** Throws `checkpoint/locked` if somebody has taken the lock away. */
  check(): void;
  /** Resolves when others can take it. */
  release(): Promise<void>;
}

/** A worker that was ended, and a page that is reloaded, let go a moment after the next one may have begun. */
const patienceMs = 1000;

/** Takes the lock of a place, or throws `checkpoint/locked`, and `checkpoint/write` where there are no locks. */
export function takeWebLock({ navigator }: Browser, place: string, name: string): Promise<WebLock> {
  const locks = navigator?.locks;
  if (locks === undefined) throw missing(place, 'Web Locks (navigator.locks)');
  const waiting = new AbortController();
  const tired = setTimeout(() => waiting.abort(), patienceMs);
  let isHeld = false;
  let isLost = false;
  const taken = new Promise<WebLock>((resolve, reject) => {
    const held = (): Promise<void> => {
      clearTimeout(tired);
      isHeld = true;
      return new Promise((letGo) => {
        const check = (): void => {
          if (isLost) throw stolen(place);
        };
        const release = async (): Promise<void> => {
          letGo();
          await over.catch(() => {});
        };
        resolve({ check, release });
      });
    };
    const options = { mode: 'exclusive', signal: waiting.signal } as const;
    const over = locks.request(`chainrule/checkpoints/${name}`, options, held);
    over.catch((thrown: unknown) => {
      clearTimeout(tired);
      // What is thrown while we hold it says that another has stolen it.
      isLost = isHeld;
      reject(waiting.signal.aborted ? locked(place) : thrown);
    });
  });
  return guarded('checkpoint/write', `Cannot lock ${place}`, place, () => taken);
}

const locked = (place: string): InputError =>
  inputError(
    'checkpoint/locked',
    `Another training writes its checkpoints to ${place}: in another tab or worker, or in this one.`,
    'Wait for it, close the other, or choose another name.',
  );

const stolen = (place: string): InputError =>
  inputError(
    'checkpoint/locked',
    `Another training has taken over the checkpoints in ${place}; this one writes no more.`,
    'Keep one of the two, or give each a name of its own.',
  );
