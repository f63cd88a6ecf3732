/** A model on its data: a trainer, and the training that goes on with it. */

import type { Dataset } from '../../data/dataset.ts';
import { withOrigin } from '../../diagnose.ts';
import type { Batch, Metrics, Outputs } from '../../runtime/module.ts';
import { createTrainer, type Trainer } from '../../runtime/trainer.ts';
import type { Ready } from './compiling.ts';
import { type Columns, columnsFor } from './data.ts';
import { problemThrown } from './problems.ts';
import type { Event } from './protocol.ts';
import { createTraining, type Training } from './training.ts';

export type AnyTrainer = Trainer<Batch, Metrics, Metrics, Outputs>;

export interface Opened extends Ready {
  readonly dataset: Dataset;
  readonly columns: Columns;
  readonly trainer: AnyTrainer;
  readonly training: Training;
  readonly batch: number;
}

/** Throws an `InputError` when the data are not those of the model. */
export function openTraining(
  ready: Ready,
  dataset: Dataset,
  seed: number,
  emit: (event: Event) => void,
): Opened {
  const { module, model, compiled, text } = ready;
  const columns = columnsFor(module.layout, dataset);
  const trainer: AnyTrainer = createTrainer(module, { seed });
  // As before the first step of a training; pictures and examinations may come before it.
  trainer.fitStatistics(columns.train);
  const { batch } = model.options;
  const training = createTraining({
    trainer,
    columns,
    samples: dataset.train.count,
    batch,
    emit,
    explain: (error) => problemThrown(withOrigin(error, compiled.graph), text),
  });
  return { ...ready, dataset, columns, trainer, training, batch };
}
