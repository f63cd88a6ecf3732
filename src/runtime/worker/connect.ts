/** The page's side: a trainer whose work is done in a worker. */

import type { CheckpointOptions } from '../checkpoint/fit.ts';
import type { Progress } from '../fit.ts';
import type { Batch, Layout, Metrics, Outputs, TrainerModule } from '../module.ts';
import type { FitOptions } from '../options.ts';
import type { Data, EvaluateOptions, Inputs, LoadOptions, TrainerOptions } from '../trainer.ts';
import { compact, createPacker, type PackOptions } from './columns.ts';
import { connected, heardNotice } from './failure.ts';
import { createLink, type Link, type Sent } from './link.ts';
import { type Endpoint, portOf } from './port.ts';
import type { Call, Opened, Request, SentCheckpointOptions, SentData } from './protocol.ts';
import { reportsOf } from './reports.ts';

/** How data come to the worker. */
export interface RemoteDataOptions {
  /**
   * Move the arrays to the worker instead of copying them: those of the caller are empty afterwards. An array that is
   * a view of a part of its memory is copied all the same.
   */
  readonly transfer?: boolean | undefined;
}

/** As `CheckpointOptions`; the worker has the store, and the page its name. */
export interface RemoteCheckpointOptions extends Omit<CheckpointOptions, 'store'> {
  /** What the worker's `checkpoints` are to open, such as the name of a database. */
  readonly store: string;
}

/** As `FitOptions`, for a training in a worker. */
export interface RemoteFitOptions extends FitOptions, RemoteDataOptions {
  /**
   * Writes checkpoints, in the worker, as `fitWithCheckpoints` does: what the worker's file has given as `checkpoints` to
   * `serve` opens the store for this training, and closes it at its end. Who ends the training keeps what was done; a worker
   * that is closed keeps the last checkpoint. Without `checkpoints` in the worker's file: `train/option`.
   */
  readonly checkpoint?: RemoteCheckpointOptions | undefined;
  /**
   * Report every step, and make none before the one before it was taken, as a trainer without a worker does. By
   * default the training goes on by itself, and the loop gets the latest report, at most every 16 ms, and the last.
   */
  readonly everyStep?: boolean | undefined;
}

/**
 * A trainer in a worker, with the results of one that is not. Errors are those of `Trainer`; each method throws
 * `worker/died` and `worker/closed` as well, and `worker/not-sendable` for what cannot be copied to a worker. While a
 * training is running, `evaluate`, `predict` and `save` use the weights of the moment, between two steps, and methods
 * that change the model throw `worker/busy`.
 *
 * Arrays given to `fit`, `fitStatistics` and `evaluate` are copied once, when they are first seen: what is written to
 * them later does not reach the worker. `step` and `predict` copy arrays that those have not seen at each call.
 */
export interface RemoteTrainer<B, M, E, O> {
  readonly layout: Layout;
  /** Training steps done so far, those before a saved file was loaded included. */
  steps(): Promise<number>;
  /** Trains from the first iteration on; who leaves the loop ends the training, and waits until it has ended. */
  fit(data: Data<B>, options?: RemoteFitOptions): AsyncIterable<Progress<M>>;
  /** Lets the training that is running rest; resolves when it does, one step later at most. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Ends the training that is running, as its `signal` does; resolves when it has ended. */
  abort(): Promise<void>;
  step(batch: Data<B>): Promise<M>;
  fitStatistics(data: Inputs<B>, options?: RemoteDataOptions): Promise<void>;
  evaluate(data: Data<B>, options?: EvaluateOptions & RemoteDataOptions): Promise<E>;
  predict(inputs: Inputs<B>): Promise<O>;
  save(): Promise<Uint8Array>;
  load(bytes: Uint8Array, options?: LoadOptions): Promise<void>;
  /** Ends the worker; whatever waits for it throws `worker/closed`. */
  close(): Promise<void>;
}

