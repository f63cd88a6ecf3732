/** A training that a page starts, stops and steps through: the runtime's own loop, with reports in between. */

import type { FitOptions } from '../../runtime/options.ts';
import type { Problem, TrainingState } from './protocol.ts';
import { createReports, type Reports, type ReportsOptions } from './reports.ts';

export interface TrainingOptions extends ReportsOptions {
  readonly samples: number;
  readonly batch: number;
  /** What to say about an error that ended it. */
  readonly explain: (error: unknown) => Problem;
}

export interface Training {
  readonly state: () => TrainingState;
  /** Goes on until so many epochs have passed since step 0, or until it is paused. */
  readonly play: (epochs: number | undefined) => Promise<TrainingState>;
  readonly pause: () => Promise<TrainingState>;
  readonly stepOnce: () => Promise<TrainingState>;
}

/** A training lets messages in after so many milliseconds. */
const slice = 12;
/** As many steps as nobody waits for. */
const endless = 2 ** 50;

export function createTraining(options: TrainingOptions): Training {
  const { trainer, batch, emit } = options;
  const stepsPerEpoch = Math.ceil(options.samples / batch);
  let going: { readonly done: Promise<void>; readonly abort: AbortController } | undefined;
  let stepsTotal: number | undefined;
  const state = (): TrainingState => ({
    running: going !== undefined,
    step: trainer.steps,
    stepsPerEpoch,
    ...(stepsTotal === undefined ? {} : { stepsTotal }),
  });
  const reports = createReports(options, state);

  /** Makes steps, and tells if that has failed; never rejects. */
  async function run(fit: FitOptions): Promise<boolean> {
    const problem = await makeSteps(options, reports, fit);
    going = undefined;
    reports.flush();
    if (problem !== undefined) emit({ kind: 'ended', state: state(), reason: 'failed', problem });
    return problem === undefined;
  }

  async function toTheEnd(steps: number, signal: AbortSignal): Promise<void> {
    if (!(await run({ steps, signal }))) return;
    reports.evaluate();
    if (!signal.aborted) emit({ kind: 'ended', state: state(), reason: 'done' });
  }

  async function pause(): Promise<TrainingState> {
    going?.abort.abort();
    await going?.done;
    return state();
  }

  return {
    state,
    pause,
    async play(epochs) {
      await pause();
      stepsTotal = epochs === undefined ? undefined : epochs * stepsPerEpoch;
      const steps = stepsTotal === undefined ? endless : Math.max(0, stepsTotal - trainer.steps);
      const abort = new AbortController();
      reports.begin();
      // Not before this call has been answered: that a training has ended is no news before it has begun.
      const started = new Promise<void>((resolve) => setTimeout(resolve, 0));
      going = { abort, done: started.then(() => toTheEnd(steps, abort.signal)) };
      return state();
    },
    async stepOnce() {
      await pause();
      reports.begin();
      if (await run({ steps: 1 })) reports.evaluateIfDue();
      return state();
    },
  };
}

/** The steps of `fit`, each reported; what ended them before their end is explained. */
async function makeSteps(
  { trainer, columns, batch, explain }: TrainingOptions,
  reports: Reports,
  fit: FitOptions,
): Promise<Problem | undefined> {
  try {
    for await (const { step, loss } of trainer.fit(columns.train, { batch, yieldEveryMs: slice, ...fit }))
      reports.add(step, loss);
    return undefined;
  } catch (error) {
    return explain(error);
  }
}
