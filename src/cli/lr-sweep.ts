/** Trains while the learning rate is swept from low to high. */

import { bindSplit } from '../bind.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Model } from '../dsl/model.ts';
import type { Progress } from '../runtime/fit.ts';
import type { Metrics, TrainerModule } from '../runtime/module.ts';
import { createTrainer } from '../runtime/trainer.ts';
import { createBrake, type Reading } from './lr-bounds.ts';
import type { AnyTrainer } from './training.ts';

export interface Sweep {
  readonly min: number;
  readonly max: number;
  readonly steps: number;
  /** By equal differences instead of equal ratios. */
  readonly linear: boolean;
}

/** The model with a schedule in place of its learning rate: step 0 has `min`, the last step `max`. */
export function withSweep(model: Model, { min, max, steps, linear }: Sweep): Model {
  const last = steps - 1;
  const { optimizer } = model.options;
  const learningRate: Model['options']['optimizer']['learningRate'] = linear
    ? (t) => t.mul((max - min) / last).add(min)
    : (t) =>
        t
          .mul(Math.log(max / min) / last)
          .exp()
          .mul(min);
  return { ...model, options: { ...model.options, optimizer: { ...optimizer, learningRate } } };
}

export interface SweepReading extends Reading {
  /** Undefined when the model has no metric of this name. */
  readonly accuracy?: number;
}

export interface SweepOptions {
  readonly seed: number;
  readonly steps: number;
  readonly batch: number;
  readonly init?: Uint8Array;
  readonly onStep: (progress: Progress<Metrics>) => void;
}

export interface SweepResult {
  readonly readings: readonly SweepReading[];
  /** Ended before its last step because the loss rose or was not finite. */
  readonly braked: boolean;
  readonly interrupted: boolean;
}

/** Ends early when the loss rises for good, and on Ctrl-C. */
export async function runSweep(
  module: TrainerModule,
  dataset: Dataset,
  { seed, steps, batch, init, onStep }: SweepOptions,
): Promise<SweepResult> {
  const trainer: AnyTrainer = createTrainer(module, init === undefined ? { seed } : { seed, init });
  const data = bindSplit(module.layout, dataset, dataset.train);
  const hasAccuracy = module.layout.metrics.includes('accuracy');
  const isOver = createBrake(steps);
  const readings: SweepReading[] = [];
  let braked = false;
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once('SIGINT', interrupt);
  try {
    const fit = { steps, batch, signal: stop.signal, onNonFinite: 'continue' } as const;
    for await (const progress of trainer.fit(data, fit)) {
      const { loss, learningRate: rate, accuracy } = progress;
      readings.push({ rate, loss, ...(hasAccuracy && accuracy !== undefined ? { accuracy } : {}) });
      onStep(progress);
      braked = isOver(loss);
      if (braked) break;
    }
  } finally {
    process.off('SIGINT', interrupt);
  }
  return { readings, braked, interrupted: stop.signal.aborted };
}
