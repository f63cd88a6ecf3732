/** The reference itself: the gradients worked out by hand are those that central differences find. */

import { describe, expect, it } from 'vitest';
import { type Arrays, type Network, named, passOf, predictionOf, total } from './reference.ts';
import { batchesOf, plain, startOf } from './support.ts';

const networks: { readonly [title: string]: Network } = {
  'leaky ReLU': plain,
  ReLU: { ...plain, slope: 0 },
  'a penalty on the weights': { ...plain, penalty: 0.03 },
  'batch normalization of both layers': { ...plain, normalized: true },
};

const [batch = { x: [], y: [] }] = batchesOf(1);

const moved = (parameters: Arrays, name: string, at: number, by: number): Arrays => ({
  ...parameters,
  [name]: named(parameters, name).map((x, i) => (i === at ? x + by : x)),
});

describe.each(Object.entries(networks))('the reference with %s', (_, network) => {
  const parameters = startOf(network);
  const { gradients } = passOf(network, parameters, batch);

  it.each(Object.keys(parameters))('has the gradient by %s of its loss', (name) => {
    const step = 1e-5;
    const gradient = named(gradients, name);
    expect(gradient.length).toBe(named(parameters, name).length);
    gradient.forEach((g, i) => {
      const lossAt = (by: number) => passOf(network, moved(parameters, name, i, by), batch).loss;
      const difference = (lossAt(step) - lossAt(-step)) / (2 * step);
      expect(Math.abs(g - difference), `${name}[${i}]: ${g}, ${difference}`).toBeLessThan(1e-8);
    });
    expect(Math.max(...gradient.map(Math.abs)), 'a gradient that is not all 0').toBeGreaterThan(1e-3);
  });
});

describe('the reference', () => {
  it('predicts with running statistics what it trained with, where they are those of the batch', () => {
    const network: Network = { ...plain, normalized: true };
    const parameters = startOf(network);
    const { loss, statistics } = passOf(network, parameters, batch);
    const probabilities = predictionOf(network, parameters, statistics, batch.x);
    const losses = probabilities.map((row, i) => -Math.log(row[batch.y[i] ?? 0] ?? Number.NaN));
    expect(total(losses) / losses.length).toBeCloseTo(loss, 12);
  });
});
