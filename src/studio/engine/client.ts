/** The page's side of the line to the engine: calls with promises, events, and news of its death. */

import { EngineError } from './problems.ts';
import type { CallFailure, Calls, Event, FromEngine, ToEngine } from './protocol.ts';

/** A `Worker` of a browser, as far as it is needed. */
export interface EngineWorker {
  postMessage(message: ToEngine): void;
  addEventListener(type: string, listener: (event: { readonly data?: unknown }) => void): void;
  terminate(): void;
}

export interface ConnectOptions {
  /**
   * Milliseconds for which a worker that owes an answer may be silent, before it counts as dead: what it runs does not end,
   * such as `while (true)` in a model. It is asked for a sign of life meanwhile, so that a long download, or a compilation that
   * lets messages in, is no silence. Never, unless given.
   */
  readonly patience?: number;
}

export interface EngineConnection {
  /** When the worker listens; rejected when it dies before. */
  readonly ready: Promise<void>;
  /** Rejected with an `EngineError`, of the code, message and help of the failure. */
  call<Name extends keyof Calls>(
    name: Name,
    ...values: Parameters<Calls[Name]>
  ): Promise<ReturnType<Calls[Name]>>;
  onEvent(listener: (event: Event) => void): void;
  /** Told once why the worker answers no more; then another one is to be connected. */
  onDeath(listener: (failure: CallFailure) => void): void;
  /** Ends the worker: what waits for it is rejected. */
  close(): void;
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (reason: EngineError) => void;
}

/** The connection ends with the worker; to go on after its death, connect a new one and tell it model and data again. */
export function connectEngine(worker: EngineWorker, { patience }: ConnectOptions = {}): EngineConnection {
  const waiting = new Map<number, Waiting>();
  const events: ((event: Event) => void)[] = [];
  const deaths: ((failure: CallFailure) => void)[] = [];
  let death: CallFailure | undefined;
  let lastId = 0;
  let begin: Waiting | undefined;
  const ready = new Promise<void>((resolve, reject) => {
    begin = { resolve, reject };
  });
  // Whoever does not wait for it hears of a death by `onDeath`.
  ready.catch(() => {});

  function end(failure: CallFailure, tell: boolean): void {
    if (death !== undefined) return;
    death = failure;
    worker.terminate();
    for (const { reject } of [...waiting.values(), ...(begin ? [begin] : [])])
      reject(new EngineError(failure));
    waiting.clear();
    watch.stop();
    if (tell) for (const listener of deaths) listener(failure);
  }
  const ping = (): void => worker.postMessage({ id: 0, call: 'ping', values: [] });
  const watch = createWatch(patience, ping, () => end(silent, true));

  function take(message: FromEngine): void {
    watch.heard();
    if (message.kind === 'ready') begin?.resolve(undefined as never);
    else if (message.kind === 'event') for (const listener of events) listener(message.event);
    else settle(waiting, message);
    if (waiting.size === 0) watch.stop();
  }
  // The other end is of the same build, and says nothing else.
  worker.addEventListener('message', ({ data }) => take(data as FromEngine));
  worker.addEventListener('error', () => end(crashed, true));

  return {
    ready,
    call(name, ...values) {
      if (death !== undefined) return Promise.reject(new EngineError(death));
      const id = ++lastId;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, call: name, values } as ToEngine);
        // A worker that is not there yet has nothing to say; that it never comes, it tells as an error.
        ready.then(
          () => waiting.has(id) && watch.start(),
          () => {},
        );
      });
    },
    onEvent: (listener) => void events.push(listener),
    onDeath: (listener) => void deaths.push(listener),
    close: () => end(closed, false),
  };
}

function settle(
  waiting: Map<number, Waiting>,
  message: Exclude<FromEngine, { kind: 'ready' | 'event' }>,
): void {
  const found = waiting.get(message.id);
  waiting.delete(message.id);
  if (message.kind === 'failure') found?.reject(new EngineError(message.failure));
  else found?.resolve(message.value as never);
}

/** Asks for signs of life while something is owed, and tells when there have been none for so long. */
function createWatch(patience: number | undefined, ask: () => void, onSilence: () => void) {
  let timer: ReturnType<typeof setInterval> | undefined;
  let silentSince = 0;
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  return {
    stop,
    heard(): void {
      silentSince = performance.now();
    },
    start(): void {
      if (patience === undefined || timer !== undefined) return;
      silentSince = performance.now();
      ask();
      timer = setInterval(() => {
        if (performance.now() - silentSince >= patience) onSilence();
        else ask();
      }, patience / 4);
    },
  };
}

const silent: CallFailure = {
  code: 'engine/silent',
  message: 'The engine does not answer: something in the model does not come to an end.',
  help: 'Look for a loop that never ends, then start the engine again.',
};

const crashed: CallFailure = {
  code: 'engine/died',
  message: 'The engine has stopped because of an error of its own, or could not be loaded.',
  help: 'Start it again; if that does not help, load the page anew.',
};

const closed: CallFailure = { code: 'engine/closed', message: 'The engine has been ended.' };
