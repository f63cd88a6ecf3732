/** `chainrule eval`: the metrics of saved weights. */

import { bindSplit } from '../bind.ts';
import type { Split } from '../data/dataset.ts';
import { createTrainer } from '../runtime/trainer.ts';
import type { Call } from './command.ts';
import { exitCodes } from './failure.ts';
import { readWeights } from './files.ts';
import { metricTable } from './metric-table.ts';
import { precision, required } from './options.ts';
import { print, printJson } from './output.ts';
import { compileModel, moduleOf, readData } from './session.ts';

export async function evalCommand({ model, options }: Call): Promise<number> {
  const weights = required(options, 'eval', 'weights', 'FILE');
  const spec = required(options, 'eval', 'data', 'SPEC');
  const dtype = precision(options);
  const json = options.has('json');
  const session = await compileModel(model, { dtype });
  const bytes = readWeights(weights);
  const dataset = await readData(spec, dtype, json);
  const trainer = createTrainer(await moduleOf(session));
  trainer.load(bytes, { parametersOnly: true });
  const measure = (split: Split) => trainer.evaluate(bindSplit(trainer.layout, dataset, split));
  const train = measure(dataset.train);
  const test = dataset.test === undefined ? null : measure(dataset.test);
  if (json) {
    printJson({ event: 'eval', train, test });
    return exitCodes.ok;
  }
  const rows = [['train', train] as const, ...(test === null ? [] : [['test', test] as const])];
  for (const line of metricTable(rows)) print(line);
  return exitCodes.ok;
}
