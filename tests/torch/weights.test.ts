/** Weights go from PyTorch to here and from here to PyTorch, and predict the same: the seed's network, trained in both. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../src/compile.ts';
import { instantiate } from '../../src/instantiate.ts';
import { loadModel } from '../../src/load-model.ts';
import { createTrainer, decodeSafetensors, encodeSafetensors, type Tensor } from '../../src/runtime/index.ts';
import type { TrainerModule } from '../../src/runtime/module.ts';
import { repository } from '../golden/modules.ts';

const read = (name: string) =>
  decodeSafetensors(new Uint8Array(readFileSync(join(import.meta.dirname, name))));
const { tensors: cases } = read('cases.safetensors');
const dataOf = (name: string) => cases.get(name)?.data ?? new Float32Array(0);

/** The weights that were trained here, as PyTorch has read them from our file. */
const ours = encodeSafetensors(
  new Map(
    [...cases].flatMap(([name, tensor]): readonly (readonly [string, Tensor])[] =>
      name.startsWith('ours.') ? [[name.slice('ours.'.length), tensor]] : [],
    ),
  ),
);

describe.each(['ts', 'wasm'] as const)('the network of the seed, in %s', (target) => {
  let module: TrainerModule;
  beforeAll(async () => {
    const model = await loadModel(join(repository, 'examples', '03-neural-network', 'model.ts'));
    module = await instantiate((await compile(model, { target })).code);
  }, 60_000);

  it.each([
    ['that PyTorch has trained', readFileSync(join(import.meta.dirname, 'torch.safetensors')), 'by_torch'],
    ['that were trained here', ours, 'by_ours'],
  ])('with weights %s predicts what PyTorch predicts with them, to a millionth', (_, weights, expected) => {
    const trainer = createTrainer(module);
    trainer.load(new Uint8Array(weights), { parametersOnly: true });
    const { probabilities } = trainer.predict({ x: dataOf('x') });
    const theirs = dataOf(expected);
    expect(theirs.length).toBe(120);
    const furthest = Math.max(
      ...theirs.map((value, i) => Math.abs(value - (probabilities?.[i] ?? Number.NaN))),
    );
    expect(furthest).toBeLessThan(1e-6);
    // Not by being all alike.
    expect(Math.max(...theirs)).toBeGreaterThan(0.3);
  });
});
