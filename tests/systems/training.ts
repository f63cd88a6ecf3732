/** One training of the project beside the same training by hand. */

import { expect } from 'vitest';
import type { Model, Optimizer } from '../../src/index.ts';
import type { Case } from './optimizer-cases.ts';
import type { Arrays, Network } from './reference.ts';
import { trainByHand } from './rules.ts';
import { batchesOf, networkModel, type Precision, startOf, trainNetwork } from './support.ts';

export const steps = 40;

const functionOf = (x: number | ((t: number) => number)) => (typeof x === 'number' ? () => x : x);

const expectedOf = (network: Network, { rule, rate, beta = 0, more = {} }: Case) =>
  trainByHand({
    network,
    start: startOf(network),
    batches: batchesOf(steps),
    rule,
    rate: functionOf(rate),
    beta: functionOf(beta),
    ...more,
  });

/** Within `tolerance` of each number, or of a hundredth of the largest of its array. */
export function expectNear(
  found: ArrayLike<number>,
  expected: readonly number[],
  tolerance: number,
  what: string,
): void {
  expect(found.length, what).toBe(expected.length);
  const floor = Math.max(...expected.map(Math.abs), 1e-300) / 100;
  expected.forEach((x, i) => {
    const error = Math.abs((found[i] ?? Number.NaN) - x) / Math.max(Math.abs(x), floor);
    expect(error, `${what}, number ${i}: ${found[i]}, expected ${x}`).toBeLessThanOrEqual(tolerance);
  });
}

const toleranceOf = { f64: 1e-9, f32: 2e-3 };

export async function expectSameTraining(
  network: Network,
  one: Case,
  dtype: Precision,
  modelOf: (optimizer: Optimizer) => Model = (optimizer) => networkModel(network, optimizer),
) {
  const expected = expectedOf(network, one);
  const declared = modelOf(one.optimizer);
  const found = await trainNetwork(declared, startOf(network), steps, dtype);
  expectNear(found.losses, expected.losses, toleranceOf[dtype], 'loss');
  const expectedStates: Arrays = { ...expected.parameters, ...expected.running };
  for (const [name, values] of Object.entries(expectedStates))
    expectNear(found.trainer.state[name] ?? [], values, toleranceOf[dtype], name);
  const rates = Array.from({ length: steps }, (_, t) => functionOf(one.rate)(t));
  expectNear(found.rates, rates, dtype === 'f64' ? 1e-12 : 1e-6, 'learningRate');
  return { expected, found };
}
