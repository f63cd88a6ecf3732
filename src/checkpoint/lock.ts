/** One writer for a folder: a file that says who it is, and that outlives it only until the next one comes. */

import { join } from 'node:path';
import { inputError } from '../runtime/errors.ts';
import { quote } from '../runtime/names.ts';
import { temporaryName } from './durable-write.ts';
import { codeOf, discard, type FilePort, incomplete } from './file-port.ts';
import type { ProcessIdentity, ProcessTable } from './process-identity.ts';

export const lockName = 'lock';

export interface Lock {
  /** Unique among all that ever open the folder. */
  readonly owner: string;
  /** Throws `checkpoint/locked` if somebody has taken the lock away. */
  check(): void;
  release(): void;
}

interface Holder extends ProcessIdentity {
  readonly owner: string;
}

/** Takes the lock of `folder`, or throws `checkpoint/locked`. The lock of a process that is gone is taken over. */
export function takeLock(files: FilePort, processes: ProcessTable, folder: string, owner: string): Lock {
  const path = join(folder, lockName);
  const text = JSON.stringify({ ...processes.self, owner } satisfies Holder);
  // Each turn ends with the lock, with a living holder, or with a stale lock removed, by us or by another.
  for (let turn = 0; !place(files, path, text, owner); turn++) {
    const found = contentOf(files, path);
    if (found === undefined) continue;
    if (turn > 100 || !isStale(processes, found)) throw locked(folder, path, holderOf(found));
    removeStale(files, path, found, owner);
  }
  return {
    owner,
    check() {
      if (contentOf(files, path) !== text)
        throw inputError(
          'checkpoint/locked',
          `Another training has taken over the checkpoints in ${folder}; this one writes no more.`,
          'Keep one of the two, or give each a folder of its own.',
        );
    },
    release() {
      if (contentOf(files, path) === text) discard(files, path);
    },
  };
}

/** Whether the lock is there with our text. It gets its name when it has its content, so that nobody ever reads half of it. */
function place(files: FilePort, path: string, text: string, owner: string): boolean {
  const temporary = temporaryName(path, owner);
  const bytes = new TextEncoder().encode(text);
  const file = files.create(temporary);
  try {
    try {
      const written = files.write(file, bytes);
      if (written !== bytes.length) throw incomplete(written, bytes.length);
      // A lock that a loss of power has emptied would say of nobody that he is gone.
      files.sync(file);
    } finally {
      files.close(file);
    }
    files.link(temporary, path);
    return true;
  } catch (thrown) {
    // ENOENT: whoever has the lock has cleaned up behind others, and took this for left over.
    if (['EEXIST', 'ENOENT'].includes(codeOf(thrown))) return false;
    throw thrown;
  } finally {
    discard(files, temporary);
  }
}

/** The text of the lock; undefined when there is none. */
function contentOf(files: FilePort, path: string): string | undefined {
  try {
    return new TextDecoder().decode(files.read(path));
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}

function holderOf(text: string): Holder | undefined {
  try {
    const holder: unknown = JSON.parse(text);
    if (typeof holder !== 'object' || holder === null) return undefined;
    const { host, pid, started, owner } = { host: '', pid: 0, started: '', owner: '', ...holder };
    const fits = [host, started, owner].every((field) => typeof field === 'string');
    return fits && Number.isSafeInteger(pid) && pid > 0 ? { host, pid, started, owner } : undefined;
  } catch {
    return undefined;
  }
}

/** Only what is known to be left over is: a lock that cannot be read may be that of a training on another machine. */
function isStale(processes: ProcessTable, text: string): boolean {
  const holder = holderOf(text);
  return holder !== undefined && processes.isAlive(holder) === false;
}

/**
 * Takes a stale lock away by its name, which only one of several can do. What was taken may by then be the fresh lock of
 * another, which then gets its name back.
 */
function removeStale(files: FilePort, path: string, stale: string, owner: string): void {
  const aside = temporaryName(`${path}.stale`, owner);
  try {
    files.rename(path, aside);
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return;
    throw thrown;
  }
  if (contentOf(files, aside) !== stale) {
    try {
      files.link(aside, path);
    } catch {
      // A third has the lock already; the one it was taken from finds out before it writes.
    }
  }
  discard(files, aside);
}

function locked(folder: string, path: string, holder: Holder | undefined): Error {
  const who =
    holder === undefined ? 'somebody unknown' : `process ${holder.pid} of the host ${quote(holder.host)}`;
  return inputError(
    'checkpoint/locked',
    `Another training writes its checkpoints to ${folder}: ${who}.`,
    `Wait for it, or choose another folder. If it is certain that nobody writes there, remove ${path}.`,
  );
}
