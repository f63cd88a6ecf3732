/** Checkpoints in a database of the browser (IndexedDB), written durably, by one writer at a time. */

import { inputError } from '../errors.ts';
import { quote } from '../names.ts';
import {
  type Browser,
  type Database,
  type DatabaseFactory,
  type DatabaseRequest,
  guarded,
  missing,
  owned,
  type Transaction,
  thisBrowser,
} from './browser.ts';
import { type CheckpointStore, superfluous } from './store.ts';
import { takeWebLock, type WebLock } from './web-lock.ts';

/** The object stores of a database: bytes by step. */
const generations = 'generations';
const damaged = 'damaged';

const prefix = 'chainrule-checkpoints/';

/**
 * Opens a database for the checkpoints of one training, and makes it if it is missing: that of the page's origin which is
 * called `chainrule-checkpoints/` and `name`. In pages and in workers. Throws `checkpoint/locked` if another training has
 * it open, in any tab or worker, after waiting a second for one that is just ending; and `checkpoint/write` if there is no
 * such database here. Browsers may remove what sites store when the disk is full: `navigator.storage.persist()` asks not to.
 */
export async function openDatabase(name: string, browser: Browser = thisBrowser()): Promise<CheckpointStore> {
  const place = `the database ${quote(name)}`;
  const { indexedDB } = browser;
  if (indexedDB === undefined) throw missing(place, 'IndexedDB (indexedDB)');
  const lock = await takeWebLock(browser, place, `database/${name}`);
  try {
    const database = await guarded('checkpoint/write', `Cannot open ${place}`, place, () =>
      opened(indexedDB, prefix + name),
    );
    return storeIn(database, place, lock);
  } catch (thrown) {
    await lock.release();
    throw thrown;
  }
}

async function opened(factory: DatabaseFactory, name: string): Promise<Database> {
  const request = factory.open(name, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(generations);
    request.result.createObjectStore(damaged);
  };
  const database = await resultOf(request);
  // Who deletes the database means it, and would wait for us forever.
  database.onversionchange = () => database.close();
  return database;
}

function storeIn(database: Database, place: string, lock: WebLock): CheckpointStore {
  const nameOf = (step: number): string => `step ${step} of ${place}`;
  const begin = (mode: 'readonly' | 'readwrite') =>
    database.transaction([generations, damaged], mode, { durability: 'strict' });

  return {
    place,
    nameOf,
    steps: () =>
      guarded('checkpoint/read', `Cannot read ${place}`, place, async () =>
        stepsOf(await resultOf(begin('readonly').objectStore(generations).getAllKeys())),
      ),
    async read(step) {
      const bytes = await guarded('checkpoint/read', 'The checkpoint cannot be read', nameOf(step), () =>
        resultOf(begin('readonly').objectStore(generations).get(step)),
      );
      if (bytes === undefined) throw inputError('checkpoint/read', `There is no ${nameOf(step)}.`);
      // What others have put there is as damaged as nothing.
      return bytes instanceof Uint8Array ? bytes : new Uint8Array();
    },
    async write(step, bytes) {
      lock.check();
      await guarded('checkpoint/write', 'The checkpoint cannot be written', nameOf(step), () =>
        changed(begin('readwrite'), (transaction) => {
          const store = transaction.objectStore(generations);
          store.put(owned(bytes), step);
          const keys = store.getAllKeys();
          keys.onsuccess = () => {
            for (const old of superfluous(stepsOf(keys.result))) store.delete(old);
          };
        }),
      );
    },
    async setAside(step) {
      lock.check();
      await guarded('checkpoint/write', 'The damaged checkpoint cannot be moved', nameOf(step), () =>
        changed(begin('readwrite'), (transaction) => {
          const store = transaction.objectStore(generations);
          const found = store.get(step);
          found.onsuccess = () => {
            transaction.objectStore(damaged).put(found.result, step);
            store.delete(step);
          };
        }),
      );
    },
    async close() {
      database.close();
      await lock.release();
    },
  };
}

const isStep = (key: unknown): key is number => Number.isSafeInteger(key);

const stepsOf = (keys: readonly unknown[]): readonly number[] => keys.filter(isStep).sort((a, b) => b - a);

const resultOf = <T>(request: DatabaseRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Makes changes all of which are on the disk when it resolves, and none of which is made when it rejects. */
const changed = (transaction: Transaction, change: (transaction: Transaction) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    change(transaction);
  });
