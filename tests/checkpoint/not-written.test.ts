/** Checkpoints that cannot be written: the training ends, or goes on where somebody listens, and what was there stays. */

import { describe, expect, it } from 'vitest';
import type { CheckpointNotice } from '../../src/runtime/checkpoint/fit.ts';
import { rejectionOf } from '../data/support.ts';
import { ioError, memoryDisk } from './memory-disk.ts';
import { folderOn, train, trainerOf } from './support.ts';

describe('case 41: a checkpoint that cannot be written', () => {
  function fullDisk() {
    let isFull = false;
    const disk = memoryDisk((operation) => {
      if (isFull && operation === 'write') throw ioError('ENOSPC');
      return undefined;
    });
    return {
      disk,
      fill(full: boolean) {
        isFull = full;
      },
    };
  }

  it('ends the training, with what was there before', async () => {
    const { disk, fill } = fullDisk();
    const store = folderOn(disk.files);
    await train(trainerOf(), { steps: 4 }, { store });
    fill(true);
    const error = await rejectionOf(train(trainerOf(), { steps: 9 }, { store, resume: true, every: 2 }));
    expect(error).toMatchObject({
      code: 'checkpoint/write',
      help: expect.stringContaining('Make room on the disk'),
    });
    expect(await store.steps()).toEqual([4, 3]);
  });

  it('is told and tried again where somebody listens, and only the last one has to be written', async () => {
    const { disk, fill } = fullDisk();
    const store = folderOn(disk.files);
    const kinds: string[] = [];
    const onNotice = ({ kind }: CheckpointNotice): void => {
      kinds.push(kind);
      fill(kinds.length === 1);
    };
    const trainer = trainerOf();
    expect(await train(trainer, { steps: 8 }, { store, every: 2, onNotice })).toBe(8);
    expect(kinds).toEqual(['written', 'not-written', 'written', 'written']);
    fill(true);
    const error = await rejectionOf(
      train(trainerOf(), { steps: 9 }, { store, resume: true, onNotice: () => {} }),
    );
    expect(error.code).toBe('checkpoint/write');
  });
});
