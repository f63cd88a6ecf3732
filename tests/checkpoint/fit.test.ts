/** A training with checkpoints: the same bits, wherever it stops and goes on; and what is not the same training is refused. */

import { describe, expect, it } from 'vitest';
import { lookIntoFolder } from '../../src/checkpoint/folder.ts';
import { encodeCheckpoint } from '../../src/runtime/checkpoint/checkpoint.ts';
import { type CheckpointNotice, fitWithCheckpoints } from '../../src/runtime/checkpoint/fit.ts';
import { newestCheckpoint } from '../../src/runtime/checkpoint/store.ts';
import { createTrainer, type FitOptions } from '../../src/runtime/index.ts';
import { rejectionOf } from '../data/support.ts';
import { linear, linearLayout } from '../runtime/linear.ts';
import { ioError, memoryDisk } from './memory-disk.ts';
import { checkpointAt, data, folderOn, train, trainerOf, undisturbed } from './support.ts';

describe('a training that goes on', () => {
  it.each([
    ['in the middle of an epoch', 5],
    ['at the end of an epoch', 6],
    ['after its first step', 1],
    ['before its last step', 19],
  ])('%s has the bits of one that never stopped', async (_, stop) => {
    const { files } = memoryDisk();
    const first = folderOn(files);
    let steps = 0;
    for await (const { step } of fitWithCheckpoints(trainerOf(), data, { steps: 20 }, { store: first })) {
      steps++;
      // Whoever leaves keeps what was done.
      if (step === stop) break;
    }
    await first.close();
    expect(steps).toBe(stop);
    const trainer = trainerOf();
    const store = folderOn(files);
    expect(await train(trainer, {}, { store, resume: true })).toBe(20 - stop);
    expect(trainer.save()).toEqual(await undisturbed(20));
  });

  it('makes as many steps as were asked for in the beginning, or as are asked for now, in all', async () => {
    const { files } = memoryDisk();
    const store = folderOn(files);
    expect(await train(trainerOf(), { epochs: 2 }, { store })).toBe(6);
    expect(await train(trainerOf(), {}, { store, resume: true })).toBe(0);
    const trainer = trainerOf();
    expect(await train(trainer, { epochs: 3 }, { store, resume: true })).toBe(3);
    expect(trainer.save()).toEqual(await undisturbed(9));
    expect(await train(trainerOf(), { steps: 4 }, { store, resume: true })).toBe(0);
    expect(await store.steps()).toEqual([9, 6]);
  });

  it('reports as the steps of the whole training', async () => {
    const { files } = memoryDisk();
    const store = folderOn(files);
    await train(trainerOf(), { steps: 5 }, { store });
    const notices: CheckpointNotice[] = [];
    const reports: object[] = [];
    const options = { store, resume: true, every: 2, onNotice: (one: CheckpointNotice) => notices.push(one) };
    for await (const { step, epoch, stepsTotal } of fitWithCheckpoints(
      trainerOf(),
      data,
      { steps: 8 },
      options,
    ))
      reports.push({ step, epoch, stepsTotal });
    expect(reports).toEqual([
      { step: 6, epoch: 2, stepsTotal: 8 },
      { step: 7, epoch: 3, stepsTotal: 8 },
      { step: 8, epoch: 3, stepsTotal: 8 },
    ]);
    expect(
      notices.map((notice) => ('step' in notice ? `${notice.kind} ${notice.step}` : notice.kind)),
    ).toEqual(['resumed 5', 'written 6', 'written 8']);
  });

  it('ends with a checkpoint when its signal is given', async () => {
    const { files } = memoryDisk();
    const store = folderOn(files);
    const stop = new AbortController();
    for await (const { step } of fitWithCheckpoints(
      trainerOf(),
      data,
      { steps: 20, signal: stop.signal },
      { store },
    ))
      if (step === 7) stop.abort();
    expect((await newestCheckpoint(store))?.checkpoint).toMatchObject({
      step: 7,
      epoch: 2,
      batchOfEpoch: 1,
      until: 20,
    });
  });

  it('counts the steps that were skipped before', async () => {
    const { files } = memoryDisk();
    const store = folderOn(files);
    const broken = { ...data, x: data.x.map((x, i) => (i === 3 ? 3e38 : x)) };
    const fit: FitOptions = { steps: 9, onNonFinite: 'skip', maxSkipped: 3 };
    const reported: number[] = [];
    for await (const { skipped } of fitWithCheckpoints(trainerOf(), broken, fit, { store }))
      reported.push(skipped);
    expect(reported.at(-1)).toBe(3);
    const again = fitWithCheckpoints(trainerOf(), broken, { ...fit, steps: 15 }, { store, resume: true });
    expect(
      (
        await rejectionOf(
          again
            .next()
            .then(() => again.next())
            .then(() => again.next()),
        )
      ).code,
    ).toBe('train/not-finite');
  });

  it('keeps what it has when a step fails', async () => {
    const { files } = memoryDisk();
    const store = folderOn(files);
    await train(trainerOf(), { steps: 4 }, { store });
    const trainer = trainerOf();
    const steps = fitWithCheckpoints(trainer, data, { steps: 9 }, { store, resume: true, every: 100 });
    await steps.next();
    trainer.state.w?.fill(3e38);
    expect((await rejectionOf(steps.next())).code).toBe('train/not-finite');
    expect(await store.steps()).toEqual([4, 3]);
  });
});

