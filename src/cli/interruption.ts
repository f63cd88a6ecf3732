/** What ends a training before its time: Ctrl-C, a request of the system, or a pipe that nobody reads from any more. */

import type { Host } from './command.ts';
import { exitCodes } from './failure.ts';

export interface Interruption {
  /** Aborted at the first of them. */
  readonly signal: AbortSignal;
  /** The exit code for what it was, or that of success. */
  exitCode(): number;
  /** Signals do from now on what they do to every process. */
  dispose(): void;
}

const codes = { SIGINT: exitCodes.interrupted, SIGTERM: exitCodes.terminated } as const;

/**
 * Listens until the first of them comes, and calls `onFirst` with whether people can be told. From then on signals do what
 * they do to every process: the second one ends it at once, even within a step that takes long.
 */
export function listenForInterruption(host: Host, onFirst: (canTell: boolean) => void): Interruption {
  const stop = new AbortController();
  let exitCode: number = exitCodes.ok;
  const release: (() => void)[] = [];
  function interrupt(code: number): void {
    if (stop.signal.aborted) return;
    exitCode = code;
    for (const undo of release) undo();
    stop.abort();
    onFirst(code !== exitCodes.closedPipe);
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const listener = (): void => interrupt(codes[signal]);
    process.on(signal, listener);
    release.push(() => process.off(signal, listener));
  }
  // For good: what is printed after the training must not end the process before all is saved.
  host.whenPipeCloses(() => interrupt(exitCodes.closedPipe));
  return {
    signal: stop.signal,
    exitCode: () => exitCode,
    dispose() {
      for (const undo of release) undo();
    },
  };
}
