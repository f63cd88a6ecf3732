/** ConvNetJS: plain gradient descent, sample by sample; it has neither Adam nor batch normalization. */

import type { Case } from '../cases.ts';
import type { CaseData } from '../data.ts';
import type { Contender, Setup } from '../setups.ts';
import { checked, requirePackage, versionOf } from './packages.ts';

interface Vol {
  readonly w: { [index: number]: number };
}

interface Layer {
  readonly layer_type: string;
  readonly filters?: readonly Vol[];
  readonly biases?: Vol;
}

interface Net {
  readonly layers: readonly Layer[];
  makeLayers(definitions: readonly Readonly<Record<string, string | number>>[]): void;
}

interface ConvNetJs {
  readonly Net: new () => Net;
  readonly Vol: new (sx: number, sy: number, depth: number, value: number) => Vol;
  readonly Trainer: new (
    net: Net,
    options: Readonly<Record<string, string | number>>,
  ) => { train(x: Vol, y: number): { readonly cost_loss: number } };
}

export const convNetJs: Setup = async ({ case: one }, data): Promise<Contender> => {
  if (one.batchNorm) throw new Error('it has no batch normalization');
  if (one.optimizer === 'adam') throw new Error('it has no Adam');
  const library = checked<ConvNetJs>(requirePackage('convnetjs'), ['Net', 'Vol', 'Trainer']);
  const { x, y, weights } = data();
  const features = one.layers[0] ?? 1;
  const samples = Array.from({ length: one.batch }, (_, i) => {
    const sample = new library.Vol(1, 1, features, 0);
    for (let j = 0; j < features; j++) sample.w[j] = x[i * features + j] ?? 0;
    return sample;
  });
  const net = netOf(library, one);
  const options = { method: 'sgd', momentum: 0, batch_size: one.batch, learning_rate: one.learningRate };
  const trainer = new library.Trainer(net, options);
  let loss = Number.NaN;
  return {
    version: versionOf('convnetjs'),
    reset: () => assign(net, weights),
    step() {
      let sum = 0;
      // The weights change after the last sample of a batch.
      samples.forEach((sample, i) => {
        sum += trainer.train(sample, y[i] ?? 0).cost_loss;
      });
      loss = sum / samples.length;
    },
    loss: () => loss,
  };
};

function netOf({ Net }: ConvNetJs, { layers, activation }: Case): Net {
  const net = new Net();
  const hidden = layers.slice(1, -1).map((width) => ({ type: 'fc', num_neurons: width, activation }));
  net.makeLayers([
    { type: 'input', out_sx: 1, out_sy: 1, out_depth: layers[0] ?? 1 },
    ...hidden,
    { type: 'softmax', num_classes: layers.at(-1) ?? 1 },
  ]);
  return net;
}

/** Its weights are stored by neuron, [out][in]. */
function assign(net: Net, weights: CaseData['weights']): void {
  const dense = net.layers.filter(({ layer_type }) => layer_type === 'fc');
  dense.forEach(({ filters = [], biases }, i) => {
    const w = weights[`w${i + 1}`] ?? [];
    const rows = w.length / filters.length;
    filters.forEach((filter, j) => {
      for (let k = 0; k < rows; k++) filter.w[k] = w[k * filters.length + j] ?? 0;
      if (biases !== undefined) biases.w[j] = weights[`b${i + 1}`]?.[j] ?? 0;
    });
  });
}
