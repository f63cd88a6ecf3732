/** The training loop: which records each step gets, what it reports, and when it pauses or ends. */

import { InputError } from './errors.ts';
import type { FitPlan } from './options.ts';
import { shuffle } from './shuffle.ts';
import type { Source, Stage } from './stage.ts';

/** What `fit` reports after a step: the metrics of the step's batch, before its update, and how far it is. */
export type Progress<M> = M & {
  readonly loss: number;
  readonly learningRate: number;
  /** Steps the trainer has done, this one included. */
  readonly step: number;
  /** The pass over the data that this step belongs to, counted from 1. */
  readonly epoch: number;
  /** Records that this call of `fit` has trained on so far. */
  readonly samplesSeen: number;
  /** What `step` will be when this call of `fit` is done. */
  readonly stepsTotal: number;
};

/** What a step gives: all metrics, and the loss among them. */
export interface StepResult<M> {
  readonly metrics: M;
  readonly loss: number;
  readonly learningRate: number;
}

/** The trainer as the loop sees it. */
export interface Engine<M> {
  /** Called before the first step of a training. */
  prepare?(): void;
  /** Steps done so far. */
  steps(): number;
  /** Does one step on the first `count` rows of the batch. */
  step(batch: Source['whole'], count: number): StepResult<M>;
}

/**
 * A turn of the event loop, so that timers, input and signals are served. `setImmediate`, where there is one,
 * returns at once; timers wait for 1 ms (Node) to 4 ms (browsers).
 */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}

/** The error of a loss that is NaN or infinite; `where` says which batch it was. */
export function nonFiniteLoss(loss: number, step: number, where: string): InputError {
  return new InputError({
    code: 'train/not-finite',
    message: `The loss is ${loss} at step ${step}${where}.`,
    help: 'The update of this step may have spoilt the weights. Load the last good ones; lower the learning rate.',
  });
}

/**
 * Makes the steps of the plan. The place in the data follows from the trainer's number of steps alone, so that
 * a trainer that was saved and loaded goes on where it was.
 */
export async function* fitting<M>(
  engine: Engine<M>,
  stage: Stage,
  source: Source,
  plan: FitPlan,
  seed: number,
): AsyncGenerator<Progress<M>, void, void> {
  const { batch, stepsPerEpoch } = plan;
  const order = plan.shuffle ? new Uint32Array(source.count) : null;
  const stepsTotal = engine.steps() + plan.steps;
  engine.prepare?.();
  let shuffledFor = -1;
  let samplesSeen = 0;
  let lastPause = performance.now();
  for (let done = 0; done < plan.steps && plan.signal?.aborted !== true; done++) {
    const place = engine.steps();
    const epoch = Math.floor(place / stepsPerEpoch);
    const batchOfEpoch = place % stepsPerEpoch;
    if (order !== null && epoch !== shuffledFor) {
      shuffle(order, seed, epoch);
      shuffledFor = epoch;
    }
    const from = batchOfEpoch * batch;
    const count = Math.min(batch, source.count - from);
    const { metrics, loss, learningRate } = engine.step(stage.gather(source, order, from, count), count);
    const step = engine.steps();
    if (plan.onNonFinite === 'error' && !Number.isFinite(loss)) {
      const where = ` (epoch ${epoch + 1}, batch ${batchOfEpoch + 1} of ${stepsPerEpoch}, all counted from 1)`;
      throw nonFiniteLoss(loss, step, where);
    }
    samplesSeen += count;
    yield { ...metrics, loss, learningRate, step, epoch: epoch + 1, samplesSeen, stepsTotal };
    if (performance.now() - lastPause >= plan.yieldEveryMs) {
      await pause();
      lastPause = performance.now();
    }
  }
}
