/** What `npm start` trains reads digits it has never seen. */

import { expect, it } from 'vitest';
import digits from '../../examples/digits/model.ts';
import { bindSplit } from '../../src/bind.ts';
import { compile } from '../../src/compile.ts';
import { loadData } from '../../src/data/spec.ts';
import { instantiate } from '../../src/instantiate.ts';
import { createTrainer } from '../../src/runtime/index.ts';

it('its own data, batch, rate and epochs give 98 % on the test glyphs', { timeout: 120_000 }, async () => {
  const { data = '', batch, epochs = 1 } = digits.options;
  const { code, layout } = await compile(digits);
  const trainer = createTrainer(await instantiate(code), { seed: 0 });
  const dataset = await loadData(data, { dtype: 'f32' });
  const { train, test } = dataset;
  if (test === undefined) throw new Error('The set has test glyphs.');
  let last = 0;
  for await (const { epoch } of trainer.fit(bindSplit(layout, dataset, train), { epochs, batch }))
    last = epoch;
  expect(last).toBe(epochs);
  expect(trainer.evaluate(bindSplit(layout, dataset, test)).accuracy).toBeGreaterThanOrEqual(0.98);
});
