/** jax-js on its WebAssembly backend: the whole training step is one jitted function, as its manual advises. */

import type { Case } from '../cases.ts';
import type { CaseData } from '../data.ts';
import type { Contender, Setup } from '../setups.ts';
import { checked, importPackage, versionOf } from './packages.ts';

/** Every use of an array consumes it; `ref` counts one more. */
interface Tensor {
  readonly ref: Tensor;
  add(other: Tensor | number): Tensor;
  sub(other: Tensor | number): Tensor;
  mul(other: Tensor | number): Tensor;
  div(other: Tensor | number): Tensor;
  reshape(shape: readonly number[]): Tensor;
  dataSync(): ArrayLike<number>;
  dispose(): void;
}

type Tree = Record<string, Tensor>;
type Step = (state: Tree, x: Tensor, truth: Tensor) => readonly [Tree, Tensor];

interface JaxJs {
  init(device: string): Promise<readonly string[]>;
  defaultDevice(device: string): string;
  jit(step: Step): Step;
  valueAndGrad(
    loss: (parameters: Tree, x: Tensor, truth: Tensor) => Tensor,
  ): (parameters: Tree, x: Tensor, truth: Tensor) => readonly [Tensor, Tree];
  blockUntilReady(tree: unknown): Promise<unknown>;
  readonly numpy: {
    array(values: Float32Array | number): Tensor;
    matmul(a: Tensor, b: Tensor): Tensor;
    tanh(x: Tensor): Tensor;
    sqrt(x: Tensor): Tensor;
    square(x: Tensor): Tensor;
    sum(x: Tensor, axis?: number): Tensor;
    mean(x: Tensor, axis?: number): Tensor;
  };
  readonly nn: { relu(x: Tensor): Tensor; logSoftmax(x: Tensor, axis: number): Tensor };
}

const members = ['init', 'defaultDevice', 'jit', 'valueAndGrad', 'blockUntilReady', 'numpy', 'nn'] as const;

async function load(): Promise<JaxJs> {
  // Node 20 has no navigator, and the package looks at it without asking.
  if (!('navigator' in globalThis)) Object.assign(globalThis, { navigator: {} });
  const jax = checked<JaxJs>(await importPackage('@jax-js/jax'), members);
  if (!(await jax.init('wasm')).includes('wasm')) throw new Error('the backend wasm does not start');
  jax.defaultDevice('wasm');
  return jax;
}

export const jaxJs: Setup = async ({ case: one }, data): Promise<Contender> => {
  const jax = await load();
  const { x, y, weights } = data();
  const classes = one.layers.at(-1) ?? 1;
  const input = jax.numpy.array(x).reshape([one.batch, one.layers[0] ?? 1]);
  const truth = jax.numpy.array(oneHot(y, classes)).reshape([one.batch, classes]);
  const step = jax.jit(stepOf(jax, one));
  let state: Tree = {};
  let last: Tensor | undefined;
  return {
    version: versionOf('@jax-js/jax'),
    async reset() {
      for (const value of Object.values(state)) value.dispose();
      state = initialState(jax, one, weights);
      await jax.blockUntilReady(state);
    },
    step() {
      last?.dispose();
      [state, last] = step(state, input.ref, truth.ref);
    },
    // All of the state is asked for: what nobody reads might never be computed.
    loss: async () => {
      await jax.blockUntilReady(state);
      return last?.ref.dataSync()[0] ?? Number.NaN;
    },
  };
};

const oneHot = (y: Int32Array, classes: number): Float32Array =>
  Float32Array.from({ length: y.length * classes }, (_, i) =>
    y[Math.floor(i / classes)] === i % classes ? 1 : 0,
  );

/** Parameters by name; for Adam both moments of each, and the powers of its two betas. */
function initialState({ numpy }: JaxJs, { layers, optimizer }: Case, weights: CaseData['weights']): Tree {
  const state: Tree = {};
  for (const [name, values] of Object.entries(weights)) {
    const layer = Number(name.slice(1));
    const width = layers[layer] ?? 0;
    const shape = name.startsWith('w') ? [layers[layer - 1] ?? 0, width] : [width];
    state[name] = numpy.array(values.slice()).reshape(shape);
    if (optimizer === 'sgd') continue;
    for (const moment of ['m', 'v'])
      state[`${moment}.${name}`] = numpy.array(new Float32Array(values.length)).reshape(shape);
  }
  if (optimizer === 'adam')
    for (const power of ['power1', 'power2']) state[power] = numpy.array(new Float32Array([1])).reshape([]);
  return state;
}

function stepOf(jax: JaxJs, one: Case): Step {
  const differentiated = jax.valueAndGrad((parameters, x, truth) => {
    const logProbabilities = jax.nn.logSoftmax(logitsOf(jax, one, parameters, x), -1);
    return jax.numpy.sum(logProbabilities.mul(truth)).mul(-1 / one.batch);
  });
  return (state, x, truth) => {
    const names = Object.keys(state).filter((name) => !name.includes('.') && !name.startsWith('power'));
    const parameters = Object.fromEntries(names.map((name) => [name, get(state, name).ref]));
    const [loss, gradients] = differentiated(parameters, x, truth);
    const update = one.optimizer === 'sgd' ? descended : adapted;
    return [update(jax, one, names, state, gradients), loss];
  };
}

const get = (tree: Tree, name: string): Tensor => {
  const found = tree[name];
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
};

type Update = (jax: JaxJs, one: Case, names: readonly string[], state: Tree, gradients: Tree) => Tree;

const descended: Update = (_, { learningRate }, names, state, gradients) =>
  Object.fromEntries(
    names.map((name) => [name, get(state, name).sub(get(gradients, name).mul(learningRate))]),
  );

const adapted: Update = ({ numpy }, { learningRate }, names, state, gradients) => {
  const power1 = get(state, 'power1').mul(0.9);
  const power2 = get(state, 'power2').mul(0.999);
  const next: Tree = {};
  for (const name of names) {
    const g = get(gradients, name);
    const m = get(state, `m.${name}`).mul(0.9).add(g.ref.mul(0.1));
    const v = get(state, `v.${name}`).mul(0.999).add(numpy.square(g).mul(0.001));
    const mean = m.ref.div(power1.ref.mul(-1).add(1));
    const root = numpy.sqrt(v.ref.div(power2.ref.mul(-1).add(1))).add(1e-8);
    next[name] = get(state, name).sub(mean.div(root).mul(learningRate));
    next[`m.${name}`] = m;
    next[`v.${name}`] = v;
  }
  return { ...next, power1, power2 };
};

function logitsOf(jax: JaxJs, one: Case, parameters: Tree, x: Tensor): Tensor {
  const { numpy, nn } = jax;
  let value = x;
  for (let layer = 1; layer < one.layers.length; layer++) {
    const product = numpy.matmul(value, get(parameters, `w${layer}`));
    const scaled =
      one.batchNorm && layer === 1 ? normalized(jax, product).mul(get(parameters, 'g1')) : product;
    const z = scaled.add(get(parameters, `b${layer}`));
    if (layer === one.layers.length - 1) return z;
    value = one.activation === 'tanh' ? numpy.tanh(z) : nn.relu(z);
  }
  return value;
}

function normalized({ numpy }: JaxJs, z: Tensor): Tensor {
  const centred = z.ref.sub(numpy.mean(z, 0));
  const deviation = numpy.sqrt(numpy.mean(numpy.square(centred.ref), 0).add(1e-5));
  return centred.div(deviation);
}
