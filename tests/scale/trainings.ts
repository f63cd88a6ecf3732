/** Trainings of the tests: the same model, data, seed and order, by our own runtime and by scale/run.py. */

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bindSplit } from '../../src/bind.ts';
import { exportStablehloCommand } from '../../src/cli/export-stablehlo.ts';
import { compile } from '../../src/compile.ts';
import { loadData } from '../../src/data/spec.ts';
import { instantiate } from '../../src/instantiate.ts';
import { loadModel } from '../../src/load-model.ts';
import type { Batch, Metrics, Outputs } from '../../src/runtime/module.ts';
import { createTrainer, type Data, type Trainer } from '../../src/runtime/trainer.ts';
import { scaleFolder } from './python.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));

export interface Training {
  readonly name: string;
  /** From the root. */
  readonly model: string;
  readonly data: string;
  readonly batch: number;
  readonly dtype: 'f32' | 'f64';
  readonly seed: number;
}

const own = (name: string, data: string, batch: number, seed: number): Training => ({
  ...{ name, model: `tests/scale/models/${name}.ts`, data, batch, seed },
  dtype: 'f32',
});

/** Some batches divide the records, others leave a smaller step for the end of each epoch. */
export const trainings = {
  softmax: {
    name: 'softmax',
    model: 'examples/02-softmax-regression/model.ts',
    data: 'blobs?features=4&count=150',
    batch: 64,
    dtype: 'f32',
    seed: 0,
  },
  page: { name: 'page', model: 'examples/page/model.ts', data: 'moons', batch: 32, dtype: 'f32', seed: 7 },
  pageInF64: {
    name: 'page-f64',
    model: 'examples/page/model.ts',
    data: 'moons',
    batch: 32,
    dtype: 'f64',
    seed: 4_000_000_000,
  },
  dropout: own('batch-norm-dropout', 'moons?count=600', 64, 3),
  nesterov: own('z-score-nesterov', 'spirals?count=600&arms=3', 40, 1),
  plateau: own('plateau-binary', 'blobs?count=500&classes=2', 32, 2),
} as const satisfies { readonly [name: string]: Training };

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'chainrule-scale-'));
export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

export interface Exported {
  readonly step: string;
  /** What every call of run.py for it begins with. */
  readonly words: readonly string[];
}

/** As `chainrule export --to stablehlo --data ...` does it. */
export async function exported(
  training: Training,
  folder: string,
  more: readonly (readonly [string, string])[] = [],
): Promise<Exported> {
  const { name, model, data, batch, dtype, seed } = training;
  const step = join(folder, `${name}.mlir`);
  const options = new Map([
    ...([
      ['to', 'stablehlo'],
      ['out', step],
      ['data', data],
      ['batch', String(batch)],
      ['dtype', dtype],
      ['seed', String(seed)],
    ] as const),
    ...more,
  ]);
  await exportStablehloCommand({ model: join(repository, model), options });
  return { step, words: [step, '--data', join(folder, `${name}.data.safetensors`)] };
}

export interface Ours {
  readonly trainer: Trainer<Batch, Metrics, Metrics, Outputs>;
  readonly data: Data<Batch>;
}

export async function ours({ model, data, dtype, seed }: Training): Promise<Ours> {
  const compiled = await compile(await loadModel(join(repository, model)), { dtype });
  const dataset = await loadData(data, { dtype });
  return {
    trainer: createTrainer(await instantiate(compiled.code), { seed }),
    data: bindSplit(compiled.layout, dataset, dataset.train),
  };
}

export async function ourLosses(training: Training, steps: number): Promise<readonly number[]> {
  const { trainer, data } = await ours(training);
  const losses: number[] = [];
  for await (const { loss } of trainer.fit(data, { steps, batch: training.batch })) losses.push(loss);
  return losses;
}

/** One line of what run.py prints. */
export interface Told {
  readonly event: string;
  readonly step?: number;
  readonly steps?: number;
  readonly loss?: number;
  readonly devices?: number;
  readonly code?: number;
  readonly train?: { readonly [name: string]: number };
}

export const toldIn = (text: string): readonly Told[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line): Told => JSON.parse(line));

export const lossesIn = (told: readonly Told[]): readonly number[] =>
  told.flatMap(({ event, loss }) => (event === 'step' && loss !== undefined ? [loss] : []));

export const stepsIn = (told: readonly Told[]): readonly number[] =>
  told.flatMap(({ event, step }) => (event === 'step' && step !== undefined ? [step] : []));

/** The events of each training of a process that made several, in their order. */
export function perTraining(told: readonly Told[]): readonly (readonly Told[])[] {
  const all: Told[][] = [];
  for (const one of told)
    if (one.event === 'training') all.push([]);
    else all[all.length - 1]?.push(one);
  return all;
}

export function worstDifference(a: readonly number[], b: readonly number[]): number {
  return a.reduce((worst, x, i) => Math.max(worst, Math.abs(x - (b[i] ?? Number.NaN)) / Math.abs(x)), 0);
}

export const launcher = join(scaleFolder, 'run.py');

/** The words that make several trainings in one process. */
export function driveWords(folder: string, lists: readonly (readonly string[])[]): readonly string[] {
  const list = join(folder, `${randomUUID()}.json`);
  writeFileSync(list, JSON.stringify(lists));
  return [join(repository, 'tests/scale/drive.py'), list];
}
