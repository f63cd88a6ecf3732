/**
 * What can happen to a training and its folder, as commands on the real thing and on a model of it. The model knows of each generation whether
 * it is whole, and which step the training is at; what it cannot know, such as whether a save was done before its process was killed, it asks.
 */

import type fc from 'fast-check';
import { expect } from 'vitest';
import { type CheckpointStore, newestCheckpoint } from '../../src/runtime/checkpoint/store.ts';
import { InputError } from '../../src/runtime/index.ts';
import {
  begin,
  check,
  type Expected,
  open,
  opened,
  type Real,
  saved,
  stepped,
  stepsOnDisk,
  troubleOf,
} from './session.ts';

export type Command = fc.AsyncCommand<Expected, Real>;

const command = (
  name: string,
  isPossible: (model: Expected) => boolean,
  run: (model: Expected, real: Real) => Promise<void>,
): Command => ({
  check: isPossible,
  async run(model, real) {
    await run(model, real);
    await check(model, real);
  },
  toString: () => name,
});

const isTraining = ({ step }: Expected): boolean => step !== undefined;
const isIdle = (model: Expected): boolean => !isTraining(model);
const hasSome = ({ generations }: Expected): boolean => generations.length > 0;

const codeOf = (promise: Promise<unknown>): Promise<string | undefined> =>
  promise.then(
    () => undefined,
    (thrown: unknown) => (thrown instanceof InputError ? thrown.code : String(thrown)),
  );

export const resume = (every: number): Command =>
  command(`resume, every ${every}`, isIdle, async (model, real) => {
    if (model.isFull) {
      // Not even the lock can be written.
      expect(() => begin(real, every)).toThrow(/ENOSPC/);
      return;
    }
    const session = begin(real, every);
    opened(model);
    const isRefused = hasSome(model) && !model.generations.some(({ isWhole }) => isWhole);
    if (isRefused) {
      expect(await codeOf(session.steps.next())).toBe('checkpoint/corrupt');
      await session.store.close();
      return;
    }
    real.session = session;
    await session.steps.next();
    const at = model.generations.findIndex(({ isWhole }) => isWhole);
    // Damaged ones that are newer are put aside.
    model.generations = at < 0 ? [] : model.generations.slice(at);
    model.every = every;
    model.written = model.generations[0]?.step;
    model.step = model.written ?? 0;
    stepped(model);
  });

export const train = (count: number): Command =>
  command(`${count} steps`, isTraining, async (model, real) => {
    for (let i = 0; i < count; i++) {
      await real.session?.steps.next();
      stepped(model);
    }
  });

export const stop = (): Command =>
  command('stop', isTraining, async (model, real) => {
    const { session } = real;
    const isToWrite = model.step !== model.written;
    const found = await codeOf(session?.steps.return() ?? Promise.resolve());
    expect(found).toBe(isToWrite && model.isFull ? 'checkpoint/write' : undefined);
    if (isToWrite) saved(model);
    await session?.store.close();
    real.session = undefined;
    model.step = undefined;
  });

export const kill = (): Command =>
  command('kill', isTraining, async (model, real) => {
    real.session = undefined;
    model.step = undefined;
  });

export const killWithinSave = (operation: number): Command =>
  command(`kill within a save, at operation ${operation}`, isTraining, async (model, real) => {
    const { session } = real;
    const before = model.generations;
    real.killIn = operation;
    for (let i = 0; i < model.every && session !== undefined; i++) {
      stepped(model);
      if ((await codeOf(session.steps.next())) !== undefined) break;
    }
    real.killIn = Number.POSITIVE_INFINITY;
    real.session = undefined;
    const found = stepsOnDisk(real);
    const [oldest] = before.map(({ step }) => step);
    // Old or new, and never fewer.
    if (oldest !== undefined) expect(found[0]).toBeGreaterThanOrEqual(oldest);
    model.generations = found.map(
      (step) => before.find((one) => one.step === step) ?? { step, isWhole: true, isSafe: false },
    );
    model.step = undefined;
  });

export const losePower = (mask: number, part: number): Command =>
  command(
    `lose power, ${mask}, ${part}`,
    () => true,
    async (model, real) => {
      const before = model.generations;
      real.disk = real.disk.afterPowerLoss(
        (index) => (mask & (2 ** index)) !== 0,
        (bytes) => bytes.slice(0, bytes.length * part),
        troubleOf(real),
      );
      real.session = undefined;
      model.step = undefined;
      const found = stepsOnDisk(real);
      // A save that was done is there; older ones may be there once more.
      const safe = before.find(({ isSafe }) => isSafe)?.step ?? 0;
      expect(found[0] ?? 0).toBeGreaterThanOrEqual(safe);
      model.generations = found.map(
        (step) => before.find((one) => one.step === step) ?? { step, isWhole: true, isSafe: true },
      );
    },
  );

export const corrupt = (at: number): Command =>
  command(`turn a bit at ${at}`, hasSome, async (model, real) => {
    const [newest, ...others] = model.generations;
    const path = real.disk.names().find((name) => name.endsWith(`${newest?.step}.safetensors`));
    if (newest === undefined || path === undefined) throw new Error('no generation');
    const bytes = real.disk.files.read(path);
    const place = Math.floor(at * bytes.length);
    real.disk.put(path, bytes.with(place, (bytes[place] ?? 0) ^ 1));
    // A second turn of the same bit would mend it.
    model.generations = [{ ...newest, isWhole: await isWholeNow(real, newest.step) }, ...others];
  });

async function isWholeNow({ disk }: Real, step: number): Promise<boolean> {
  const files = disk.files;
  const path = `/ck/step-${String(step).padStart(16, '0')}.safetensors`;
  const only: CheckpointStore = {
    place: '/ck',
    nameOf: () => path,
    steps: async () => [step],
    read: async () => files.read(path),
    write: async () => {},
    setAside: async () => {},
    close: async () => {},
  };
  return newestCheckpoint(only).then(
    () => true,
    () => false,
  );
}

export const removeNewest = (): Command =>
  command('remove the newest', hasSome, async (model, real) => {
    const [newest, ...others] = model.generations;
    real.disk.files.remove(`/ck/step-${String(newest?.step).padStart(16, '0')}.safetensors`);
    real.disk.files.syncFolder('/ck');
    model.generations = others;
  });

export const secondWriter = (): Command =>
  command('second writer', isTraining, async (_, real) => {
    // On a full disk it does not get as far as the lock.
    expect(() => open(real)).toThrow(/Another training writes|ENOSPC/);
  });

export const otherModel = (): Command =>
  command(
    'resume with another model',
    (model) => isIdle(model) && !model.isFull,
    async (model, real) => {
      const session = begin(real, 1, 'another');
      opened(model);
      if (!hasSome(model)) return session.store.close();
      const expected = model.generations.some(({ isWhole }) => isWhole)
        ? 'checkpoint/mismatch'
        : 'checkpoint/corrupt';
      expect(await codeOf(session.steps.next())).toBe(expected);
      await session.store.close();
    },
  );

export const fill = (isFull: boolean): Command =>
  command(
    isFull ? 'fill the disk' : 'make room',
    () => true,
    async (model, real) => {
      real.isFull = isFull;
      model.isFull = isFull;
    },
  );
