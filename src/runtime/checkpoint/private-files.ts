/** Checkpoints in files that the browser keeps for a site: the origin private file system, by one writer at a time. */

import { type InputError, inputError } from '../errors.ts';
import { quote } from '../names.ts';
import {
  type Browser,
  guarded,
  missing,
  owned,
  type PrivateFile,
  type PrivateFolder,
  thisBrowser,
} from './browser.ts';
import { fileOf, stepsAmong } from './file-names.ts';
import { type CheckpointStore, superfluous } from './store.ts';
import { takeWebLock, type WebLock } from './web-lock.ts';

/**
 * Opens a folder of the origin private file system for the checkpoints of one training: one that is given, or that of the
 * name given, which is made if it is missing. In pages and in workers. Throws `checkpoint/locked` if another training has it
 * open, in any tab or worker, after waiting a second for one that is just ending; and `checkpoint/write` if there is no such
 * folder here, or its files cannot be replaced as a whole (`createWritable`).
 *
 * What was written outlasts the page and the browser. Whether a loss of power as well, browsers do not say: what it damages
 * is noticed, and the checkpoint before is taken. `openDatabase` asks for durability.
 */
export async function openPrivateFiles(
  folder: string | PrivateFolder,
  browser: Browser = thisBrowser(),
): Promise<CheckpointStore> {
  const name = typeof folder === 'string' ? folder : folder.name;
  const place = `the private folder ${quote(name)}`;
  const storage = browser.navigator?.storage;
  if (storage?.getDirectory === undefined)
    throw missing(place, 'origin private file system (navigator.storage.getDirectory)');
  // Better known before the first step than after many.
  if (browser.FileSystemFileHandle?.prototype.createWritable === undefined)
    throw missing(place, 'way to replace a file (createWritable)');
  if (typeof folder === 'string' && /^\.{0,2}$|[/\\]/.test(folder)) throw noName(place);
  const root = await guarded('checkpoint/write', `Cannot open ${place}`, place, async () =>
    storage.getDirectory?.(),
  );
  if (root === undefined) throw missing(place, 'folder of the origin');
  const path = typeof folder === 'string' ? [folder] : await root.resolve(folder);
  // A folder that is not below the root is one of the disk, of which nothing is known but its name.
  const lock = await takeWebLock(browser, place, `files/${(path ?? ['', name]).join('/')}`);
  try {
    return await guarded('checkpoint/write', `Cannot open ${place}`, place, async () => {
      const own =
        typeof folder === 'string' ? await root.getDirectoryHandle(folder, { create: true }) : folder;
      await clean(own);
      return storeIn(own, place, lock);
    });
  } catch (thrown) {
    await lock.release();
    throw thrown;
  }
}

const noName = (place: string): InputError =>
  inputError(
    'checkpoint/write',
    `Checkpoints cannot be kept in ${place}: that is no name of a folder.`,
    'Give a name without slashes, or the handle of a folder.',
  );

function storeIn(folder: PrivateFolder, place: string, lock: WebLock): CheckpointStore {
  const nameOf = (step: number): string => `${fileOf(step)} in ${place}`;

  return {
    place,
    nameOf,
    steps: () => guarded('checkpoint/read', `Cannot read ${place}`, place, () => stepsIn(folder)),
    read: (step) =>
      guarded('checkpoint/read', 'The checkpoint cannot be read', nameOf(step), () =>
        contentOf(folder, fileOf(step)),
      ),
    async write(step, bytes) {
      lock.check();
      await guarded('checkpoint/write', 'The checkpoint cannot be written', nameOf(step), () =>
        put(folder, fileOf(step), bytes),
      );
      // Only now, when the new one is certain to stay.
      await dropOld(folder);
    },
    async setAside(step) {
      lock.check();
      const [name, damaged] = [fileOf(step), `${fileOf(step)}.damaged`];
      await guarded('checkpoint/write', 'The damaged checkpoint cannot be moved', nameOf(step), async () => {
        await put(folder, damaged, await contentOf(folder, name));
        await folder.removeEntry(name);
      });
    },
    close: () => lock.release(),
  };
}

async function namesIn(folder: PrivateFolder): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const name of folder.keys()) names.push(name);
  return names;
}

const stepsIn = async (folder: PrivateFolder): Promise<readonly number[]> =>
  stepsAmong(await namesIn(folder));

async function contentOf(folder: PrivateFolder, name: string): Promise<Uint8Array> {
  const file = await (await folder.getFileHandle(name)).getFile();
  return new Uint8Array(await file.arrayBuffer());
}

/** Makes a file with all of the bytes, or leaves what was there: a file of this name or none. */
async function put(folder: PrivateFolder, name: string, bytes: Uint8Array): Promise<void> {
  const isNew = !(await namesIn(folder)).includes(name);
  const file = await folder.getFileHandle(name, { create: true });
  try {
    await replace(file, bytes);
  } catch (thrown) {
    if (isNew) await folder.removeEntry(name).catch(() => {});
    throw thrown;
  }
}

/** What is written goes to a file beside it, which takes its place when it is closed. */
async function replace(file: PrivateFile, bytes: Uint8Array): Promise<void> {
  const stream = await file.createWritable();
  try {
    await stream.write(owned(bytes));
    await stream.close();
  } catch (thrown) {
    await stream.abort().catch(() => {});
    throw thrown;
  }
}

/** What cannot be dropped now is when the next one is written: it is in nobody's way. */
async function dropOld(folder: PrivateFolder): Promise<void> {
  try {
    for (const old of superfluous(await stepsIn(folder))) await folder.removeEntry(fileOf(old));
  } catch {}
}

/** The file beside it to which Chromium writes what is to replace a file. */
const isSwapFile = (name: string): boolean => /^step-\d{16}\.safetensors\..*crswap$/.test(name);

/**
 * Removes what a writer that died has left: the file that it made and did not come to replace, and what was to replace it.
 * Only the newest can be that; any other one that is empty is damaged.
 */
async function clean(folder: PrivateFolder): Promise<void> {
  const names = await namesIn(folder);
  for (const name of names.filter(isSwapFile)) await folder.removeEntry(name);
  const [newest] = stepsAmong(names);
  if (newest === undefined) return;
  const { size } = await (await folder.getFileHandle(fileOf(newest))).getFile();
  if (size === 0) await folder.removeEntry(fileOf(newest));
}
