/** TensorFlow.js, on its JavaScript and on its WebAssembly backend: core operations and its own optimizers. */

import type { Case } from '../cases.ts';
import type { CaseData } from '../data.ts';
import type { Contender, Setup } from '../setups.ts';
import { checked, requirePackage, versionOf } from './packages.ts';

interface Tensor {
  matMul(other: Tensor): Tensor;
  add(other: Tensor | number): Tensor;
  sub(other: Tensor): Tensor;
  mul(other: Tensor): Tensor;
  div(other: Tensor): Tensor;
  square(): Tensor;
  sqrt(): Tensor;
  relu(): Tensor;
  tanh(): Tensor;
  mean(axis: number): Tensor;
  dataSync(): ArrayLike<number>;
  dispose(): void;
}

interface Variable extends Tensor {
  assign(value: Tensor): void;
}

interface Optimizer {
  minimize(loss: () => Tensor, returnCost: boolean, variables: readonly Variable[]): Tensor;
  dispose(): void;
}

interface Tfjs {
  tensor(values: Float32Array | Int32Array, shape: readonly number[], dtype: 'float32' | 'int32'): Tensor;
  variable(value: Tensor): Variable;
  oneHot(labels: Tensor, classes: number): Tensor;
  tidy<T>(body: () => T): T;
  enableProdMode(): void;
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  readonly losses: { softmaxCrossEntropy(truth: Tensor, logits: Tensor): Tensor };
  readonly train: {
    sgd(rate: number): Optimizer;
    adam(rate: number, beta1: number, beta2: number, epsilon: number): Optimizer;
  };
}

interface WasmBackend {
  setThreadsCount(count: number): void;
}

export const tfjsCpu: Setup = async ({ case: one }, data) => trained(await loaded('cpu'), one, data());

export const tfjsWasm: Setup = async ({ case: one }, data) => {
  // The backend counts its threads when it is first made.
  const tf = load();
  checked<WasmBackend>(requirePackage('@tensorflow/tfjs-backend-wasm'), ['setThreadsCount']).setThreadsCount(
    1,
  );
  return trained(await loaded('wasm', tf), one, data());
};

/** Gradients are in the package of all parts only. */
const load = (): Tfjs =>
  checked<Tfjs>(requirePackage('@tensorflow/tfjs'), ['tensor', 'variable', 'tidy', 'losses', 'train']);

async function loaded(backend: string, tf = load()): Promise<Tfjs> {
  if (!(await tf.setBackend(backend))) throw new Error(`the backend ${backend} does not start`);
  await tf.ready();
  // Without checks that are for development.
  tf.enableProdMode();
  return tf;
}

function trained(tf: Tfjs, one: Case, data: CaseData): Contender {
  const { batch, layers } = one;
  const x = tf.tensor(data.x, [batch, layers[0] ?? 0], 'float32');
  const truth = tf.oneHot(tf.tensor(data.y, [batch], 'int32'), layers.at(-1) ?? 0);
  const initial = Object.entries(data.weights).map(([name, values]) => {
    const layer = Number(name.slice(1));
    const width = layers[layer] ?? 0;
    const shape = name.startsWith('w') ? [layers[layer - 1] ?? 0, width] : [width];
    return [name, tf.tensor(values, shape, 'float32')] as const;
  });
  const variables = new Map(initial.map(([name, value]) => [name, tf.variable(value)]));
  const list = [...variables.values()];
  const lossOf = (): Tensor => tf.losses.softmaxCrossEntropy(truth, logitsOf(one, variables, x));
  let optimizer = optimizerOf(tf, one);
  let last: Tensor | undefined;
  return {
    version: versionOf('@tensorflow/tfjs'),
    reset() {
      for (const [name, value] of initial) variables.get(name)?.assign(value);
      optimizer.dispose();
      optimizer = optimizerOf(tf, one);
    },
    step() {
      last?.dispose();
      last = tf.tidy(() => optimizer.minimize(lossOf, true, list));
    },
    loss: () => last?.dataSync()[0] ?? Number.NaN,
  };
}

const optimizerOf = ({ train }: Tfjs, { optimizer, learningRate }: Case): Optimizer =>
  optimizer === 'sgd' ? train.sgd(learningRate) : train.adam(learningRate, 0.9, 0.999, 1e-8);

function logitsOf(
  { layers, activation, batchNorm }: Case,
  variables: ReadonlyMap<string, Tensor>,
  x: Tensor,
): Tensor {
  const get = (name: string): Tensor => variables.get(name) ?? x;
  let value = x;
  for (let layer = 1; layer < layers.length; layer++) {
    const product = value.matMul(get(`w${layer}`));
    const scaled = batchNorm && layer === 1 ? normalized(product).mul(get('g1')) : product;
    const z = scaled.add(get(`b${layer}`));
    value = layer === layers.length - 1 ? z : activation === 'tanh' ? z.tanh() : z.relu();
  }
  return value;
}

/** Written out, because the fused operation has no gradient of mean and variance. */
function normalized(z: Tensor): Tensor {
  const centred = z.sub(z.mean(0));
  return centred.div(centred.square().mean(0).add(1e-5).sqrt());
}
