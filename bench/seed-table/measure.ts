/** Trains one example and measures it on all of its training and test data. */

import { bindSplit } from '../../src/bind.ts';
import { compile } from '../../src/compile.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { loadData } from '../../src/data/spec.ts';
import type { Model } from '../../src/dsl/model.ts';
import { instantiate } from '../../src/instantiate.ts';
import { loadModel } from '../../src/load-model.ts';
import { createTrainer, type Metrics } from '../../src/runtime/index.ts';
import { type Accuracy, type Measured, settings } from './results.ts';
import { pathOf, type Row } from './rows.ts';

const { seed, dtype } = settings;

/** Steps of the examples that train a network on images, unless told otherwise. */
const networkSteps = 200;
const otherSteps: Readonly<Record<string, number>> = {
  '03-neural-network/neural-network': 60,
  '10-normalization/batch-norm': 1500,
  '10-normalization/batch-norm-plain': 600,
};

export interface Plan {
  /** Of every network; undefined for those that the table is made with. */
  readonly steps: number | undefined;
  readonly images: Dataset;
}

export async function measure({ key, path }: Row, plan: Plan): Promise<Measured & { readonly data: string }> {
  const model = await loadModel(pathOf(path));
  const { code, layout } = await compile(model, { dtype });
  const module = await instantiate(code);
  const network = model.options.data === 'mnist';
  const dataset = network ? plan.images : await loadData(model.options.data ?? '', { dtype });
  const columns = bindSplit(layout, dataset, dataset.train);
  // As many samples to a step as the seed has: ten batches of 6,000, or all of them.
  const batch = Math.min(layout.maxBatch, dataset.train.count);
  const steps = network
    ? (plan.steps ?? otherSteps[key] ?? networkSteps)
    : ownSteps(model, dataset.train.count, batch);
  const trainer = createTrainer(module, { seed });
  const begin = performance.now();
  let done = 0;
  for await (const { step } of trainer.fit(columns, { steps, batch })) done = step;
  const seconds = (performance.now() - begin) / 1000;
  const { test } = dataset;
  return {
    data: dataset.name,
    steps: done,
    batch,
    seconds,
    train: accuracyOf(trainer.evaluate(columns)),
    ...(test === undefined ? {} : { test: accuracyOf(trainer.evaluate(bindSplit(layout, dataset, test))) }),
  };
}

const ownSteps = ({ options }: Model, count: number, batch: number): number =>
  (options.epochs ?? 1) * Math.ceil(count / batch);

function accuracyOf({ accuracy = Number.NaN, loss = Number.NaN }: Metrics): Accuracy {
  if (Number.isFinite(accuracy) && Number.isFinite(loss)) return { accuracy, loss };
  throw new Error(`after training the loss is ${loss} and the accuracy ${accuracy}.`);
}
