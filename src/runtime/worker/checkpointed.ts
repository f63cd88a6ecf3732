/** A training in the worker with checkpoints: opens their store, tells the page of them, and closes it at the end. */

import type { CheckpointNotice } from '../checkpoint/fit.ts';
import type { ServedCheckpoints } from '../checkpoint/served.ts';
import { inputError } from '../errors.ts';
import type { FitOptions } from '../options.ts';
import type { Data, Trainer } from '../trainer.ts';
import type { SentCheckpointOptions } from './protocol.ts';

export interface Checkpointed {
  readonly served: ServedCheckpoints | undefined;
  readonly options: SentCheckpointOptions;
  tell(notice: CheckpointNotice): void;
}

export async function* checkpointed<B, M, E, O>(
  trainer: Trainer<B, M, E, O>,
  data: Data<B>,
  fitOptions: FitOptions,
  { served, options: { store: name, notices, ...options }, tell }: Checkpointed,
): AsyncGenerator<unknown, void, void> {
  if (served === undefined)
    throw inputError(
      'train/option',
      "The option checkpoint cannot be followed: the worker's file gives serve no checkpoints.",
      "There, write serve(trainer, { checkpoints: checkpointsIn(openDatabase) }), both from 'chainrule/checkpoint'.",
    );
  const store = await served.open(name);
  try {
    yield* served.fit(trainer, data, fitOptions, { ...options, store, onNotice: notices ? tell : undefined });
  } finally {
    await store.close();
  }
}
