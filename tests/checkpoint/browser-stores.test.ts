/** What the stores of browsers say where a browser cannot, or will not, keep checkpoints. The rest is in tests/browser. */

import { describe, expect, it } from 'vitest';
import type { Browser, PrivateFolder, WebLocks } from '../../src/runtime/checkpoint/browser.ts';
import { openDatabase, openPrivateFiles } from '../../src/runtime/checkpoint/index.ts';
import { takeWebLock } from '../../src/runtime/checkpoint/web-lock.ts';

/** A refusal as browsers make them. */
const refusal = (name: string): Error => new DOMException('It is not allowed.', name);

/** Locks of one page, without the waiting. */
function locksOf(): { readonly locks: WebLocks; steal(): void } {
  const held = new Set<string>();
  let steal = (): void => {};
  return {
    steal: () => steal(),
    locks: {
      async request(name, { signal }, run) {
        const abort = new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        });
        if (held.has(name)) return abort;
        held.add(name);
        const stolen = new Promise((_, reject) => {
          steal = () => reject(refusal('AbortError'));
        });
        await Promise.race([run(), stolen]);
        held.delete(name);
        return undefined;
      },
    },
  };
}

const refusing = (name: string) => ({
  open: (): never => {
    throw refusal(name);
  },
});

const withFiles = { FileSystemFileHandle: { prototype: { createWritable: (): never => fail() } } };
const fail = (): never => {
  throw new Error('This is not called.');
};

/** A folder that refuses whatever is done with it. */
const folderThat = (name: string): PrivateFolder => {
  const refuse = async (): Promise<never> => {
    throw refusal(name);
  };
  return {
    name: 'ck',
    keys: () => ({ [Symbol.asyncIterator]: () => ({ next: refuse }) }),
    getDirectoryHandle: refuse,
    getFileHandle: refuse,
    removeEntry: refuse,
    resolve: async () => ['ck'],
  };
};

describe('a browser without', () => {
  const { locks } = locksOf();
  const navigator = { locks, storage: { getDirectory: async () => folderThat('NotFoundError') } };
  it.each<[string, Browser]>([
    ['indexedDB', { navigator }],
    ['navigator.locks', { indexedDB: refusing('SecurityError'), navigator: {} }],
  ])('%s has no database for checkpoints', async (what, browser) => {
    await expect(openDatabase('digits', browser)).rejects.toMatchObject({
      code: 'checkpoint/write',
      message: expect.stringContaining(`the database "digits": there is no`),
      help: expect.stringContaining('https'),
    });
    await expect(openDatabase('digits', browser)).rejects.toThrow(what);
  });

  it.each<[string, Browser]>([
    ['navigator.storage.getDirectory', { ...withFiles, navigator: { locks } }],
    ['createWritable', { navigator }],
    ['createWritable', { FileSystemFileHandle: { prototype: {} }, navigator }],
    ['navigator.locks', { ...withFiles, navigator: { storage: navigator.storage } }],
  ])('%s has no private files for checkpoints', async (what, browser) => {
    await expect(openPrivateFiles('digits', browser)).rejects.toMatchObject({
      code: 'checkpoint/write',
      message: expect.stringContaining(what),
    });
  });

  it('any of it is Node', async () => {
    await expect(openDatabase('digits')).rejects.toMatchObject({ code: 'checkpoint/write' });
    await expect(openPrivateFiles('digits')).rejects.toMatchObject({ code: 'checkpoint/write' });
  });
});

describe('a browser that refuses', () => {
  it.each([
    ['SecurityError', 'private window'],
    ['QuotaExceededError', 'Make room'],
    ['UnknownError', 'Reload the page'],
  ])('with %s is told with what to do, and the lock is let go', async (name, help) => {
    const { locks } = locksOf();
    const storage = { getDirectory: async () => folderThat(name) };
    const browser: Browser = { ...withFiles, indexedDB: refusing(name), navigator: { locks, storage } };
    for (let turn = 0; turn < 2; turn++)
      for (const open of [openDatabase, openPrivateFiles])
        await expect(open('digits', browser)).rejects.toMatchObject({
          code: 'checkpoint/write',
          message: expect.stringContaining(`${name}, It is not allowed.`),
          help: expect.stringContaining(help),
        });
    await expect(openPrivateFiles(folderThat(name), browser)).rejects.toThrow(name);
  });

  it.each(['', '.', '..', 'a/b', 'a\\b'])('%j is no name of a folder', async (name) => {
    const { locks } = locksOf();
    const storage = { getDirectory: async () => folderThat('TypeError') };
    const opened = openPrivateFiles(name, { ...withFiles, navigator: { locks, storage } });
    await expect(opened).rejects.toMatchObject({
      code: 'checkpoint/write',
      message: expect.stringContaining('no name'),
    });
  });

  it('is not blamed for a fault of ours', async () => {
    const { locks } = locksOf();
    const indexedDB = { open: () => fail() };
    await expect(openDatabase('digits', { indexedDB, navigator: { locks } })).rejects.toThrow(/not called/);
  });
});

describe('a lock', () => {
  it('is refused while another holds it, and let go with close', async () => {
    const { locks } = locksOf();
    const browser = { navigator: { locks } };
    const first = await takeWebLock(browser, 'here', 'a');
    await expect(takeWebLock(browser, 'here', 'a')).rejects.toMatchObject({ code: 'checkpoint/locked' });
    await takeWebLock(browser, 'here', 'b');
    await first.release();
    await takeWebLock(browser, 'here', 'a');
  });

  it('that was stolen is told at the next write', async () => {
    const { locks, steal } = locksOf();
    const lock = await takeWebLock({ navigator: { locks } }, 'here', 'a');
    lock.check();
    steal();
    await new Promise(setImmediate);
    expect(() => lock.check()).toThrow(/taken over/);
    await lock.release();
  });
});
