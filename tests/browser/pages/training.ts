/** The page that trains: does one job at a time, as the test asks, and says what came of it. */

import { hash128 } from '../../../src/runtime/checkpoint/hash.ts';
import {
  type CheckpointNotice,
  type CheckpointStore,
  fitWithCheckpoints,
  openDatabase,
  openPrivateFiles,
} from '../../../src/runtime/checkpoint/index.ts';
import { createTrainer, InputError, type TrainerModule } from '../../../src/runtime/index.ts';
import { data, fit, seed } from './data.ts';

export type Place = 'database' | 'files';
export type Target = 'ts' | 'wasm';

export interface Job {
  readonly place: Place;
  readonly name: string;
  readonly target: Target;
  readonly every: number;
  readonly resume?: boolean;
  /** The step after which the job leaves the training. */
  readonly leaveAt?: number;
  /** Steps rest so long, so that the test can come between them. */
  readonly restMs?: number;
  /** Whether the training goes on without the checkpoints that cannot be written. */
  readonly listens?: boolean;
}

export interface Outcome {
  /** Of the whole state. */
  readonly hash: string;
  /** Steps made by this job. */
  readonly made: number;
  /** Each as its kind, its step or the code of its error. */
  readonly notices: readonly string[];
  /** The code and the message of what ended the job, with what to do. */
  readonly error: readonly [code: string, message: string, help: string] | undefined;
  /** Of the checkpoints that are there in the end. */
  readonly steps: readonly number[];
}

/** What the page has in its global scope for the test. */
export interface Training {
  /** Steps of the training that are done. */
  step: number;
  run(job: Job): Promise<Outcome>;
}

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const noticed = (notice: CheckpointNotice): string =>
  `${notice.kind} ${'error' in notice ? notice.error.code : 'step' in notice ? notice.step : ''}`.trim();

const open = ({ place, name }: Job): Promise<CheckpointStore> =>
  place === 'database' ? openDatabase(name) : openPrivateFiles(name);

export function trainingOf(modules: Readonly<Record<Target, TrainerModule>>): Training {
  const training: Training = { step: 0, run };

  async function run(job: Job): Promise<Outcome> {
    const trainer = createTrainer(modules[job.target], { seed });
    const notices: string[] = [];
    let made = 0;
    let error: Outcome['error'];
    let store: CheckpointStore | undefined;
    try {
      store = await open(job);
      const { every, resume, listens = true } = job;
      const onNotice = listens ? (one: CheckpointNotice) => notices.push(noticed(one)) : undefined;
      for await (const { step } of fitWithCheckpoints(trainer, data, fit, {
        store,
        every,
        resume,
        onNotice,
      })) {
        made++;
        training.step = step;
        if (step === job.leaveAt) break;
        if (job.restMs !== undefined) await rest(job.restMs);
      }
    } catch (thrown) {
      if (!(thrown instanceof InputError)) throw thrown;
      error = [thrown.code, thrown.message, thrown.help ?? ''];
    }
    const steps = (await store?.steps().catch(() => [])) ?? [];
    await store?.close();
    return { hash: hash128(trainer.save()), made, notices, error, steps };
  }
  return training;
}
