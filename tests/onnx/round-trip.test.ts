/** Our models to ONNX and back: what comes back is another text, and predicts the same. */

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadModel } from '../../src/load-model.ts';
import { publishCounts } from '../counts.ts';
import { repository } from '../golden/modules.ts';
import { imported } from './imported.ts';
import { dataFor, exampleModels, exported, flat, furthest } from './support.ts';

describe('every example, exported and imported again', () => {
  it.each(exampleModels)('%s predicts the same', async (example) => {
    const model = await loadModel(join(repository, example));
    const { trainer, layout, bytes } = await exported(model);
    const back = await imported(bytes, {}, {});
    expect(back.layout.outputs.map(({ name }) => name)).toEqual(layout.outputs.map(({ name }) => name));
    for (const count of [1, 7]) {
      const inputs = flat(dataFor(layout.inputs, count));
      const [ours, theirs] = [trainer.predict(inputs), back.trainer.predict(inputs)];
      for (const { name } of layout.outputs)
        expect(furthest(theirs[name] ?? [], ours[name] ?? new Float32Array(0)), name).toBeLessThan(1e-5);
    }
    // The weights that predict are there again, under their names, with their bits.
    for (const { name } of back.layout.state.filter(({ role }) => role === 'parameter'))
      expect(back.trainer.state[name]).toEqual(trainer.state[name]);
    publishCounts('onnx', { 'round trips': 1 });
  });

  it('has a loss for classes again, from which it can be trained', async () => {
    const model = await loadModel(join(repository, 'examples/03-neural-network/model.ts'));
    const { bytes } = await exported(model);
    const { model: text, loss } = await imported(bytes);
    expect(loss).toBe('cross-entropy');
    expect(text).toContain('const z1 = x.matmul(w1).add(b1);');
    expect(text).toContain('const logits = a1.matmul(w2).add(b2);');
  });
});
