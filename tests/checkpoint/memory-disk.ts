/**
 * A disk in memory that remembers what has been made safe and what has not: it can fail at any operation, lose its power
 * after any, and then be in each of the states that a real disk may be found in.
 */

import { dirname } from 'node:path';
import type { FilePort } from '../../src/checkpoint/file-port.ts';

interface File {
  bytes: Uint8Array;
  /** What has been synced; undefined before the first sync. */
  safe: Uint8Array | undefined;
}

/** A change of names that no sync of the folder has made safe yet. */
type NameChange =
  | { readonly kind: 'add'; readonly path: string; readonly file: File }
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string; readonly file: File };

export type Operation = Exclude<keyof FilePort, 'list' | 'isFile' | 'read'>;

/** Called before each operation that changes something; may throw in its place, or tell how many bytes a write takes. */
export type Trouble = (operation: Operation, index: number) => { readonly most: number } | undefined;

export interface MemoryDisk {
  readonly files: FilePort;
  /** Operations so far that change something. */
  operations(): number;
  /** Changes of files and names that are not safe yet. */
  unsafe(): { readonly files: readonly string[]; readonly names: number };
  names(): readonly string[];
  put(path: string, bytes: Uint8Array): void;
  /**
   * What is found after a loss of power: of the changes of names that are not safe those that `kept` accepts, and of files that are not safe
   * what `damage` makes of them.
   */
  afterPowerLoss(
    kept: (index: number) => boolean,
    damage: (bytes: Uint8Array, safe: Uint8Array | undefined) => Uint8Array,
    trouble?: Trouble,
  ): MemoryDisk;
}

export function ioError(code: string): Error {
  return Object.assign(new Error(`${code}: as the test wants it`), { code });
}

export function memoryDisk(
  trouble: Trouble = () => undefined,
  start: ReadonlyMap<string, File> = new Map(),
): MemoryDisk {
  const now = new Map(start);
  const safeNames = new Map(start);
  let pending: NameChange[] = [];
  const open = new Map<number, File>();
  let [count, handles] = [0, 3];

  const before = (operation: Operation) => trouble(operation, count++);
  const fileAt = (path: string): File => {
    const file = now.get(path);
    if (file === undefined) throw ioError('ENOENT');
    return file;
  };
  const handle = (id: number): File => {
    const file = open.get(id);
    if (file === undefined) throw ioError('EBADF');
    return file;
  };
  function add(path: string, file: File): void {
    if (now.has(path)) throw ioError('EEXIST');
    now.set(path, file);
    pending.push({ kind: 'add', path, file });
  }

  const files: FilePort = {
    list: (folder) =>
      [...now.keys()].filter((path) => dirname(path) === folder).map((path) => path.slice(folder.length + 1)),
    isFile: (path) => now.has(path),
    read: (path) => fileAt(path).bytes.slice(),
    makeFolder: () => void before('makeFolder'),
    create(path) {
      before('create');
      const file = { bytes: new Uint8Array(), safe: undefined };
      add(path, file);
      open.set(++handles, file);
      return handles;
    },
    write(id, bytes) {
      const limit = before('write')?.most ?? bytes.length;
      const file = handle(id);
      const taken = bytes.subarray(0, limit);
      const grown = new Uint8Array(file.bytes.length + taken.length);
      grown.set(file.bytes);
      grown.set(taken, file.bytes.length);
      file.bytes = grown;
      return taken.length;
    },
    sync(id) {
      before('sync');
      const file = handle(id);
      file.safe = file.bytes;
    },
    close(id) {
      // Whatever close says, the handle is gone.
      const file = handle(id);
      open.delete(id);
      before('close');
      void file;
    },
    rename(from, to) {
      before('rename');
      const file = fileAt(from);
      now.delete(from);
      now.set(to, file);
      pending.push({ kind: 'rename', from, to, file });
    },
    link(from, to) {
      before('link');
      add(to, fileAt(from));
    },
    remove(path) {
      before('remove');
      fileAt(path);
      now.delete(path);
      pending.push({ kind: 'remove', path });
    },
    syncFolder() {
      before('syncFolder');
      for (const change of pending) apply(safeNames, change);
      pending = [];
    },
  };

  return {
    files,
    operations: () => count,
    unsafe: () => ({
      files: [...now].filter(([, { bytes, safe }]) => bytes !== safe).map(([path]) => path),
      names: pending.length,
    }),
    names: () => [...now.keys()],
    put: (path, bytes) => {
      // In place, as whatever damages a disk does it: names that are not safe yet lead to the same file.
      const file = now.get(path) ?? { bytes, safe: bytes };
      Object.assign(file, { bytes, safe: bytes });
      if (now.has(path)) return;
      now.set(path, file);
      safeNames.set(path, file);
    },
    afterPowerLoss(kept, damage, then) {
      const names = new Map(safeNames);
      for (const [index, change] of pending.entries()) if (kept(index)) apply(names, change);
      const found = [...names].map(([path, { bytes, safe }]) => {
        const left = bytes === safe ? bytes : damage(bytes, safe);
        return [path, { bytes: left, safe: left }] as const;
      });
      return memoryDisk(then, new Map(found));
    },
  };
}

/** A change that reaches the disk without those before it does what it can. */
function apply(names: Map<string, File>, change: NameChange): void {
  if (change.kind === 'add') names.set(change.path, change.file);
  else if (change.kind === 'remove') names.delete(change.path);
  else {
    names.delete(change.from);
    names.set(change.to, change.file);
  }
}
