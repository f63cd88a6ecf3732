/** How large the gradient still is at each of ten stacked layers. */

import { bindSplit } from '../../src/bind.ts';
import { compile } from '../../src/compile.ts';
import { loadData } from '../../src/data/spec.ts';
import {
  dense,
  gradient,
  gradientDescent,
  type Initializer,
  kaimingNormal,
  type Model,
  model,
  relu,
  type Scalar,
  sigmoid,
  softmaxCrossEntropy,
  type Tensor,
  xavierNormal,
} from '../../src/index.ts';
import { instantiate } from '../../src/instantiate.ts';
import { createTrainer } from '../../src/runtime/index.ts';

export const depth = 10;
const width = 32;
const samples = 512;

type Layer = Tensor<readonly ['batch', typeof width]>;

interface Stack {
  readonly activation: (z: Layer) => Layer;
  /** The one that the seed recommends for the activation. */
  readonly init: Initializer;
}

const stacks = {
  sigmoid: { activation: (z) => sigmoid(z), init: xavierNormal() },
  relu: { activation: (z) => relu(z), init: kaimingNormal() },
} satisfies Record<string, Stack>;

/** `depth` hidden layers and a softmax; the metric `size<k>` is the mean |dZ| of layer k. */
const stackModel = (name: string, { activation, init }: Stack): Model =>
  model(
    name,
    (m) => {
      const x = m.input('x', ['batch', 784]);
      const y = m.label('y', { classes: 10 });
      const layers: Layer[] = [dense(x, width, { init })];
      while (layers.length < depth) {
        const below = layers[layers.length - 1] ?? dense(x, width);
        layers.push(dense(activation(below), width, { init }));
      }
      const last = layers[layers.length - 1] ?? dense(x, width);
      const loss = softmaxCrossEntropy(dense(activation(last), 10, { init }), y);
      const sizes: [string, Scalar][] = layers.map((z, i) => [
        `size${i + 1}`,
        gradient(loss, z).abs().mean(),
      ]);
      return { loss, metrics: Object.fromEntries(sizes) };
    },
    { batch: samples, optimizer: gradientDescent({ learningRate: 0.1 }) },
  );

/** The mean |dZ| of layers 1 to `depth` before any training, on digits that the project draws itself. */
export async function gradientSizes(name: keyof typeof stacks): Promise<readonly number[]> {
  const { code, layout } = await compile(stackModel(name, stacks[name]));
  const dataset = await loadData(`digits?count=${samples}&test=0`, { dtype: 'f32' });
  const trainer = createTrainer(await instantiate(code), { seed: 0 });
  const metrics = trainer.evaluate(bindSplit(layout, dataset, dataset.train));
  return Array.from({ length: depth }, (_, i) => metrics[`size${i + 1}`] ?? Number.NaN);
}
