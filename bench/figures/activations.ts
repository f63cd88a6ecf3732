/** Every activation function with the derivative that the compiler derives for it, on a grid of z. */

import { compile } from '../../src/compile.ts';
import {
  constant,
  elu,
  gelu,
  gradient,
  gradientDescent,
  leakyRelu,
  type Model,
  type ModelContext,
  model,
  prelu,
  relu,
  selu,
  sigmoid,
  silu,
  softmax,
  softplus,
  type Tensor,
  tanh,
} from '../../src/index.ts';
import { instantiate } from '../../src/instantiate.ts';
import { createTrainer } from '../../src/runtime/index.ts';

export interface ActivationCurve {
  readonly name: string;
  readonly z: readonly number[];
  readonly values: readonly number[];
  readonly derivatives: readonly number[];
}

type Column = Tensor<readonly ['batch', 1]>;
type Activation = (z: Column, m: ModelContext) => Column;

/** By the name of the example in chapter 6. */
const elementwise: Readonly<Record<string, Activation>> = {
  sigmoid: (z) => sigmoid(z),
  tanh: (z) => tanh(z),
  relu: (z) => relu(z),
  'leaky-relu': (z) => leakyRelu(z, 0.01),
  prelu: (z, m) => prelu(z, m.param('slope', [1], constant(0.25))),
  elu: (z) => elu(z),
  selu: (z) => selu(z),
  gelu: (z) => gelu(z),
  'gelu-tanh': (z) => gelu(z, { approximate: 'tanh' }),
  softplus: (z) => softplus(z),
  silu: (z) => silu(z),
};

/** From -4 to 4 in steps of 1/16: every point is exact in float32, and 0 is one of them. */
const grid: readonly number[] = Array.from({ length: 129 }, (_, i) => (i - 64) / 16);

// Nothing is trained here, but a model has a parameter and an optimizer.
const options = { batch: grid.length, optimizer: gradientDescent({ learningRate: 0 }) };

const elementwiseModel = (name: string, activation: Activation): Model =>
  model(
    name,
    (m) => {
      const z = m.input('z', ['batch', 1]);
      const value = activation(z, m);
      const derivative = gradient(value.sum(), z);
      return {
        loss: value.mul(m.param('scale', [1], constant(1))).mean(),
        outputs: { value, derivative },
      };
    },
    options,
  );

/** The softmax of (z, 0, 0): its first element by z. A row gives both; `first` is (1, 0, 0) and picks the element. */
const softmaxModel = (): Model =>
  model(
    'softmax',
    (m) => {
      const z = m.input('z', ['batch', 3]);
      const first = m.input('first', ['batch', 3]);
      const value = softmax(z).mul(first);
      const derivative = gradient(value.sum(), z);
      return {
        loss: value.mul(m.param('scale', [1], constant(1))).mean(),
        outputs: { value, derivative },
      };
    },
    options,
  );

export async function activationCurves(dtype: 'f32' | 'f64' = 'f32'): Promise<readonly ActivationCurve[]> {
  const curves: ActivationCurve[] = [];
  for (const [name, activation] of Object.entries(elementwise)) {
    const inputs = { z: Float64Array.from(grid) };
    curves.push({
      name,
      z: grid,
      ...(await predicted(elementwiseModel(name, activation), dtype, inputs, 1)),
    });
  }
  const rows = (first: (z: number) => number): Float64Array =>
    Float64Array.from(grid.flatMap((z) => [first(z), 0, 0]));
  const inputs = { z: rows((z) => z), first: rows(() => 1) };
  return [...curves, { name: 'softmax', z: grid, ...(await predicted(softmaxModel(), dtype, inputs, 3)) }];
}

/** The first of `width` columns of both outputs. */
async function predicted(
  model: Model,
  dtype: 'f32' | 'f64',
  inputs: { readonly [name: string]: Float64Array },
  width: number,
): Promise<Pick<ActivationCurve, 'values' | 'derivatives'>> {
  const { code } = await compile(model, { dtype });
  const outputs = createTrainer(await instantiate(code)).predict(inputs);
  const column = (name: string): number[] => [...(outputs[name] ?? [])].filter((_, i) => i % width === 0);
  return { values: column('value'), derivatives: column('derivative') };
}
