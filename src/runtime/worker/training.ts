/** A training in the worker: makes its steps, reports when it is asked to, rests and ends when it is told to. */

import { createBell } from './bell.ts';

export interface Training {
  /** One report is wanted. */
  next(): void;
  /** Rests after the next step; resolves when it rests or is over. */
  pause(): Promise<void>;
  resume(): void;
  /** Ends after the next step. */
  stop(): void;
  /** Rejects with what went wrong. */
  readonly ended: Promise<void>;
}

export interface TrainingOptions {
  start(signal: AbortSignal): AsyncIterable<unknown>;
  /** Called once for each report that is wanted, and for the last one. */
  report(progress: unknown): void;
  /** Whether every step is reported, and none made before the report of the next is wanted. */
  readonly everyStep: boolean;
  /** Whether it is to end before its first step. */
  readonly stopped: boolean;
}

/** A page shows no more than this many milliseconds let it. */
const reportEveryMs = 16;

export function startTraining({ start, report, everyStep, stopped }: TrainingOptions): Training {
  const stopping = new AbortController();
  if (stopped) stopping.abort();
  const changed = createBell();
  const rests = createBell();
  let wanted = false;
  let paused = false;
  let unsent: unknown;
  let sentAt = -reportEveryMs;

  function send(): void {
    report(unsent);
    unsent = undefined;
    wanted = false;
    sentAt = performance.now();
  }
  const mustWait = (): boolean =>
    !stopping.signal.aborted && (paused || (everyStep && (unsent !== undefined || !wanted)));

  async function run(): Promise<void> {
    try {
      for await (const progress of start(stopping.signal)) {
        unsent = progress;
        if (wanted && performance.now() - sentAt >= reportEveryMs) send();
        while (mustWait()) {
          if (wanted && unsent !== undefined) send();
          if (paused) rests.ring();
          await changed.rung();
        }
      }
    } finally {
      if (unsent !== undefined) send();
      rests.ring();
    }
  }

  return {
    ended: run(),
    next() {
      wanted = true;
      changed.ring();
    },
    pause() {
      paused = true;
      changed.ring();
      return rests.rung();
    },
    resume() {
      paused = false;
      rests.ring();
      changed.ring();
    },
    stop() {
      stopping.abort();
      changed.ring();
    },
  };
}