/** The remote trainer of a module, as `typeof digits` after `import type * as digits from './digits.trainer.ts'`. */
export type RemoteTrainerOf<T> =
  T extends TrainerModule<infer B, infer M, infer E, infer O> ? RemoteTrainer<B, M, E, O> : never;

const inUse = new WeakSet<Endpoint>();

/**
 * Connects to a worker whose file calls `serve`, and creates its trainer. Throws what `createTrainer` throws, after the
 * worker has been ended; `worker/busy` for one that is connected already; `worker/died` for one that ends too soon.
 */
export function connect<T = TrainerModule>(
  worker: Endpoint,
  options?: TrainerOptions,
): Promise<RemoteTrainerOf<T>>;
export async function connect(worker: Endpoint, options: TrainerOptions = {}): Promise<unknown> {
  if (inUse.has(worker)) throw connected();
  inUse.add(worker);
  const link = createLink(portOf<Request>(worker));
  try {
    const opened = await link.call({ kind: 'open', options }).result;
    // This is what the call `open` gives, and so below for the other calls.
    return remoteTrainer(opened as Opened, link);
  } catch (thrown) {
    await link.close();
    throw thrown;
  }
}

/** Names and numbers travel; a function does not. */
const sentOptions = ({ onNotice, ...options }: RemoteCheckpointOptions): SentCheckpointOptions => ({
  ...options,
  notices: onNotice !== undefined,
});

type Remote = RemoteTrainer<Batch, Metrics, Metrics, Outputs>;

function remoteTrainer({ layout }: Opened, link: Link): Remote {
  const packer = createPacker((column) => link.tell({ kind: 'forget', column }));

  function send(data: unknown, options: PackOptions, callWith: (data: SentData) => Call): Sent {
    const parcel = packer.pack(data, options);
    const sent = link.call(callWith(parcel.data), parcel.transfer);
    // What the next call sends may be said already in this turn, and what was not delivered is not there.
    if (!sent.delivered) parcel.refused(false);
    else sent.result.catch(() => parcel.refused(true));
    return sent;
  }
  const keeping = (transfer: unknown): PackOptions => ({ keep: true, transfer: transfer === true });
  const passing: PackOptions = { keep: false, transfer: false };
  const ask = (kind: 'steps' | 'save' | 'pause' | 'resume' | 'abort') => link.call({ kind }).result;

  return {
    layout,
    steps: () => ask('steps') as Promise<number>,
    fit(data, { transfer, everyStep = false, signal, checkpoint: given, ...options } = {}) {
      const checkpoint = given && sentOptions(given);
      const start = (): Sent =>
        send(data, keeping(transfer), (sent) => {
          const aborted = signal?.aborted === true;
          return { kind: 'fit', data: sent, options, everyStep, checkpoint, aborted };
        });
      return reportsOf(link, start, signal, (notice) =>
        given?.onNotice?.(heardNotice(notice)),
      ) as AsyncIterable<Progress<Metrics>>;
    },
    pause: () => ask('pause') as Promise<void>,
    resume: () => ask('resume') as Promise<void>,
    abort: () => ask('abort') as Promise<void>,
    step: (batch) => send(batch, passing, (data) => ({ kind: 'step', data })).result as Promise<Metrics>,
    fitStatistics(data, { transfer } = {}) {
      const sent = send(data, keeping(transfer), (columns) => ({ kind: 'fitStatistics', data: columns }));
      return sent.result as Promise<void>;
    },
    evaluate(data, { transfer, ...options } = {}) {
      const sent = send(data, keeping(transfer), (columns) => ({ kind: 'evaluate', data: columns, options }));
      return sent.result as Promise<Metrics>;
    },
    predict: (inputs) =>
      send(inputs, passing, (data) => ({ kind: 'predict', data })).result as Promise<Outputs>,
    save: () => ask('save') as Promise<Uint8Array>,
    load: (bytes, options = {}) =>
      link.call({ kind: 'load', bytes: compact(bytes), options }).result as Promise<void>,
    close: () => link.close(),
  };
}
