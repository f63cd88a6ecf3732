/** One training run: what the commands that train have in common. */

import { join } from 'node:path';
import { bindSplit } from '../bind.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Model } from '../dsl/model.ts';
import { createHistory } from '../report/history.ts';
import type { Outcome } from '../report/report.ts';
import type { Progress } from '../runtime/fit.ts';
import type { Batch, Layout, Metrics, Outputs, TrainerModule } from '../runtime/module.ts';
import type { FitOptions } from '../runtime/options.ts';
import { createTrainer, type Trainer } from '../runtime/trainer.ts';
import type { Call } from './command.ts';
import { usageError } from './failure.ts';
import { writeFile } from './files.ts';
import { createProgress, silent } from './progress.ts';

/** The data named on the command line, or else the model's own. */
export function dataSpecOf(model: Model, options: Call['options']): string {
  const spec = options.get('data') ?? model.options.data;
  if (spec !== undefined) return spec;
  throw usageError(
    `the model "${model.name}" names no data.`,
    'Name them: --data digits, or set its option data.',
  );
}

export function checkBatch({ maxBatch }: Layout, batch: number | undefined): void {
  if (batch === undefined || batch <= maxBatch) return;
  throw usageError(
    `option --batch: ${batch} is more than ${maxBatch}, the most records that the model can take at once.`,
    `Set its option maxBatch to ${batch} or more.`,
  );
}

export type AnyTrainer = Trainer<Batch, Metrics, Metrics, Outputs>;

export interface TrainingOptions {
  readonly fit: Omit<FitOptions, 'signal'>;
  readonly seed: number;
  readonly init?: Uint8Array;
  /** Called after every step instead of showing progress. */
  readonly onStep?: (progress: Progress<Metrics>) => void;
  /** Called with the trainer, in its last good state, when a step fails. */
  readonly onFailure?: (trainer: AnyTrainer) => void;
}

export interface TrainingResult extends Outcome {
  readonly trainer: AnyTrainer;
  /** Steps that were taken back because they gave NaN or infinity. */
  readonly skipped: number;
}

/** Trains, then measures. Ctrl-C ends the training after the current step; a second one ends the process. */
export async function runTraining(
  module: TrainerModule,
  dataset: Dataset,
  { fit, seed, init, onStep, onFailure }: TrainingOptions,
): Promise<TrainingResult> {
  const { layout } = module;
  const data = bindSplit(layout, dataset, dataset.train);
  const testData = dataset.test === undefined ? undefined : bindSplit(layout, dataset, dataset.test);
  const trainer: AnyTrainer = createTrainer(module, init === undefined ? { seed } : { seed, init });
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  const history = createHistory(layout.metrics);
  const display = onStep === undefined ? createProgress(layout.metrics) : silent;
  process.once('SIGINT', interrupt);
  const begin = performance.now();
  let skipped = 0;
  try {
    for await (const progress of trainer.fit(data, { ...fit, signal: stop.signal })) {
      display.update(progress);
      history.add(progress);
      onStep?.(progress);
      skipped = progress.skipped;
    }
  } catch (thrown) {
    onFailure?.(trainer);
    throw thrown;
  } finally {
    process.off('SIGINT', interrupt);
    display.stop();
  }
  const seconds = (performance.now() - begin) / 1000;
  return {
    trainer,
    history,
    batch: fit.batch ?? layout.maxBatch,
    steps: trainer.steps,
    seconds,
    interrupted: stop.signal.aborted,
    skipped,
    train: trainer.evaluate(data),
    test: testData === undefined ? null : trainer.evaluate(testData),
  };
}

export interface Artefacts {
  readonly weights: string;
  readonly trainer: string;
  readonly report: string;
}

/** Where a run leaves its files: the trainer is called after the model. */
export const artefactsIn = (folder: string, model: string): Artefacts => ({
  weights: join(folder, 'weights.safetensors'),
  trainer: join(folder, `${model.replace(/[^\w.-]+/g, '-').replace(/^[.-]+/, '') || 'model'}.trainer.ts`),
  report: join(folder, 'report.html'),
});

export function writeArtefacts({ weights, trainer }: Artefacts, code: string, state: Uint8Array): void {
  writeFile(weights, state);
  writeFile(trainer, code);
}

/** To be called last: nothing about the report is to cost what was learnt, or its numbers. */
export async function writeReport(path: string, dataset: Dataset, result: TrainingResult): Promise<void> {
  // The plotting library is loaded only for those who want a report.
  const { reportPage } = await import('../report/report.ts');
  const { layout } = result.trainer;
  writeFile(path, await reportPage({ ...result, layout, dataset }));
}
