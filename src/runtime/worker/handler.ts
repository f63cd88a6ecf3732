/** What the worker does with the messages of its page, also while it trains. */

import type { ServedCheckpoints } from '../checkpoint/served.ts';
import type { TrainerModule } from '../module.ts';
import { createTrainer, type Data, type Inputs, type Trainer, type TrainerOptions } from '../trainer.ts';
import { checkpointed } from './checkpointed.ts';
import { createUnpacker, type Unpacker } from './columns.ts';
import { busy, failureOf, sentNotice } from './failure.ts';
import type { Call, FitCall, Opened, Reply, Request } from './protocol.ts';
import { startTraining, type Training } from './training.ts';

type Post = (reply: Reply, transfer?: readonly ArrayBuffer[]) => void;

/** A training and the number of the call that started it. */
interface Running {
  readonly fit: number;
  readonly training: Training;
  /** Resolves when another training can start. */
  readonly over: Promise<void>;
}

/** What a worker knows of its page. */
interface Session<B, M, E, O> extends Unpacker {
  open(options: TrainerOptions): Trainer<B, M, E, O>;
  readonly checkpoints: ServedCheckpoints | undefined;
  readonly post: Post;
  trainer: Trainer<B, M, E, O> | undefined;
  running: Running | undefined;
}

export interface HandlerOptions {
  /** For what the page does not say of its trainer. */
  readonly defaults: TrainerOptions;
  readonly checkpoints: ServedCheckpoints | undefined;
  readonly post: Post;
}

export interface Handler {
  handle(request: Request): void;
  /** Nobody listens any more: ends the training that is running. */
  leave(): void;
}

export function createHandler<B, M, E, O>(
  module: TrainerModule<B, M, E, O>,
  { defaults, checkpoints, post }: HandlerOptions,
): Handler {
  const session: Session<B, M, E, O> = {
    ...createUnpacker(),
    open: (options) => createTrainer(module, { ...defaults, ...options }),
    checkpoints,
    post,
    trainer: undefined,
    running: undefined,
  };
  /** The training that the call `fit` has started, if it goes on. */
  const trainingOf = (fit: number): Training | undefined => {
    const { running } = session;
    return running !== undefined && running.fit === fit ? running.training : undefined;
  };

  return {
    handle(request) {
      switch (request.kind) {
        case 'call':
          void answer(session, request.id, request.call);
          return;
        case 'next':
          trainingOf(request.fit)?.next();
          return;
        case 'stop':
          trainingOf(request.fit)?.stop();
          return;
        case 'forget':
          session.forget(request.column);
      }
    },
    leave: () => session.running?.training.stop(),
  };
}

async function answer<B, M, E, O>(session: Session<B, M, E, O>, id: number, call: Call): Promise<void> {
  try {
    const value = await resultOf(session, id, call);
    // What predict and save give is made for the page alone, so that its memory can be given away.
    const transfer = call.kind === 'predict' || call.kind === 'save' ? buffersOf(value) : [];
    session.post({ kind: 'result', id, value }, transfer);
  } catch (thrown) {
    session.post({ kind: 'failure', id, failure: failureOf(thrown) });
  }
}

function buffersOf(value: unknown): readonly ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) return value.buffer instanceof ArrayBuffer ? [value.buffer] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(buffersOf) : [];
}

/** The trainer checks by itself all that comes from the page as `unknown`. */
async function resultOf<B, M, E, O>(session: Session<B, M, E, O>, id: number, call: Call): Promise<unknown> {
  const { unpack, running } = session;
  switch (call.kind) {
    case 'open':
      return opened(session, call.options);
    case 'step':
      return idleTrainer(session, call).step(unpack(call.data) as Data<B>);
    case 'fit':
      return train(session, id, call);
    case 'fitStatistics':
      return idleTrainer(session, call).fitStatistics(unpack(call.data) as Inputs<B>);
    case 'evaluate':
      return trainerOf(session).evaluate(unpack(call.data) as Data<B>, call.options);
    case 'predict':
      return trainerOf(session).predict(unpack(call.data) as Inputs<B>);
    case 'save':
      return trainerOf(session).save();
    case 'load':
      return idleTrainer(session, call).load(call.bytes as Uint8Array, call.options);
    case 'steps':
      return trainerOf(session).steps;
    case 'pause':
      return running?.training.pause();
    case 'resume':
      return running?.training.resume();
    case 'abort':
      running?.training.stop();
      return running?.over;
    default:
      call satisfies never;
      throw new Error('The worker does not know this call: it and its page need one version of chainrule.');
  }
}

function opened<B, M, E, O>(session: Session<B, M, E, O>, options: TrainerOptions): Opened {
  // A page that hears this worker start opens it again, because it may not have been heard the first time.
  session.trainer ??= session.open(options);
  return { layout: session.trainer.layout };
}

function trainerOf<B, M, E, O>({ trainer }: Session<B, M, E, O>): Trainer<B, M, E, O> {
  if (trainer === undefined) throw new Error('The worker was not opened.');
  return trainer;
}

/** For calls that change the model, which would come between two steps of a training. */
function idleTrainer<B, M, E, O>(session: Session<B, M, E, O>, call: Call): Trainer<B, M, E, O> {
  if (session.running !== undefined) throw busy(call.kind);
  return trainerOf(session);
}

function started<B, M, E, O>(
  { unpack, checkpoints, post }: Session<B, M, E, O>,
  trainer: Trainer<B, M, E, O>,
  fit: number,
  call: FitCall,
  signal: AbortSignal,
): AsyncIterable<unknown> {
  const data = unpack(call.data) as Data<B>;
  const options = { ...call.options, signal };
  if (call.checkpoint === undefined) return trainer.fit(data, options);
  return checkpointed(trainer, data, options, {
    served: checkpoints,
    options: call.checkpoint,
    tell: (notice) => post({ kind: 'notice', fit, notice: sentNotice(notice) }),
  });
}

async function train<B, M, E, O>(session: Session<B, M, E, O>, id: number, call: FitCall): Promise<void> {
  const { everyStep, aborted } = call;
  const trainer = idleTrainer(session, call);
  const training = startTraining({
    start: (signal) => started(session, trainer, id, call, signal),
    report: (progress) => session.post({ kind: 'progress', fit: id, progress }),
    everyStep,
    stopped: aborted,
  });
  const idleAgain = (): void => {
    session.running = undefined;
  };
  const over = training.ended.then(idleAgain, idleAgain);
  session.running = { fit: id, training, over };
  await over;
  return training.ended;
}
