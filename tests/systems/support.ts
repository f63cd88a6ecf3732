/** What the tests of the systems share: the two-layer network as a model, its data, and trainers of models. */

import { readFileSync } from 'node:fs';
import { compile } from '../../src/compile.ts';
import {
  batchNorm,
  dense,
  gradientDescent,
  leakyRelu,
  type Model,
  type ModelContext,
  type ModelOptions,
  type ModelResult,
  model,
  type Optimizer,
  relu,
  softmax,
  softmaxCrossEntropy,
  type Tensor,
} from '../../src/index.ts';
import { instantiate } from '../../src/instantiate.ts';
import {
  createTrainer,
  normal01,
  type TrainerModule,
  type TrainerOptions,
  uniform01,
} from '../../src/runtime/index.ts';
import type { Arrays, Network, Samples } from './reference.ts';

export type Precision = 'f32' | 'f64';
export const precisions: readonly Precision[] = ['f64', 'f32'];

export const readSource = (file: string): string => readFileSync(file, 'utf8');

/** CHAINRULE_TARGET=wasm runs all trainers of these tests, and of the nasty cases, as WebAssembly. */
export const target = process.env.CHAINRULE_TARGET === 'wasm' ? 'wasm' : 'ts';

export const moduleOf = async (declared: Model, dtype: Precision = 'f64'): Promise<TrainerModule> =>
  instantiate((await compile(declared, { dtype, target, readSource })).code);

export const trainerOf = async (declared: Model, dtype: Precision = 'f64', options: TrainerOptions = {}) =>
  createTrainer(await moduleOf(declared, dtype), options);

export type Trainer = Awaited<ReturnType<typeof trainerOf>>;

/** A model of one test, with gradient descent unless told otherwise. */
export const small = (build: (m: ModelContext) => ModelResult, options: Partial<ModelOptions> = {}): Model =>
  model('small', build, { batch: 8, optimizer: gradientDescent({ learningRate: 0.1 }), ...options });

/** Puts the gradient itself in the place of the parameter, where it can be read. */
export const showGradient: Optimizer = {
  ...gradientDescent({ learningRate: 0 }),
  name: 'showGradient',
  update: ({ gradient }) => gradient,
};

/** A loss for models whose loss is beside the point. */
export const anyLoss = (m: ModelContext): Tensor<readonly []> =>
  m.param('idle', [], () => ({ kind: 'constant', value: 0.5 })).square();

export const first = (xs: ArrayLike<number> | undefined): number => xs?.[0] ?? Number.NaN;

/** `count` standard normal numbers, others for each `stream`. */
export const normals = (stream: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => normal01(1, stream, 0, i));

/** `count` numbers from 0 to below 1. */
export const uniforms = (stream: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => uniform01(1, stream, 0, i));

export const plain: Network = { inputs: 12, hidden: 7, classes: 4, slope: 0.01, normalized: false };

const numberOfSamples = 23;
const batchSize = 8;

/** Rounded to float32, so that both precisions train on the same numbers. */
export const samples: Samples = {
  x: Array.from({ length: numberOfSamples }, (_, i) =>
    normals(100 + i, plain.inputs).map((x) => Math.fround(x)),
  ),
  y: uniforms(50, numberOfSamples).map((u) => Math.floor(u * plain.classes)),
};

/** The batches of `count` steps: 8, 8 and 7 samples of every epoch, in their order. */
export function batchesOf(count: number): Samples[] {
  const perEpoch = Math.ceil(numberOfSamples / batchSize);
  return Array.from({ length: count }, (_, step) => {
    const from = (step % perEpoch) * batchSize;
    return { x: samples.x.slice(from, from + batchSize), y: samples.y.slice(from, from + batchSize) };
  });
}

/** Start values that are nowhere 0, so that no bias hides a fault. */
export function startOf({ inputs, hidden, classes, normalized }: Network): Arrays {
  const drawn = (stream: number, count: number, size: number): number[] =>
    normals(stream, count).map((x) => Math.fround(x * size));
  const scale = (stream: number, count: number) => drawn(stream, count, 0.2).map((x) => Math.fround(x + 1));
  return {
    w1: drawn(1, inputs * hidden, 0.4),
    b1: drawn(2, hidden, 0.1),
    w2: drawn(3, hidden * classes, 0.5),
    b2: drawn(4, classes, 0.1),
    ...(normalized ? { g1: scale(5, hidden), g2: scale(6, classes) } : {}),
  };
}

/** The reference network in the language of the project. */
export const networkModel = (network: Network, optimizer: Optimizer): Model =>
  model(
    'network',
    (m) => {
      const x = m.input('x', ['batch', network.inputs]);
      const y = m.label('y', { classes: network.classes });
      const layer = (input: Tensor<readonly ['batch', number]>, units: number) => {
        const z = dense(input, units, { bias: !network.normalized });
        return network.normalized ? batchNorm(z) : z;
      };
      const z1 = layer(x, network.hidden);
      const logits = layer(network.slope === 0 ? relu(z1) : leakyRelu(z1, network.slope), network.classes);
      const loss = softmaxCrossEntropy(logits, y);
      return { loss, outputs: { probabilities: softmax(logits) } };
    },
    { batch: batchSize, optimizer },
  );

/** Losses, rates and momenta of `count` steps on the samples, and the trainer after them. */
export async function trainNetwork(declared: Model, start: Arrays, count: number, dtype: Precision) {
  const trainer = await trainerOf(declared, dtype, { init: start });
  const [losses, rates, momenta]: [number[], number[], number[]] = [[], [], []];
  const run = trainer.fit({ ...samples }, { steps: count, batch: batchSize, shuffle: false });
  for await (const { loss, learningRate, momentum = Number.NaN } of run) {
    losses.push(loss);
    rates.push(learningRate);
    momenta.push(momentum);
  }
  return { trainer, losses, rates, momenta };
}
