/** Export to ONNX: others accept what is written, and compute from it what our own trainers predict. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Model } from '../../src/dsl/model.ts';
import { loadModel } from '../../src/load-model.ts';
import { publishCounts } from '../counts.ts';
import { repository } from '../golden/modules.ts';
import { complaintsAbout, hasPython, hasRuntime, openSession, whyNoPython, whyNoRuntime } from './peers.ts';
import { dataFor, exampleModels, exported, flat, furthest } from './support.ts';

const precisions = ['f32', 'f64'] as const;
const load = (example: string) => loadModel(join(repository, example));

/** Weights of size 1 make logits of hundreds: there float32 itself is further from the truth than 1e-5. */
const ill: ReadonlySet<string> = new Set(['examples/05-initialization/normal.model.ts']);

/** How far our own predictions in float32 are from those in float64. */
async function rounding(model: Model, count: number, output: string): Promise<number> {
  const predictions = await Promise.all(
    precisions.map(async (dtype) => {
      const { trainer, layout } = await exported(model, { dtype });
      return trainer.predict(flat(dataFor(layout.inputs, count)))[output] ?? new Float32Array(0);
    }),
  );
  const [single = new Float32Array(0), double = new Float64Array(0)] = predictions;
  return furthest(single, double);
}

describe.skipIf(!hasRuntime)(`every example in onnxruntime${whyNoRuntime}`, () => {
  it.each(exampleModels.flatMap((example) => precisions.map((dtype) => [example, dtype] as const)))(
    '%s in %s predicts what our trainer predicts, for batches of 1, 2, 7 and 64',
    async (example, dtype) => {
      const model = await load(example);
      const { trainer, layout, bytes } = await exported(model, { dtype });
      const session = await openSession(bytes);
      expect(session.outputs).toEqual(layout.outputs.map(({ name }) => name));
      for (const count of [1, 2, 7, 64]) {
        const inputs = dataFor(layout.inputs, count);
        const found = await session.run(inputs);
        const expected = trainer.predict(flat(inputs));
        for (const { name } of layout.outputs) {
          const ours = expected[name] ?? new Float32Array(0);
          expect(ours.length).toBeGreaterThan(0);
          const limit = Math.max(
            1e-5,
            ill.has(example) && dtype === 'f32' ? 2 * (await rounding(model, count, name)) : 0,
          );
          expect(furthest(found.get(name)?.data ?? [], ours), `${name} of ${count}`).toBeLessThan(limit);
        }
      }
      publishCounts('onnx', { 'examples in onnxruntime': 1 });
    },
  );
});

describe.skipIf(!hasPython)(`every example before the checker of onnx${whyNoPython}`, () => {
  it.each(precisions)('in %s is valid, with shapes that follow from each other', async (dtype) => {
    const folder = mkdtempSync(join(tmpdir(), 'chainrule-onnx-'));
    try {
      for (const example of exampleModels) {
        const { bytes } = await exported(await load(example), { dtype });
        writeFileSync(join(folder, `${example.replaceAll('/', '-')}.onnx`), bytes);
      }
      expect(complaintsAbout(folder)).toEqual({});
      publishCounts('onnx', { 'examples checked': exampleModels.length });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
