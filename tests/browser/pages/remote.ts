/** The page whose trainer is in a worker, with checkpoints that the worker writes: does what the test asks. */

import { hash128 } from '../../../src/runtime/checkpoint/hash.ts';
import { InputError, type TrainerModule } from '../../../src/runtime/index.ts';
import type { Batch, Metrics, Outputs } from '../../../src/runtime/module.ts';
import { connect, type Endpoint, type RemoteTrainer } from '../../../src/runtime/worker/index.ts';
import { data, fit, seed } from './data.ts';

type Remote = RemoteTrainer<Batch, Metrics, Metrics, Outputs>;

export interface RemoteJob {
  readonly store: string;
  readonly every: number;
  readonly resume?: boolean;
  /** The step after which the worker is ended, or the training by leaving its loop. */
  readonly endAt?: number;
  readonly end?: 'close' | 'leave';
}

export interface RemoteOutcome {
  readonly hash: string;
  readonly notices: readonly string[];
  readonly errors: readonly string[];
}

export interface RemotePage {
  /** Each job has a worker of its own, ended before the outcome is told. */
  run(job: RemoteJob): Promise<RemoteOutcome>;
}

const codeOf = (thrown: unknown): string => {
  if (thrown instanceof InputError) return thrown.code;
  throw thrown;
};

export function remotePage(newWorker: () => Endpoint): RemotePage {
  async function train(trainer: Remote, job: RemoteJob, seen: { notices: string[]; errors: string[] }) {
    const { endAt, end, ...options } = job;
    const reports = trainer.fit(data, {
      ...fit,
      everyStep: true,
      checkpoint: {
        ...options,
        onNotice(notice) {
          if ('error' in notice) seen.notices.push(`${notice.kind} ${codeOf(notice.error)}`);
          else seen.notices.push('step' in notice ? `${notice.kind} ${notice.step}` : notice.kind);
        },
      },
    });
    for await (const { step } of reports) {
      if (step !== endAt) continue;
      if (end === 'leave') break;
      await trainer.close();
    }
  }
  return {
    async run(job) {
      const seen = { notices: [], errors: [] as string[] };
      const trainer = await connect<TrainerModule>(newWorker(), { seed });
      let hash = '';
      try {
        await train(trainer, job, seen);
        hash = hash128(await trainer.save());
      } catch (thrown) {
        seen.errors.push(codeOf(thrown));
      }
      await trainer.close();
      return { hash, ...seen };
    },
  };
}
