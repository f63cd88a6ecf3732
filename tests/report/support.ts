/** What the tests of reports share: small data sets, models trained for a moment, and the pages they give. */

import { bindSplit } from '../../src/bind.ts';
import { compile } from '../../src/compile.ts';
import type { Dataset, Split } from '../../src/data/dataset.ts';
import type { Model } from '../../src/index.ts';
import { instantiate } from '../../src/instantiate.ts';
import type { Classified } from '../../src/report/evaluation.ts';
import { createHistory } from '../../src/report/history.ts';
import { reportPage, type Training } from '../../src/report/report.ts';
import { createTrainer } from '../../src/runtime/index.ts';

/** Trains for `steps` and gives what a report is made of. */
export async function trained(model: Model, dataset: Dataset, steps: number): Promise<Training> {
  const { code } = await compile(model);
  const module = await instantiate(code);
  const trainer = createTrainer(module, { seed: 1 });
  const history = createHistory(module.layout.metrics);
  const data = bindSplit(module.layout, dataset, dataset.train);
  for await (const progress of trainer.fit(data, { steps })) history.add(progress);
  const { test } = dataset;
  return {
    layout: module.layout,
    dataset,
    trainer,
    history,
    batch: module.layout.maxBatch,
    steps,
    seconds: 0.5,
    interrupted: false,
    train: trainer.evaluate(data),
    test: test === undefined ? null : trainer.evaluate(bindSplit(module.layout, dataset, test)),
  };
}

export const pageOf = async (model: Model, dataset: Dataset, steps = 30): Promise<string> =>
  reportPage(await trained(model, dataset, steps));

/** Rows of `width` features that lie apart by their label. */
export function splitOf(count: number, width: number, classes: number): Split {
  const labels = Int32Array.from({ length: count }, (_, i) => i % classes);
  const features = Float32Array.from(
    { length: count * width },
    (_, i) => Math.cos(1 + (labels[Math.floor(i / width)] ?? 0) * (i % width) + (i % 7) / 10) + 0.1 * (i % 3),
  );
  return { count, width, labels, features };
}

/** Classified records from the probabilities of their classes. */
export function classifiedAs(
  names: readonly string[],
  truth: readonly number[],
  rows: readonly (readonly number[])[],
): Classified {
  return {
    kind: 'classified',
    names,
    hasProbabilities: true,
    truth,
    predicted: rows.map((row) => row.indexOf(Math.max(...row))),
    probability: rows.map((row, i) => row[truth[i] ?? 0] ?? 0),
    reader: { names, hasProbabilities: true, read: () => ({ chosen: 0, probabilities: [] }) },
  };
}
