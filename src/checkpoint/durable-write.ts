/** Writing a file whole or not at all, so that it outlasts a crash of the process, the system or the power at any moment. */

import { dirname } from 'node:path';
import { discard, type FilePort, incomplete } from './file-port.ts';

/** Files that are being written have names of this form; one that is left over belongs to nobody who is alive. `owner` is a UUID. */
export const temporaryName = (path: string, owner: string): string => `${path}.${owner}.tmp`;
export const isTemporary = (name: string): boolean => /\.[0-9a-f-]{36}\.tmp$/.test(name);

/**
 * Writes `bytes` to `path`, in place of what was there. The bytes are safe on the disk before the name is theirs, and the name
 * is when this returns. Throws what the file system throws; then `path` has what it had, or, if only the very last operation
 * failed, the new bytes, which a loss of power may take back. `owner` tells writers of the same path apart; `mayReplace` is asked just
 * before the file gets its name.
 */
export function writeDurably(
  files: FilePort,
  path: string,
  bytes: Uint8Array,
  owner: string,
  mayReplace: () => void = () => {},
): void {
  const temporary = temporaryName(path, owner);
  try {
    writeSynced(files, temporary, bytes);
    mayReplace();
    files.rename(temporary, path);
  } catch (thrown) {
    discard(files, temporary);
    throw thrown;
  }
  files.syncFolder(dirname(path));
}

function writeSynced(files: FilePort, path: string, bytes: Uint8Array): void {
  const file = files.create(path);
  try {
    for (let written = 0; written < bytes.length; ) {
      const count = files.write(file, bytes.subarray(written));
      if (count <= 0) throw incomplete(written, bytes.length);
      written += count;
    }
    // After a sync that failed the system may believe that the bytes are safe, so that it is never tried again.
    files.sync(file);
  } catch (thrown) {
    closeQuietly(files, file);
    throw thrown;
  }
  files.close(file);
}

/** The error that is on its way says more than one of closing would. */
function closeQuietly(files: FilePort, file: number): void {
  try {
    files.close(file);
  } catch {}
}
