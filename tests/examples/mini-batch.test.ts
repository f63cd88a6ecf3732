/** The mini-batch example, trained as it stands, reads handwritten digits that it has never seen. */

import { expect, it } from 'vitest';
import miniBatch from '../../examples/04-mini-batch/model.ts';
import { bindSplit } from '../../src/bind.ts';
import { compile } from '../../src/compile.ts';
import { loadData } from '../../src/data/spec.ts';
import { instantiate } from '../../src/instantiate.ts';
import { createTrainer } from '../../src/runtime/index.ts';
import { hasMnist, mnistFolder, whyLeftOut } from './support.ts';

const minutes = 60_000;

it.skipIf(!hasMnist)(
  `its own batch, rate and epochs give 97 % on the test images of MNIST${whyLeftOut(hasMnist)}`,
  { timeout: 10 * minutes },
  async () => {
    const { batch, epochs = 1 } = miniBatch.options;
    const { code, layout } = await compile(miniBatch, { target: 'wasm' });
    const trainer = createTrainer(await instantiate(code), { seed: 0 });
    const mnist = await loadData(`mnist:${mnistFolder}`, { dtype: 'f32' });
    const { train, test } = mnist;
    if (test === undefined) throw new Error('MNIST has test images.');
    let steps = 0;
    for await (const { epoch } of trainer.fit(bindSplit(layout, mnist, train), { epochs, batch }))
      if (epoch <= epochs) steps++;
    expect(steps).toBe(epochs * Math.ceil(train.count / batch));
    expect(trainer.evaluate(bindSplit(layout, mnist, test)).accuracy).toBeGreaterThanOrEqual(0.97);
  },
);
