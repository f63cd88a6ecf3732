/** One training run: what the commands that train have in common. */

import { join } from 'node:path';
import { bindSplit } from '../bind.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Model } from '../dsl/model.ts';
import { createHistory } from '../report/history.ts';
import type { Outcome } from '../report/report.ts';
import { type CheckpointNotice, fitWithCheckpoints } from '../runtime/checkpoint/fit.ts';
import type { Progress } from '../runtime/fit.ts';
import type { Batch, Layout, Metrics, Outputs, TrainerModule } from '../runtime/module.ts';
import type { FitOptions } from '../runtime/options.ts';
import { createTrainer, type Data, type Trainer } from '../runtime/trainer.ts';
import { type Checkpoints, tellPerson, tellProgram } from './checkpoints.ts';
import type { Call, Host } from './command.ts';
import { usageError } from './failure.ts';
import { listenForInterruption } from './interruption.ts';
import { printError } from './output.ts';
import { checkOutput, writeOutput } from './output-file.ts';
import { createProgress, type ProgressDisplay, silent } from './progress.ts';

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
  readonly checkpoints?: Checkpoints | undefined;
  /** Called after every step instead of showing progress; then notices are told as JSON as well. */
  readonly onStep?: (progress: Progress<Metrics>) => void;
  /** Called with the trainer when no more steps are made, in its last good state if one failed, before anything is measured. */
  readonly onEnd?: (trainer: AnyTrainer) => void;
}

export interface TrainingResult extends Outcome {
  readonly trainer: AnyTrainer;
  /** Steps that an earlier run had made. */
  readonly stepsBefore: number;
  /** Steps that were taken back because they gave NaN or infinity. */
  readonly skipped: number;
  readonly exitCode: number;
}

/**
 * Trains, then measures. The first Ctrl-C or SIGTERM ends the training after the current step, with a checkpoint if there are
 * any; a second one ends the process.
 */
export async function runTraining(
  module: TrainerModule,
  dataset: Dataset,
  { fit, seed, init, checkpoints, onStep, onEnd }: TrainingOptions,
  host: Host,
): Promise<TrainingResult> {
  const { layout } = module;
  const data = bindSplit(layout, dataset, dataset.train);
  const testData = dataset.test === undefined ? undefined : bindSplit(layout, dataset, dataset.test);
  const trainer: AnyTrainer = createTrainer(module, init === undefined ? { seed } : { seed, init });
  const history = createHistory(layout.metrics);
  const display = onStep === undefined ? createProgress(layout.metrics) : silent;
  const interruption = listenForInterruption(host, (canTell) => {
    if (canTell && onStep === undefined)
      display.tell(() => printError('ending after this step; once more to end at once'));
  });
  const { signal } = interruption;
  const begin = performance.now();
  let skipped = 0;
  const stepsBefore = checkpoints?.found?.checkpoint.step ?? 0;
  const steps =
    checkpoints === undefined
      ? trainer.fit(data, { ...fit, signal })
      : stepsWithCheckpoints(trainer, data, { ...fit, signal }, checkpoints, display, onStep !== undefined);
  try {
    for await (const progress of steps) {
      display.update(progress);
      history.add(progress);
      onStep?.(progress);
      skipped = progress.skipped;
    }
  } finally {
    display.stop();
    onEnd?.(trainer);
    interruption.dispose();
  }
  const seconds = (performance.now() - begin) / 1000;
  return {
    trainer,
    history,
    batch: fit.batch ?? checkpoints?.found?.checkpoint.batch ?? layout.maxBatch,
    steps: trainer.steps,
    stepsBefore,
    seconds,
    interrupted: signal.aborted,
    exitCode: interruption.exitCode(),
    skipped,
    train: trainer.evaluate(data),
    test: testData === undefined ? null : trainer.evaluate(testData),
  };
}

function stepsWithCheckpoints(
  trainer: AnyTrainer,
  data: Data<Batch>,
  fit: FitOptions,
  { store, every, resume, allowDrift }: Checkpoints,
  display: ProgressDisplay,
  asJson: boolean,
): AsyncIterable<Progress<Metrics>> {
  const onNotice = (notice: CheckpointNotice): void => {
    if (asJson) tellProgram(notice);
    else display.tell(() => tellPerson(store.place, notice, printError));
  };
  return fitWithCheckpoints(trainer, data, fit, { store, every, resume, allowDrift, onNotice });
}

export interface Artefacts {
  readonly weights: string;
  readonly trainer: string;
  readonly report: string;
}

/** Where a run leaves its files: the trainer is called after the model. */
export const artefactsIn = (folder: string, model: string): Artefacts => ({
  weights: join(folder, 'weights.safetensors'),
  trainer: join(
    folder,
    `${
      model
        .replace(/[^\w.-]+/g, '-')
        .replace(/^[.-]+/, '')
        .slice(0, 100) || 'model'
    }.trainer.ts`,
  ),
  report: join(folder, 'report.html'),
});

/** Refuses what `writeArtefacts` and `writeReport` would refuse when the work is done. */
export function checkArtefacts({ weights, trainer, report }: Artefacts, force: boolean): void {
  for (const path of [weights, trainer, report]) checkOutput(path, force);
}

export function writeArtefacts(
  { weights, trainer }: Artefacts,
  { code, state, force }: { readonly code: string; readonly state: Uint8Array; readonly force: boolean },
): void {
  writeOutput(weights, state, force);
  writeOutput(trainer, code, force);
}

/** To be called last: nothing about the report is to cost what was learnt, or its numbers. */
export async function writeReport(
  path: string,
  dataset: Dataset,
  result: TrainingResult,
  force: boolean,
): Promise<void> {
  // The plotting library is loaded only for those who want a report.
  const { reportPage } = await import('../report/report.ts');
  const { layout } = result.trainer;
  writeOutput(path, await reportPage({ ...result, layout, dataset }), force);
}
