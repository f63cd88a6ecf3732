/** What the tests of checkpoints share: a small training, checkpoints of it, and machines that are not there. */

import { randomUUID } from 'node:crypto';
import type { FilePort } from '../../src/checkpoint/file-port.ts';
import { type Machine, openFolder } from '../../src/checkpoint/folder.ts';
import type { ProcessTable } from '../../src/checkpoint/process-identity.ts';
import type { Checkpoint } from '../../src/runtime/checkpoint/checkpoint.ts';
import { type CheckpointOptions, fitWithCheckpoints } from '../../src/runtime/checkpoint/fit.ts';
import type { CheckpointStore } from '../../src/runtime/checkpoint/store.ts';
import { createTrainer, type FitOptions, type Tensor } from '../../src/runtime/index.ts';
import { linear, linearLayout } from '../runtime/linear.ts';

export const layout = linearLayout('f32', 4);

/** 10 records: 3 batches of 4, the last one partial. */
export const data = {
  x: Float32Array.from({ length: 20 }, (_, i) => Math.sin(i * i + 1)),
  y: Float32Array.from({ length: 10 }, (_, i) => Math.cos(i)),
};

export const trainerOf = (seed = 7) => createTrainer(linear(layout), { seed });
export type LinearTrainer = ReturnType<typeof trainerOf>;

/** Makes the steps and gives how many there were. */
export async function train(
  trainer: LinearTrainer,
  fit: FitOptions,
  options: CheckpointOptions,
): Promise<number> {
  let steps = 0;
  for await (const _ of fitWithCheckpoints(trainer, data, fit, options)) steps++;
  return steps;
}

/** What the trainer has after so many steps that nothing interrupted. */
export async function undisturbed(steps: number, seed = 7): Promise<Uint8Array> {
  const trainer = trainerOf(seed);
  for await (const _ of trainer.fit(data, { steps }));
  return trainer.save();
}

export const alone: ProcessTable = {
  self: { host: 'here', pid: 1, started: 'now' },
  isAlive: () => false,
};

/** A machine of the disk given: every opening is by another process, and those before have ended. */
export const machineOf = (files: FilePort, processes: ProcessTable = alone): Machine => ({
  files,
  processes,
  owner: randomUUID(),
});

export const folderOn = (files: FilePort, folder = '/ck'): CheckpointStore =>
  openFolder(folder, machineOf(files));

/** A checkpoint of the model `linear` at a step. */
export function checkpointAt(step: number, fill = step): Checkpoint {
  const tensors = new Map<string, Tensor>(
    layout.state.map(({ name, shape }) => {
      const length = shape.reduce((size, dim) => size * dim, 1);
      return [name, { dtype: 'F32', shape, data: new Float32Array(length).fill(fill + 0.5) }];
    }),
  );
  return {
    model: layout.model,
    fingerprint: '0123456789abcdef',
    step,
    epoch: Math.floor(step / 3),
    batchOfEpoch: step % 3,
    until: 100,
    skipped: 0,
    seed: 7,
    data: 'f'.repeat(32),
    records: 10,
    batch: 4,
    shuffle: true,
    lastBatch: 'keep',
    tensors,
  };
}
