/** A trainer module whose programs share their work among threads. */

import { InputError } from '../errors.ts';
import type { Batch, Metrics, Outputs, Program, TrainerModule } from '../module.ts';
import { begun, type Helper, helperStarter } from './helpers.ts';

type Memory = Parameters<TrainerModule['create']>[0];

/** Other threads, as an emitted trainer asks for them. */
export interface Team {
  /** Has them work for the program with this WebAssembly module and this memory. */
  help(code: object, memory: object): void;
}

/** A module that was compiled with `--threads N`. */
export interface ThreadedModule<B = Batch, M = Metrics, E = Metrics, O = Outputs>
  extends TrainerModule<B, M, E, O> {
  /** The most threads that there is room for. */
  readonly threads: number;
  create(memory?: Memory, team?: Team): Program<B, M, E, O>;
}

/** How other threads are started. */
export interface ThreadOptions {
  /** Starts a worker that runs `helperScript`; unless given, the script is run from memory. */
  readonly start?: (() => Helper) | undefined;
}

/** What `withThreads` adds to a module. */
export interface Threads {
  /** Threads that work on each step, this one included. */
  readonly threads: number;
  /** Why there are fewer than were asked for. */
  readonly note?: string;
  /** When all threads of the programs made so far are at work. */
  ready(): Promise<void>;
  /** Ends the other threads: what is still to be done is done by this one alone. */
  close(): Promise<void>;
}

/**
 * `module` with `threads` threads, this one included, for `createTrainer` and all else that takes a module: as many as it was
 * compiled for unless given. Results have the same bits for any number of threads. Steps may begin at once: threads join in as
 * they start. Where there is no shared memory one thread does all, and `note` says why.
 *
 * Throws `train/option` for a module that was compiled without `--threads`, or for fewer.
 */
export async function withThreads<B, M, E, O>(
  module: TrainerModule<B, M, E, O> | ThreadedModule<B, M, E, O>,
  threads?: number,
  { start }: ThreadOptions = {},
): Promise<TrainerModule<B, M, E, O> & Threads> {
  const most = 'threads' in module ? module.threads : 1;
  const wanted = threads ?? most;
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > most || most === 1) {
    throw new InputError({
      code: 'train/option',
      message: `The trainer has room for ${most === 1 ? 'one thread' : `1 to ${most} threads`}, not for ${wanted}.`,
      help: 'Compile the model with --target wasm --threads N.',
    });
  }
  const starter = wanted === 1 ? 'one was asked for' : (start ?? (await helperStarter()));
  const alone = typeof starter === 'string';
  const helpers = new Map<Helper, Promise<void>>();
  const team: Team = {
    help(code, memory) {
      if (alone) return;
      for (let thread = 1; thread < wanted; thread++) {
        const helper = starter();
        helpers.set(helper, begun(helper));
        helper.postMessage({ code, memory, thread });
        helper.unref?.();
      }
    },
  };
  const create: ThreadedModule<B, M, E, O>['create'] = module.create;
  return {
    layout: module.layout,
    create: (memory) => create(memory, team),
    threads: alone ? 1 : wanted,
    ...(alone && wanted > 1 ? { note: starter } : {}),
    async ready() {
      await Promise.all(helpers.values());
    },
    async close() {
      const ending = [...helpers.keys()].map((helper) => helper.terminate());
      helpers.clear();
      await Promise.all(ending);
    },
  };
}
