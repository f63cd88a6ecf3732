/** Checkpoints of a trainer that is reached over a line: the page names a store, and the worker has it. */

import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type CheckpointNotice,
  type CheckpointStore,
  checkpointsIn,
} from '../../src/runtime/checkpoint/index.ts';
import { InputError } from '../../src/runtime/index.ts';
import { connect, type RemoteFitOptions, type ServeOptions, serve } from '../../src/runtime/worker/index.ts';
import { linear } from '../runtime/linear.ts';
import { ioError, memoryDisk } from './memory-disk.ts';
import { data, folderOn, layout, undisturbed } from './support.ts';

async function remote(options: ServeOptions) {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  await serve(linear(layout), { ...options, port: port2 });
  return connect<ReturnType<typeof linear>>(port1, { seed: 7 });
}
type Remote = Awaited<ReturnType<typeof remote>>;

async function train(trainer: Remote, options: RemoteFitOptions): Promise<void> {
  for await (const _ of trainer.fit(data, options));
}

/** A disk, and what has become of the stores that were opened on it. */
function served(change: Partial<CheckpointStore> = {}) {
  const disk = memoryDisk();
  const names: string[] = [];
  let open = 0;
  const checkpoints = checkpointsIn((name) => {
    names.push(name);
    open++;
    const store = folderOn(disk.files, `/${name}`);
    const close = async (): Promise<void> => {
      open--;
      await store.close();
    };
    return { ...store, ...change, close };
  });
  return { disk, names, checkpoints, isOpen: () => open > 0 };
}

describe('a training in a worker with checkpoints', () => {
  it('goes on in another worker with the bits of one that never stopped', async () => {
    const { checkpoints, names, isOpen } = served();
    const first = await remote({ checkpoints });
    await train(first, { steps: 5, checkpoint: { store: 'line', every: 2 } });
    expect(isOpen()).toBe(false);
    const second = await remote({ checkpoints });
    const notices: CheckpointNotice[] = [];
    const onNotice = (notice: CheckpointNotice) => void notices.push(notice);
    await train(second, { steps: 12, checkpoint: { store: 'line', every: 4, resume: true, onNotice } });
    expect(notices.map((one) => ('step' in one ? `${one.kind} ${one.step}` : one.kind))).toEqual([
      'resumed 5',
      'written 8',
      'written 12',
    ]);
    expect(await second.save()).toEqual(await undisturbed(12));
    expect(names).toEqual(['line', 'line']);
  });

  it('writes what was done when it is aborted, before the call has its result', async () => {
    const { checkpoints, disk, isOpen } = served();
    const trainer = await remote({ checkpoints });
    for await (const { step } of trainer.fit(data, {
      steps: 1e9,
      everyStep: true,
      checkpoint: { store: 'line', every: 1e6 },
    }))
      if (step === 7) await trainer.abort();
    const steps = await trainer.steps();
    expect(await folderOn(disk.files, '/line').steps()).toEqual([steps]);
    expect(isOpen()).toBe(false);
  });

  it('goes on without those that cannot be written if the page listens, and ends otherwise', async () => {
    const write = async (): Promise<never> => {
      throw new InputError({ code: 'checkpoint/write', message: 'Full.', help: 'Make room.', at: 'here' });
    };
    const { checkpoints, isOpen } = served({ write });
    const notices: CheckpointNotice[] = [];
    const listening = { store: 'a', every: 2, onNotice: (one: CheckpointNotice) => void notices.push(one) };
    const trainer = await remote({ checkpoints });
    await expect(train(trainer, { steps: 5, checkpoint: listening })).rejects.toThrow('Full.');
    expect(notices.map(({ kind }) => kind)).toEqual(['not-written', 'not-written']);
    const [notice] = notices;
    if (notice?.kind !== 'not-written') throw new Error('This is the notice.');
    expect(notice.error).toBeInstanceOf(InputError);
    expect(notice.error).toMatchObject({ code: 'checkpoint/write', help: 'Make room.', at: 'here' });
    expect(await trainer.steps()).toBe(5);
    const deaf = await remote({ checkpoints });
    await expect(train(deaf, { steps: 5, checkpoint: { store: 'b', every: 2 } })).rejects.toMatchObject({
      code: 'checkpoint/write',
    });
    expect(await deaf.steps()).toBe(2);
    expect(isOpen()).toBe(false);
  });

  it('is refused by a worker that was given none, and can be done without them', async () => {
    const trainer = await remote({});
    await expect(train(trainer, { steps: 5, checkpoint: { store: 'line' } })).rejects.toMatchObject({
      code: 'train/option',
      help: expect.stringContaining('checkpointsIn'),
    });
    await train(trainer, { steps: 5 });
    expect(await trainer.save()).toEqual(await undisturbed(5));
  });

  it('is refused where the store cannot be opened or an option is wrong, and the worker lives on', async () => {
    const checkpoints = checkpointsIn(() => {
      throw ioError('EIO');
    });
    const trainer = await remote({ checkpoints });
    await expect(train(trainer, { checkpoint: { store: 'line' } })).rejects.toThrow('EIO');
    const other = await remote({ checkpoints: served().checkpoints });
    for (const checkpoint of [{ store: 'a', every: 0 }, Object.assign({ store: 'b' }, { evry: 3 })])
      await expect(train(other, { steps: 5, checkpoint })).rejects.toMatchObject({ code: 'train/option' });
    expect(await other.steps()).toBe(0);
  });
});
