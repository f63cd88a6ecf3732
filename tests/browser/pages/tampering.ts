/** What others may do to the checkpoints of a page: damage them, look at all that is there, take the lock, delete everything. */

import { type Database, type PrivateFolder, thisBrowser } from '../../../src/runtime/checkpoint/browser.ts';
import { fileOf } from '../../../src/runtime/checkpoint/file-names.ts';
import type { Place } from './training.ts';

export type Damage = 'flipped' | 'cut off' | 'empty';

const damaged = (bytes: Uint8Array, damage: Damage): Uint8Array => {
  if (damage === 'empty') return new Uint8Array();
  return damage === 'cut off' ? bytes.slice(0, -1) : bytes.with(bytes.length - 1, 1 ^ (bytes.at(-1) ?? 0));
};

async function databaseOf(name: string): Promise<Database> {
  const request = thisBrowser().indexedDB?.open(`chainrule-checkpoints/${name}`, 1);
  if (request === undefined) throw new Error('There are no databases.');
  await new Promise<void>((resolve) => {
    request.onsuccess = () => resolve();
  });
  return request.result;
}

async function folderOf(name: string): Promise<PrivateFolder> {
  const root = await thisBrowser().navigator?.storage?.getDirectory?.();
  if (root === undefined) throw new Error('There are no private files.');
  return root.getDirectoryHandle(name, { create: true });
}

const answer = <T>(request: { readonly result: T; onsuccess: (() => void) | null }): Promise<T> =>
  new Promise((resolve) => {
    request.onsuccess = () => resolve(request.result);
  });

async function damageRecord(name: string, step: number, damage: Damage): Promise<void> {
  const database = await databaseOf(name);
  const transaction = database.transaction(['generations'], 'readwrite', { durability: 'strict' });
  const store = transaction.objectStore('generations');
  const bytes = await answer(store.get(step));
  store.put(damaged(bytes instanceof Uint8Array ? bytes : new Uint8Array(), damage), step);
  await new Promise<void>((resolve) => {
    transaction.oncomplete = () => resolve();
  });
  database.close();
}

async function damageFile(name: string, step: number, damage: Damage): Promise<void> {
  const file = await (await folderOf(name)).getFileHandle(fileOf(step), { create: true });
  const bytes = new Uint8Array(await (await file.getFile()).arrayBuffer());
  const stream = await file.createWritable();
  await stream.write(damaged(bytes, damage));
  await stream.close();
}

async function records(name: string): Promise<readonly string[]> {
  const database = await databaseOf(name);
  const transaction = database.transaction(['generations', 'damaged'], 'readonly', { durability: 'strict' });
  const keys = await answer(transaction.objectStore('generations').getAllKeys());
  const aside = await answer(transaction.objectStore('damaged').getAllKeys());
  database.close();
  return [...keys.map(String), ...aside.map((key) => `${key} damaged`)];
}

async function files(name: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const file of (await folderOf(name)).keys()) names.push(file);
  return names.sort();
}

/** Begins to write a file of a step, as a writer does that is killed in the middle. */
async function beginFile(name: string, step: number): Promise<void> {
  const file = await (await folderOf(name)).getFileHandle(fileOf(step), { create: true });
  await (await file.createWritable()).write(new Uint8Array(1000));
}

/** What the page has in its global scope for the test. */
export const tampering = {
  beginFile,
  damage: (place: Place, name: string, step: number, damage: Damage): Promise<void> =>
    place === 'database' ? damageRecord(name, step, damage) : damageFile(name, step, damage),
  contents: (place: Place, name: string): Promise<readonly string[]> =>
    place === 'database' ? records(name) : files(name),
};
