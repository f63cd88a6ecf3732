/** Models of any size, and how long it takes to compile them. */

import type { Tensor } from '../../src/dsl/tensor.ts';
import type { Case } from './cases.ts';
import type { Compiler, Model, Target } from './compiler.ts';

/** A network of dense layers with gradient descent. */
export function networkOf({ language }: Compiler, { layers, batch }: Pick<Case, 'layers' | 'batch'>): Model {
  const { dense, gradientDescent, model, relu, softmaxCrossEntropy } = language;
  const [features = 1, ...widths] = layers;
  return model(
    'scaling',
    (m) => {
      const y = m.label('y', { classes: 10 });
      let value: Tensor<readonly ['batch', number]> = m.input('x', ['batch', features]);
      for (const width of widths.slice(0, -1)) value = relu(dense(value, width));
      return { loss: softmaxCrossEntropy(dense(value, 10), y) };
    },
    { batch, optimizer: gradientDescent({ learningRate: 0.001 }) },
  );
}

/** The chain of `bench/chain.ts`, of any length. */
export function chainOf({ language }: Compiler, ops: number): Model {
  const { gradientDescent, model, zeros } = language;
  return model(
    'chain',
    (m) => {
      const x = m.input('x', ['batch', 4]);
      let value = x.mul(m.param('w', [4], zeros()));
      for (let i = 0; i < ops; i++) value = i % 2 === 0 ? value.add((1 + (i % 7)) / 1e4) : value.relu();
      return { loss: value.mean() };
    },
    { batch: 32, optimizer: gradientDescent({ learningRate: 0.1 }) },
  );
}

/** Milliseconds from the model to the code, again and again; before, once for the printer to be loaded. */
export async function timeCompiling(
  { compile }: Compiler,
  model: Model,
  target: Target,
  repetitions: number,
): Promise<readonly number[]> {
  const times: number[] = [];
  await compile(model, { target });
  for (let i = 0; i < repetitions; i++) {
    const begin = performance.now();
    await compile(model, { target });
    times.push(performance.now() - begin);
  }
  return times;
}

/** How often as long n log n takes at `larger` as at `smaller`. */
export const nLogN = (smaller: number, larger: number): number =>
  (larger * Math.log(larger)) / (smaller * Math.log(smaller));
