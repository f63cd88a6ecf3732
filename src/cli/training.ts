/** One training run: what `train` and `start` have in common. */

import { join } from 'node:path';
import { bindSplit } from '../bind.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Progress } from '../runtime/fit.ts';
import type { Batch, Metrics, Outputs, TrainerModule } from '../runtime/module.ts';
import type { FitOptions } from '../runtime/options.ts';
import { createTrainer, type Trainer } from '../runtime/trainer.ts';
import { writeFile } from './files.ts';
import { createProgress, silent } from './progress.ts';

export type AnyTrainer = Trainer<Batch, Metrics, Metrics, Outputs>;

export interface TrainingOptions {
  readonly fit: Omit<FitOptions, 'signal'>;
  readonly seed: number;
  readonly init?: Uint8Array;
  /** Called after every step instead of showing progress. */
  readonly onStep?: (progress: Progress<Metrics>) => void;
}

export interface TrainingResult {
  readonly trainer: AnyTrainer;
  readonly steps: number;
  readonly seconds: number;
  readonly interrupted: boolean;
  readonly train: Metrics;
  readonly test: Metrics | null;
}

/** Trains, then measures. Ctrl-C ends the training after the current step; a second one ends the process. */
export async function runTraining(
  module: TrainerModule,
  dataset: Dataset,
  { fit, seed, init, onStep }: TrainingOptions,
): Promise<TrainingResult> {
  const { layout } = module;
  const data = bindSplit(layout, dataset, dataset.train);
  const testData = dataset.test === undefined ? undefined : bindSplit(layout, dataset, dataset.test);
  const trainer: AnyTrainer = createTrainer(module, init === undefined ? { seed } : { seed, init });
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  const display = onStep === undefined ? createProgress(layout.metrics) : silent;
  process.once('SIGINT', interrupt);
  const begin = performance.now();
  try {
    for await (const progress of trainer.fit(data, { ...fit, signal: stop.signal })) {
      display.update(progress);
      onStep?.(progress);
    }
  } finally {
    process.off('SIGINT', interrupt);
    display.stop();
  }
  const seconds = (performance.now() - begin) / 1000;
  return {
    trainer,
    steps: trainer.steps,
    seconds,
    interrupted: stop.signal.aborted,
    train: trainer.evaluate(data),
    test: testData === undefined ? null : trainer.evaluate(testData),
  };
}

export interface Artefacts {
  readonly weights: string;
  readonly trainer: string;
}

/** Where a run leaves its files: the trainer is called after the model. */
export const artefactsIn = (folder: string, model: string): Artefacts => ({
  weights: join(folder, 'weights.safetensors'),
  trainer: join(folder, `${model.replace(/[^\w.-]+/g, '-').replace(/^[.-]+/, '') || 'model'}.trainer.ts`),
});

export function writeArtefacts({ weights, trainer }: Artefacts, code: string, state: Uint8Array): void {
  writeFile(weights, state);
  writeFile(trainer, code);
}
