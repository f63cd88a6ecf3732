/** Batch normalization with Adam passes 97 % test accuracy on MNIST within 1,500 steps of 6,000 samples. */

import { expect, it } from 'vitest';
import batchNorm from '../../examples/10-normalization/batch-norm.model.ts';
import { bindSplit } from '../../src/bind.ts';
import { compile } from '../../src/compile.ts';
import { loadData } from '../../src/data/spec.ts';
import { instantiate } from '../../src/instantiate.ts';
import { createTrainer } from '../../src/runtime/index.ts';
import { hasMnist, mnistFolder, whyLeftOut } from './support.ts';

it.skipIf(!hasMnist)(
  `batch-norm passes 97 % on MNIST within 1,500 steps${whyLeftOut(hasMnist)}`,
  { timeout: 1_800_000 },
  async () => {
    const { code, layout } = await compile(batchNorm, { target: 'wasm' });
    const dataset = await loadData(`mnist:${mnistFolder}`, { dtype: 'f32' });
    const test = dataset.test;
    if (!test) throw new Error('MNIST has test data');
    const [training, unseen] = [bindSplit(layout, dataset, dataset.train), bindSplit(layout, dataset, test)];
    const trainer = createTrainer(await instantiate(code), { seed: 0 });
    let best = 0;
    let at = 0;
    for await (const { step } of trainer.fit(training, { steps: 1500, batch: 6000, shuffle: false })) {
      if (step % 50 === 0) best = Math.max(best, trainer.evaluate(unseen).accuracy ?? 0);
      at = step;
      if (best >= 0.97) break;
    }
    expect(best, `after ${at} steps`).toBeGreaterThanOrEqual(0.97);
  },
);
