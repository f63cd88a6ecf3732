/** What a training tells while it goes on: losses and metrics, no more often than somebody can look. */

import type { Columns } from './data.ts';
import type { AnyTrainer } from './opened.ts';
import type { Event, TrainingState } from './protocol.ts';

export interface Reports {
  /** To be called before steps are made. */
  readonly begin: () => void;
  readonly add: (step: number, loss: number) => void;
  /** Tells what has not been told yet. */
  readonly flush: () => void;
  readonly evaluate: () => void;
  /** Unless it has been done a moment ago. */
  readonly evaluateIfDue: () => void;
}

/** In milliseconds. */
const reportEvery = 50;
const evaluateEvery = 1000;
/** Of the time at most, if evaluating takes long. */
const evaluatingPart = 1 / 10;

export interface ReportsOptions {
  readonly trainer: AnyTrainer;
  readonly columns: Columns;
  readonly emit: (event: Event) => void;
}

export function createReports(
  { trainer, columns, emit }: ReportsOptions,
  state: () => TrainingState,
): Reports {
  let losses: { step: number; loss: number }[] = [];
  let reported = 0;
  let evaluated = Number.NEGATIVE_INFINITY;
  let evaluating = 0;

  function flush(): void {
    const now = performance.now();
    const stepsPerSecond = (1000 * losses.length) / Math.max(now - reported, 1e-3);
    if (losses.length > 0) emit({ kind: 'progress', state: state(), losses, stepsPerSecond });
    losses = [];
    reported = now;
  }
  function evaluate(): void {
    const begin = performance.now();
    const train = trainer.evaluate(columns.train);
    const test = columns.test === undefined ? {} : trainer.evaluate(columns.test);
    emit({ kind: 'evaluation', step: trainer.steps, train, test });
    evaluated = performance.now();
    evaluating = evaluated - begin;
  }
  function evaluateIfDue(): void {
    const wait = Math.max(evaluateEvery, evaluating / evaluatingPart);
    if (performance.now() - evaluated >= wait) evaluate();
  }
  return {
    flush,
    evaluate,
    evaluateIfDue,
    begin() {
      reported = performance.now();
    },
    add(step, loss) {
      losses.push({ step, loss });
      if (performance.now() - reported < reportEvery) return;
      flush();
      evaluateIfDue();
    },
  };
}
