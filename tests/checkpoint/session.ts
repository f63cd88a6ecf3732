/** A training and its folder as the random sequences see them: the real thing, and the model that it is held to. */

import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { openFolder } from '../../src/checkpoint/folder.ts';
import type { ProcessTable } from '../../src/checkpoint/process-identity.ts';
import { fitWithCheckpoints } from '../../src/runtime/checkpoint/fit.ts';
import type { CheckpointStore } from '../../src/runtime/checkpoint/store.ts';
import { createTrainer } from '../../src/runtime/index.ts';
import { linear } from '../runtime/linear.ts';
import { ioError, type MemoryDisk, memoryDisk, type Trouble } from './memory-disk.ts';
import { data, type LinearTrainer, layout, undisturbed } from './support.ts';

export interface Generation {
  readonly step: number;
  readonly isWhole: boolean;
  /** Whether it was reported as written, or found by somebody who opened the folder. */
  readonly isSafe: boolean;
}

/** The step and state of every generation that is there, newest first; `step` is undefined when nobody trains. */
export interface Expected {
  generations: Generation[];
  step: number | undefined;
  /** What this training has written last, or gone on from. */
  written: number | undefined;
  every: number;
  isFull: boolean;
}

interface Session {
  readonly pid: number;
  readonly trainer: LinearTrainer;
  readonly store: CheckpointStore;
  readonly steps: ReturnType<typeof fitWithCheckpoints>;
}

export interface Real {
  disk: MemoryDisk;
  session: Session | undefined;
  nextPid: number;
  isFull: boolean;
  /** Operations until the process is killed within one. */
  killIn: number;
}

export const started = (): { readonly model: Expected; readonly real: Real } => {
  const real: Real = {
    disk: memoryDisk(),
    session: undefined,
    nextPid: 1,
    isFull: false,
    killIn: Number.POSITIVE_INFINITY,
  };
  real.disk = memoryDisk(troubleOf(real));
  return { model: { generations: [], step: undefined, written: undefined, every: 1, isFull: false }, real };
};

class Killed extends Error {}

export const troubleOf =
  (real: Real): Trouble =>
  (operation) => {
    if (--real.killIn < 0) throw new Killed();
    if (real.isFull && operation === 'write') throw ioError('ENOSPC');
    return undefined;
  };

const processesOf = (real: Real, pid: number): ProcessTable => ({
  self: { host: 'here', pid, started: '' },
  isAlive: (other) => other.pid === real.session?.pid,
});

const references = new Map<number, Promise<Uint8Array>>();
function referenceAt(step: number): Promise<Uint8Array> {
  const found = references.get(step) ?? undisturbed(step);
  references.set(step, found);
  return found;
}

/** A folder for a new process of the table. */
export function open(real: Real): { readonly store: CheckpointStore; readonly pid: number } {
  const pid = real.nextPid++;
  const machine = { files: real.disk.files, processes: processesOf(real, pid), owner: randomUUID() };
  return { store: openFolder('/ck', machine), pid };
}

export function begin(real: Real, every: number, fingerprint?: string): Session {
  const { store, pid } = open(real);
  const known = fingerprint === undefined ? layout : { ...layout, fingerprint };
  const trainer = createTrainer(linear(known), { seed: 7 });
  const options = { store, every, resume: true, onNotice: () => {} };
  return { pid, trainer, store, steps: fitWithCheckpoints(trainer, data, { steps: 1000 }, options) };
}

/** The model of a save: two generations stay. */
export function saved(model: Expected): void {
  const { step } = model;
  if (step === undefined || model.isFull) return;
  model.written = step;
  const others = model.generations.filter((one) => one.step !== step);
  model.generations = [{ step, isWhole: true, isSafe: true }, ...others]
    .sort((a, b) => b.step - a.step)
    .slice(0, 2);
}

/** Whoever opens the folder makes safe what is there. */
export function opened(model: Expected): void {
  model.generations = model.generations.map((one) => ({ ...one, isSafe: true }));
}

export function stepped(model: Expected): void {
  model.step = (model.step ?? 0) + 1;
  if (model.step % model.every === 0) saved(model);
}

export const stepsOnDisk = ({ disk }: Real): readonly number[] =>
  disk
    .names()
    .flatMap((name) => /step-(\d{16})\.safetensors$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);

/** What always holds after a command. */
export async function check(model: Expected, real: Real): Promise<void> {
  expect(stepsOnDisk(real)).toEqual(model.generations.map(({ step }) => step));
  if (real.session === undefined) return;
  expect(real.session.trainer.steps).toBe(model.step);
  expect(real.session.trainer.save()).toEqual(await referenceAt(model.step ?? 0));
}
