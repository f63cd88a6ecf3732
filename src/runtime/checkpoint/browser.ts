/** What stores ask of the browser they run in: the few methods they use, and its refusals as errors for people. */

import { InputError, type InputErrorCode, inputError } from '../errors.ts';

/** The parts of the global scope of a page or a worker; any may be missing, such as where a page is not secure. */
export interface Browser {
  readonly indexedDB?: DatabaseFactory | undefined;
  readonly FileSystemFileHandle?: { readonly prototype: Partial<PrivateFile> } | undefined;
  readonly navigator?:
    | {
        readonly locks?: WebLocks | undefined;
        readonly storage?: { getDirectory?(): Promise<PrivateFolder> } | undefined;
      }
    | undefined;
}

/** Looked at anew for each store, and not when this file is loaded. */
export function thisBrowser(): Browser {
  const scope: object = globalThis;
  return scope;
}

export interface WebLocks {
  /** Resolves to what `held` does, after the lock was let go. */
  request(
    name: string,
    options: { readonly mode: 'exclusive'; readonly signal: AbortSignal },
    held: () => Promise<void>,
  ): Promise<unknown>;
}

export interface DatabaseRequest<T> {
  readonly result: T;
  readonly error: Error | null;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
}

export interface OpenRequest extends DatabaseRequest<Database> {
  onupgradeneeded: (() => void) | null;
}

export interface DatabaseFactory {
  open(name: string, version: number): OpenRequest;
}

export interface Database {
  createObjectStore(name: string): unknown;
  transaction(
    stores: readonly string[],
    mode: 'readonly' | 'readwrite',
    options: { readonly durability: 'strict' },
  ): Transaction;
  close(): void;
  onversionchange: (() => void) | null;
}

export interface Transaction {
  readonly error: Error | null;
  objectStore(name: string): ObjectStore;
  oncomplete: (() => void) | null;
  onabort: (() => void) | null;
}

export interface ObjectStore {
  get(key: number): DatabaseRequest<unknown>;
  getAllKeys(): DatabaseRequest<readonly unknown[]>;
  put(value: unknown, key: number): unknown;
  delete(key: number): unknown;
}

/** A folder of the origin private file system: a `FileSystemDirectoryHandle`. */
export interface PrivateFolder {
  readonly name: string;
  keys(): AsyncIterable<string>;
  getDirectoryHandle(name: string, options: { readonly create: boolean }): Promise<PrivateFolder>;
  getFileHandle(name: string, options?: { readonly create: boolean }): Promise<PrivateFile>;
  removeEntry(name: string): Promise<void>;
  /** The names on the way to a folder or file below; null if it is not below. */
  resolve(entry: PrivateFolder): Promise<readonly string[] | null>;
}

/** Not all browsers have `createWritable`. */
export interface PrivateFile {
  getFile(): Promise<{ readonly size: number; arrayBuffer(): Promise<ArrayBuffer> }>;
  createWritable(): Promise<{
    write(data: Uint8Array): Promise<void>;
    close(): Promise<void>;
    abort(): Promise<void>;
  }>;
}

/** Runs an operation; what the browser refuses becomes an error with the place and the reason. */
export async function guarded<T>(
  code: InputErrorCode,
  what: string,
  at: string,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    // Whatever is not of the browser is a fault of ours, and to be seen as such.
    if (!isRefusal(thrown)) throw thrown;
    const reason = thrown.message.replace(/\.$/, '') || 'no reason was given';
    throw new InputError({
      code,
      message: `${what}: ${thrown.name}, ${reason}.`,
      help: helpFor(thrown.name),
      at,
    });
  }
}

/** A `DOMException`, which has a number as its code; types of ours know no DOM. */
const isRefusal = (thrown: unknown): thrown is Error =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'number';

function helpFor(name: string): string {
  if (name === 'QuotaExceededError')
    return 'Make room: remove other data of this site, or on the disk; what was there before is there still.';
  if (name === 'SecurityError' || name === 'NotAllowedError')
    return 'Allow this site to store data; a private window or a sandboxed frame may not.';
  return 'Reload the page and try again, or choose another place; what was there before is there still.';
}

/** The error for a part that the browser does not have, or not here. */
export const missing = (place: string, what: string): InputError =>
  inputError(
    'checkpoint/write',
    `Checkpoints cannot be kept in ${place}: there is no ${what} here.`,
    'Serve the page by https or from localhost, outside of private windows and sandboxed frames, and use a browser of this year.',
  );

/** The bytes as memory of their own: what is a part of other memory, or shared, would be refused or stored with the rest. */
export const owned = (bytes: Uint8Array): Uint8Array =>
  bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength
    ? bytes
    : new Uint8Array(bytes);
