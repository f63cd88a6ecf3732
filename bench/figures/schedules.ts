/** The learning rates that the examples of chapter 8 report over their 200 steps. */

import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bindSplit } from '../../src/bind.ts';
import { compile } from '../../src/compile.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { loadData } from '../../src/data/spec.ts';
import { instantiate } from '../../src/instantiate.ts';
import { loadModel } from '../../src/load-model.ts';
import { createTrainer } from '../../src/runtime/index.ts';

export interface ScheduleCurve {
  readonly name: string;
  readonly rates: readonly number[];
  /** Empty where the optimizer has no momentum. */
  readonly momenta: readonly number[];
}

export const steps = 200;
const folder = fileURLToPath(new URL('../../examples/08-schedules/', import.meta.url));
const suffix = '.model.ts';

/** Schedules that look at the loss need a training: on digits that the project draws itself, 50 to a step. */
export async function scheduleCurves(): Promise<readonly ScheduleCurve[]> {
  const dataset = await loadData('digits?count=1000&test=0', { dtype: 'f32' });
  const files = readdirSync(folder).filter((file) => file.endsWith(suffix));
  const curves: ScheduleCurve[] = [];
  for (const file of files.sort()) curves.push(await curveOf(file, dataset));
  return curves;
}

async function curveOf(file: string, dataset: Dataset): Promise<ScheduleCurve> {
  const { code, layout } = await compile(await loadModel(`${folder}${file}`));
  const trainer = createTrainer(await instantiate(code), { seed: 0 });
  const data = bindSplit(layout, dataset, dataset.train);
  const rates: number[] = [];
  const momenta: number[] = [];
  for await (const { learningRate, momentum } of trainer.fit(data, { steps, batch: 50 })) {
    rates.push(learningRate);
    if (momentum !== undefined) momenta.push(momentum);
  }
  return { name: file.slice(0, -suffix.length), rates, momenta };
}
