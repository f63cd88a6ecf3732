/** The training loop: which records each step gets, what it reports, and when it pauses or ends. */

import { InputError, type Replay } from './errors.ts';
import type { Fault } from './guard.ts';
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
  /** Steps that were taken back because they gave NaN or infinity (`onNonFinite: 'skip'`), those before this call included. */
  readonly skipped: number;
};

/** What a step gives: all metrics, and the loss among them. */
export interface StepResult<M> {
  readonly metrics: M;
  readonly loss: number;
  readonly learningRate: number;
  /** What the step made NaN or infinite, if anything: the state is then what it was before. */
  readonly fault: Fault | undefined;
}

/** The trainer as the loop sees it. */
export interface Engine<M> {
  /** Called before the first step of a training. */
  prepare?(): void;
  /** Steps done so far. */
  steps(): number;
  /** Does one step on the first `count` rows of the batch; when guarded, it is taken back if it has a fault. */
  step(batch: Source['whole'], count: number, guarded: boolean): StepResult<M>;
  /** Counts a step that was taken back as done, so that the next one is on the next batch. */
  passOver(): void;
  /** What the step at hand is made from, copied. */
  replayOf(batch: Source['whole'], count: number): Replay;
}

/**
 * A turn of the event loop, so that timers, input and signals are served. Not a timer, which waits for 1 ms (Node) to
 * 4 ms (browsers): a fifth of the time if a training pauses every 16 ms.
 */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') {
      setImmediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(0);
  });
}

/** The error of a step that gives NaN or infinity; `where` says which step and batch it was. */
export function notFinite({ what }: Fault, where: string, replay: Replay): InputError {
  return new InputError({
    code: 'train/not-finite',
    message: `${what} ${where}.`,
    help: 'The state is what it was before this step. Lower the learning rate, look at the data of this batch, or skip such steps.',
    replay,
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
  let { skipped } = plan;
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
    const records = stage.gather(source, order, from, count);
    const result = engine.step(records, count, plan.onNonFinite !== 'continue');
    const { metrics, loss, learningRate, fault } = result;
    if (fault !== undefined) {
      if (plan.onNonFinite === 'error' || skipped >= plan.maxSkipped) {
        const skips = skipped === 0 ? '' : `, after ${skipped} skipped before it`;
        const where = `at step ${place + 1} (epoch ${epoch + 1}, batch ${batchOfEpoch + 1} of ${stepsPerEpoch}, all counted from 1${skips})`;
        throw notFinite(fault, where, engine.replayOf(records, count));
      }
      skipped++;
      engine.passOver();
    }
    const step = engine.steps();
    samplesSeen += count;
    yield { ...metrics, loss, learningRate, step, epoch: epoch + 1, samplesSeen, stepsTotal, skipped };
    if (performance.now() - lastPause >= plan.yieldEveryMs) {
      await pause();
      lastPause = performance.now();
    }
  }
}
