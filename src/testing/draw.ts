/** Random data for the inputs and labels of a model, for checks that need no meaning in them. */

import { createRandom, type Random } from '../data/random.ts';
import { rowSize, zeros } from '../runtime/columns.ts';
import { initialize } from '../runtime/initialize.ts';
import type { Batch, InputLayout, Layout, State, TypedArray } from '../runtime/module.ts';

/** `count` records: numbers of mean 0 and variance 1, classes in range. */
export function drawBatch({ inputs }: Layout, count: number, seed: number): Batch {
  const random = createRandom(seed);
  const draw = ({ dtype, classes }: InputLayout): number =>
    dtype === 'i32' || classes !== undefined ? random.below(classes ?? 2) : random.normal();
  const column = (input: InputLayout): TypedArray => {
    const values = zeros(input.dtype, count * rowSize(input.shape));
    for (let i = 0; i < values.length; i++) values[i] = draw(input);
    return values;
  };
  return Object.fromEntries(inputs.map((input) => [input.name, column(input)]));
}

/** Statistics that would be fitted to data, for data of mean 0 and variance 1. */
const fitted = { min: -3, max: 3, mean: 0, variance: 1 } as const;

/**
 * Sets the state to its initial values. Parameters are moved by a little at random, so that none lies exactly on a kink,
 * such as a bias of 0.
 */
export function drawState(layout: Layout, state: State, seed: number): void {
  initialize(layout, state, seed);
  const random: Random = createRandom(seed + 1);
  for (const { name, role, init } of layout.state) {
    const values = state[name];
    if (values === undefined) continue;
    if (init.kind === 'fitted') values.fill(fitted[init.statistic]);
    if (role === 'parameter')
      for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) + 0.05 * random.normal();
  }
}

/** The state as it is now, which a step will change. */
export const copyOf = (state: State): State =>
  Object.fromEntries(Object.entries(state).map(([name, values]) => [name, values.slice()]));
