/** Whole trainings, shuffled and with a short last batch: the file of weights is the same on every target. */

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { compile } from '../../src/compile.ts';
import { loadData } from '../../src/data/spec.ts';
import type { Model } from '../../src/dsl/model.ts';
import { adam, batchNorm, dense, dropout, model, relu, softmaxCrossEntropy } from '../../src/index.ts';
import { instantiate } from '../../src/instantiate.ts';
import { loadModel } from '../../src/load-model.ts';
import { createTrainer, type TrainerModule } from '../../src/runtime/index.ts';
import { withThreads } from '../../src/runtime/threads/index.ts';
import { repository } from '../golden/modules.ts';

/** The hash of all state after an epoch. */
async function hashAfterEpoch(module: TrainerModule, data: string, batch: number): Promise<string> {
  const { train } = await loadData(data, { dtype: module.layout.dtype });
  const trainer = createTrainer(module, { seed: 3 });
  for await (const _ of trainer.fit({ x: train.features, y: train.labels }, { epochs: 1, batch }));
  return createHash('sha256').update(trainer.save()).digest('hex');
}

const normalized: Model = model(
  'normalized',
  (m) => {
    const x = m.input('x', ['batch', 784]);
    const hidden = dropout(relu(batchNorm(dense(x, 24, { bias: false }))), { keep: 0.8 });
    return { loss: softmaxCrossEntropy(dense(hidden, 10), m.label('y', { classes: 10 })) };
  },
  { batch: 64, optimizer: adam({ learningRate: 0.01 }) },
);

describe('an epoch of digits', () => {
  it.each([
    ['the example', () => loadModel(join(repository, 'examples/digits/model.ts'))],
    ['batch normalization, dropout and Adam', async () => normalized],
  ])('with %s gives the same file on every target and any number of threads', async (_, load) => {
    const declared = await load();
    const hash = async (options: Parameters<typeof compile>[1]): Promise<string> => {
      const plain = await instantiate((await compile(declared, options)).code);
      if (!options?.threads) return hashAfterEpoch(plain, 'digits', 64);
      const module = await withThreads(plain);
      onTestFinished(() => module.close());
      return hashAfterEpoch(module, 'digits', 64);
    };
    const wanted = await hash({ target: 'ts' });
    expect(await hash({ target: 'wasm' })).toBe(wanted);
    expect(await hash({ target: 'wasm', threads: 2 })).toBe(wanted);
  });
});
