/** Every operation of a save fails once and for good, in every way: what was there before is there still, or what is new. */

import { describe, expect, it } from 'vitest';
import { openFolder } from '../../src/checkpoint/folder.ts';
import { encodeCheckpoint } from '../../src/runtime/checkpoint/checkpoint.ts';
import { newestCheckpoint } from '../../src/runtime/checkpoint/store.ts';
import { InputError } from '../../src/runtime/index.ts';
import { publishCounts } from '../counts.ts';
import { ioError, type MemoryDisk, memoryDisk, type Trouble } from './memory-disk.ts';
import { checkpointAt, folderOn, machineOf } from './support.ts';

const faults = ['ENOSPC', 'EIO', 'EDQUOT', 'EROFS', 'short write', 'no byte written'] as const;
type Fault = (typeof faults)[number];

/** A disk that has trouble from its `at`th operation on, counted from when it is armed. */
function troubledDisk(fault: Fault, at: number, forGood: boolean) {
  let armedAt = Number.POSITIVE_INFINITY;
  let struck = 0;
  const trouble: Trouble = (operation, index) => {
    const place = index - armedAt;
    if (!(forGood ? place >= at : place === at)) return undefined;
    if (fault === 'short write' || fault === 'no byte written') {
      if (operation !== 'write') return undefined;
      struck++;
      return { most: fault === 'short write' ? 3 : 0 };
    }
    struck++;
    throw ioError(fault);
  };
  const disk = memoryDisk(trouble);
  return {
    disk,
    arm: () => {
      armedAt = disk.operations();
    },
    disarm: () => {
      armedAt = Number.POSITIVE_INFINITY;
    },
    struck: () => struck,
  };
}

const bytesAt = (step: number): Uint8Array => encodeCheckpoint(checkpointAt(step));

/** The step of the newest checkpoint that somebody finds who comes after all writers have gone. */
async function newestOn(disk: MemoryDisk): Promise<number | undefined> {
  return (await newestCheckpoint(folderOn(disk.files)))?.checkpoint.step;
}

const temporaries = (disk: MemoryDisk): readonly string[] =>
  disk.names().filter((name) => name.endsWith('.tmp'));

/** How many operations there are from opening the folder to closing it, with one save in between. */
async function operationsOfSave(): Promise<number> {
  const disk = memoryDisk();
  const store = folderOn(disk.files);
  for (const step of [10, 20]) await store.write(step, bytesAt(step));
  const before = disk.operations();
  await store.write(30, bytesAt(30));
  return disk.operations() - before;
}

const operations = await operationsOfSave();

describe.each(faults)('%s', (fault) => {
  it.each([
    ['once', false],
    ['from then on', true],
  ])('at every operation of a save, %s', async (_, forGood) => {
    let [trials, failures] = [0, 0];
    for (let at = 0; at < operations; at++) {
      const { disk, arm, disarm, struck } = troubledDisk(fault, at, forGood);
      const store = folderOn(disk.files);
      for (const step of [10, 20]) await store.write(step, bytesAt(step));
      arm();
      const error = await store.write(30, bytesAt(30)).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      disarm();
      if (error !== undefined) {
        expect(error).toBeInstanceOf(InputError);
        expect(error).toMatchObject({ code: 'checkpoint/write', at: expect.stringContaining('/ck/step-') });
        failures++;
      }
      if (error === undefined || !forGood) expect(temporaries(disk)).toEqual([]);
      await store.close();
      // Old or new: the new one for certain if there was no error.
      expect(error === undefined ? [30] : [20, 30]).toContain(await newestOn(disk));
      expect(temporaries(disk)).toEqual([]);
      // And the next save is as if nothing had been.
      const next = folderOn(disk.files);
      await next.write(40, bytesAt(40));
      expect(await next.steps()).toContain(40);
      expect((await newestCheckpoint(next))?.checkpoint).toEqual(checkpointAt(40));
      if (struck() > 0) trials++;
    }
    publishCounts('faults of a save', { trials, failures });
    expect(trials).toBeGreaterThan(0);
    if (fault !== 'short write') expect(failures).toBeGreaterThan(0);
    else if (!forGood) expect(failures).toBe(0);
  });

  it('at every operation of opening a folder', async () => {
    for (let at = 0; at < 12; at++) {
      const { disk, arm, disarm } = troubledDisk(fault, at, false);
      disk.put('/ck/step-0000000000000010.safetensors', bytesAt(10));
      disk.put(
        '/ck/lock',
        new TextEncoder().encode(JSON.stringify({ host: 'here', pid: 9, started: '', owner: 'gone' })),
      );
      arm();
      try {
        await folderOn(disk.files).close();
      } catch (error) {
        expect(error).toMatchObject({ code: 'checkpoint/write', at: '/ck' });
      }
      disarm();
      expect(await newestOn(disk)).toBe(10);
    }
  });
});

it('the lock is held whatever fails, and let go in the end', async () => {
  const { disk, arm, disarm } = troubledDisk('EIO', 0, true);
  const alive = { self: { host: 'here', pid: 1, started: 'now' }, isAlive: () => true };
  const store = openFolder('/ck', machineOf(disk.files, alive));
  arm();
  await expect(store.write(1, bytesAt(1))).rejects.toMatchObject({ code: 'checkpoint/write' });
  disarm();
  expect(() => openFolder('/ck', machineOf(disk.files, alive))).toThrow(/process 1 of the host "here"/);
  await store.close();
  await openFolder('/ck', machineOf(disk.files, alive)).close();
});
