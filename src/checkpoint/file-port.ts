/** What checkpoints need of a file system, one operation at a time, so that each can be made to fail in a test. */

import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';

/** Every operation throws what `node:fs` throws: an error with a `code` such as `ENOSPC`. */
export interface FilePort {
  /** Names in a folder, in any order. */
  list(folder: string): readonly string[];
  isFile(path: string): boolean;
  read(path: string): Uint8Array;
  /** With the folders above it; nothing if it is there. */
  makeFolder(path: string): void;
  /** Opens a new file for writing; one that is there is an error, `EEXIST`. */
  create(path: string): number;
  /** Gives how many bytes were written, which may be fewer than there are. */
  write(file: number, bytes: Uint8Array): number;
  /** When it returns, what was written to the file outlasts a loss of power. */
  sync(file: number): void;
  close(file: number): void;
  rename(from: string, to: string): void;
  /** A second name for a file; one that is there is an error, `EEXIST`. */
  link(from: string, to: string): void;
  remove(path: string): void;
  /** When it returns, the names in the folder outlast a loss of power. */
  syncFolder(path: string): void;
}

function syncFolder(path: string): void {
  // Windows has no way to do this, and keeps names by itself.
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

export const nodeFiles: FilePort = {
  list: (folder) => readdirSync(folder),
  isFile: (path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true,
  // A plain view: a Buffer is cut from a pool, and what reads it may want an array of its own.
  read(path) {
    const { buffer, byteOffset, byteLength } = readFileSync(path);
    return new Uint8Array(buffer, byteOffset, byteLength);
  },
  makeFolder: (path) => void mkdirSync(path, { recursive: true }),
  create: (path) => openSync(path, 'wx', 0o666),
  write: (file, bytes) => writeSync(file, bytes),
  sync: fsyncSync,
  close: closeSync,
  rename: renameSync,
  link: linkSync,
  remove: unlinkSync,
  syncFolder,
};

/** The code of an error of the file system, such as `ENOENT`; empty for any other. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** What is thrown when a disk takes fewer bytes than there are, and gives no reason. */
export const incomplete = (written: number, length: number): Error =>
  Object.assign(new Error(`only ${written} of ${length} bytes could be written`), { code: 'EIO' });

/** Removes a file, if it can be removed: for what is in the way, but not worth an error. */
export function discard(files: FilePort, path: string): void {
  try {
    files.remove(path);
  } catch {
    // It is not there, or will be found and removed when the folder is opened next.
  }
}