describe('what is not the same training', () => {
  async function begun() {
    const { files } = memoryDisk();
    const store = folderOn(files);
    await train(trainerOf(), { steps: 5, batch: 3 }, { store });
    return store;
  }

  it('case 44: a place with checkpoints is refused unless one goes on from them', async () => {
    const store = await begun();
    const error = await rejectionOf(train(trainerOf(), { steps: 5 }, { store }));
    expect(error.code).toBe('checkpoint/exists');
    expect(error.message).toContain('newest of step 5');
  });

  it('case 44: another batch size, seed, order or data is refused, all named, unless drift is allowed', async () => {
    const store = await begun();
    const other = { x: data.x, y: data.y.map((y) => y + 1) };
    const fit: FitOptions = { batch: 2, shuffle: false, lastBatch: 'drop', steps: 9 };
    const attempt = (allowDrift: boolean) =>
      fitWithCheckpoints(trainerOf(8), other, fit, { store, resume: true, allowDrift });
    const error = await rejectionOf(attempt(false).next());
    expect(error.code).toBe('checkpoint/mismatch');
    expect(error.message).toMatch(
      /the data are others; seed is 8 instead of 7; batch is 2 instead of 3; shuffle is false instead of true; lastBatch is drop instead of keep\. Nothing was loaded/,
    );
    const steps: number[] = [];
    for await (const { step } of attempt(true)) steps.push(step);
    expect(steps).toEqual([6, 7, 8, 9]);
  });

  it('case 38: a checkpoint of another model is refused with what is missing, extra and different', async () => {
    const store = await begun();
    const layout = linearLayout('f32', 4);
    const state = layout.state.map((entry) =>
      entry.name === 'b'
        ? { ...entry, name: 'c' }
        : entry.name === 'w.velocity'
          ? { ...entry, shape: [1, 2] }
          : entry,
    );
    const other = createTrainer(
      { ...linear({ ...layout, state: layout.state }), layout: { ...layout } },
      { seed: 7 },
    );
    const trainer = { ...other, layout: { ...layout, state }, steps: 0 };
    for (const allowDrift of [false, true]) {
      const error = await rejectionOf(
        fitWithCheckpoints(trainer, data, {}, { store, resume: true, allowDrift }).next(),
      );
      expect(error.code).toBe('checkpoint/mismatch');
      expect(error.message).toMatch(
        /missing: "c"; extra: "b"; different: "w.velocity" is \[2\], expected \[1,2\]/,
      );
    }
    expect(other.state.w).toEqual(trainerOf().state.w);
  });

  it('case 38: the same state computed with otherwise, such as by another optimizer, is refused', async () => {
    const { files } = memoryDisk();
    const store = folderOn(files);
    await store.write(5, encodeCheckpoint(checkpointAt(5)));
    const error = await rejectionOf(
      fitWithCheckpoints(trainerOf(), data, {}, { store, resume: true }).next(),
    );
    expect(error.code).toBe('checkpoint/mismatch');
    expect(error.message).toContain('the model or its optimizer computes something else');
  });
});

