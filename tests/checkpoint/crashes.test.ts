/**
 * The power goes at every moment of a training, and the disk is then found in every state that it may be in: the names that no
 * sync has made safe are there or not, in any combination, and of files that were not synced there is all, nothing, a part, or zeros.
 */

import { expect, it } from 'vitest';
import { openFolder } from '../../src/checkpoint/folder.ts';
import { encodeCheckpoint } from '../../src/runtime/checkpoint/checkpoint.ts';
import { newestCheckpoint } from '../../src/runtime/checkpoint/store.ts';
import { publishCounts } from '../counts.ts';
import { type MemoryDisk, memoryDisk, type Trouble } from './memory-disk.ts';
import { checkpointAt, folderOn, machineOf } from './support.ts';

/** What a disk may make of the bytes of a file that were not synced. */
const damages: readonly ((bytes: Uint8Array, safe: Uint8Array | undefined) => Uint8Array)[] = [
  (bytes) => bytes,
  (_, safe) => safe ?? new Uint8Array(),
  (bytes) => bytes.slice(0, bytes.length / 2),
  (bytes) => new Uint8Array(bytes.length),
  (bytes) => bytes.map((byte, i) => (i < bytes.length / 2 ? 0 : byte)),
];

interface Lost {
  readonly disk: MemoryDisk;
  /** The last step that was reported as written. */
  readonly written: number;
  /** Whether it was done before the power went. */
  readonly ended: boolean;
}

/** Goes on with checkpoints at `steps`, on the disk that `make` gives, until the power goes before operation `at`. */
async function trainUntil(
  at: number,
  steps: readonly number[],
  make: (trouble: Trouble) => MemoryDisk,
): Promise<Lost> {
  let lost = false;
  const disk = make((_, index) => {
    lost ||= index >= at;
    if (lost) throw new Error('the power is gone');
    return undefined;
  });
  let written = 0;
  try {
    const store = openFolder('/ck', machineOf(disk.files));
    for (const step of steps) {
      await store.write(step, encodeCheckpoint(checkpointAt(step)));
      written = step;
    }
    await store.close();
  } catch {
    return { disk, written, ended: false };
  }
  return { disk, written, ended: !lost };
}

const combinationsOf = (disk: MemoryDisk): number => 2 ** disk.unsafe().names;

/** Looks at every state that the disk may be found in; gives how many there are. */
async function checkStates({ disk }: Lost, written: number): Promise<number> {
  for (let mask = 0; mask < combinationsOf(disk); mask++) {
    for (const damage of damages) {
      const found = disk.afterPowerLoss((index) => (mask & (2 ** index)) !== 0, damage);
      const newest = await newestCheckpoint(folderOn(found.files));
      const step = newest?.checkpoint.step ?? 0;
      if (step < written) throw new Error(`step ${written} was written, and ${step} is found`);
      if (newest !== undefined) expect(newest.checkpoint).toEqual(checkpointAt(step));
    }
  }
  return combinationsOf(disk) * damages.length;
}

it('what was reported as written is there, or what came after it, and never anything else', async () => {
  let [moments, states] = [0, 0];
  for (let at = 0, ended = false; !ended; at++, moments++) {
    const first = await trainUntil(at, [10, 20, 30], (trouble) => memoryDisk(trouble));
    expect(combinationsOf(first.disk)).toBeLessThanOrEqual(2 ** 10);
    states += await checkStates(first, first.written);
    ended = first.ended;
    // Whoever goes on may lose the power as well, on a disk on which the first loss has left its marks.
    for (const i of [0, 3]) {
      const damage = damages[i] ?? ((bytes) => bytes);
      for (let again = 0, done = false; !done; again++, moments++) {
        const second = await trainUntil(again, [31, 40], (trouble) =>
          first.disk.afterPowerLoss((index) => (index + i) % 2 === 0, damage, trouble),
        );
        states += await checkStates(second, Math.max(first.written, second.written));
        done = second.ended;
      }
    }
  }
  publishCounts('losses of power', { moments, states });
  expect(moments).toBeGreaterThan(1500);
  expect(states).toBeGreaterThan(20_000);
}, 60_000);

it('a save that does not sync its bytes first would be caught by these states', async () => {
  // The check of the check: the same walk with a disk on which nothing is ever synced must lose something.
  const disk = memoryDisk();
  let isCareless = false;
  const sync = (file: number): void => (isCareless ? undefined : disk.files.sync(file));
  const store = openFolder('/ck', machineOf({ ...disk.files, sync }));
  isCareless = true;
  for (const step of [10, 20, 30]) await store.write(step, encodeCheckpoint(checkpointAt(step)));
  const found = disk.afterPowerLoss(
    () => true,
    (bytes) => new Uint8Array(bytes.length),
  );
  await expect(newestCheckpoint(folderOn(found.files))).rejects.toMatchObject({ code: 'checkpoint/corrupt' });
});