describe('case 39: a damaged checkpoint', () => {
  it('gives way to the one before it, with a message, and the bits are the same in the end', async () => {
    const disk = memoryDisk();
    const store = folderOn(disk.files);
    await train(trainerOf(), { steps: 8 }, { store, every: 4 });
    const name = store.nameOf(8);
    const bytes = disk.files.read(name);
    disk.put(name, bytes.with(bytes.length - 1, 1 ^ (bytes.at(-1) ?? 0)));
    const notices: CheckpointNotice[] = [];
    const trainer = trainerOf();
    expect(
      await train(trainer, {}, { store, resume: true, onNotice: (notice) => notices.push(notice) }),
    ).toBe(4);
    expect(trainer.save()).toEqual(await undisturbed(8));
    expect(notices[0]).toMatchObject({ kind: 'damaged', error: { code: 'checkpoint/corrupt', at: name } });
    expect(disk.names()).toContain(`${name}.damaged`);
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['truncated', (bytes) => bytes.slice(0, -1)],
    ['flipped', (bytes) => bytes.with(40, 1 ^ (bytes[40] ?? 0))],
    ['filled with zeros', (bytes) => new Uint8Array(bytes.length)],
    ['empty', () => new Uint8Array()],
    ['of the other byte order', (bytes) => Uint8Array.of(...bytes.slice(0, 8).reverse(), ...bytes.slice(8))],
  ])('and no other one: %s, nothing is loaded and nothing begins anew', async (_, damage) => {
    const disk = memoryDisk();
    const store = folderOn(disk.files);
    await train(trainerOf(), { steps: 8 }, { store, every: 4 });
    for (const step of await store.steps())
      disk.put(store.nameOf(step), damage(disk.files.read(store.nameOf(step))));
    const names = disk.names();
    const trainer = trainerOf();
    const error = await rejectionOf(train(trainer, { steps: 8 }, { store, resume: true }));
    expect(error.code).toBe('checkpoint/corrupt');
    expect(error.message).toContain('None of the 2 checkpoints');
    expect(trainer.steps).toBe(0);
    expect(disk.names()).toEqual(names);
  });

  it('under the name of another step is damaged as well', async () => {
    const disk = memoryDisk();
    const store = folderOn(disk.files);
    disk.put(store.nameOf(9), encodeCheckpoint(checkpointAt(8)));
    const error = await rejectionOf(newestCheckpoint(store));
    expect(error.message).toContain('of step 8, and not of step 9');
  });
});

it('case 39: a checkpoint that cannot be read is not taken for a damaged one', async () => {
  const disk = memoryDisk();
  await train(trainerOf(), { steps: 4 }, { store: folderOn(disk.files) });
  const read = (): Uint8Array => {
    throw ioError('EIO');
  };
  const store = lookIntoFolder('/ck', { ...disk.files, read });
  const error = await rejectionOf(newestCheckpoint({ ...folderOn(disk.files), ...store }));
  expect(error).toMatchObject({ code: 'checkpoint/read', at: store.nameOf(4) });
  expect(disk.names()).not.toContain(`${store.nameOf(4)}.damaged`);
});

it('options that do not exist are refused', async () => {
  const store = folderOn(memoryDisk().files);
  const wrong = { store, evry: 3 };
  expect((await rejectionOf(train(trainerOf(), {}, wrong))).message).toContain('There is no option "evry"');
  expect((await rejectionOf(train(trainerOf(), {}, { store, every: 0 }))).code).toBe('train/option');
});
