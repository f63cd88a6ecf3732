/** What follows from a seed has the same bits in scale/ as in our runtime: orders, initial values, statistics, hashes. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { hash128 } from '../../src/runtime/checkpoint/hash.ts';
import { fitStatistics } from '../../src/runtime/fitted.ts';
import { initialize } from '../../src/runtime/initialize.ts';
import type { Layout, State, StateLayout } from '../../src/runtime/module.ts';
import { shuffle } from '../../src/runtime/shuffle.ts';
import { runPython, whyLeftOut } from './python.ts';
import { newFolder, removeFolder } from './trainings.ts';

const orders = [
  [1, 0, 0],
  [2, 5, 1],
  [600, 3, 7],
  [4097, 4_000_000_000, 12],
] as const;
const seeds = [0, 1, 4_294_967_295] as const;
const statistics = ['min', 'max', 'mean', 'variance'] as const;
const hashes = [
  [0, 0],
  [15, 1],
  [16, 2],
  [33, 0xffffffff],
  [256, 3],
] as const;

const drawn = (
  name: string,
  dtype: 'f32' | 'f64',
  shape: number[],
  init: StateLayout['init'],
): StateLayout => ({
  ...{ name, dtype, shape, init },
  role: 'parameter',
});
const state: readonly StateLayout[] = [
  drawn('w', 'f32', [300, 7], { kind: 'normal', mean: 0, std: 0.3 }),
  drawn('u', 'f32', [11, 3], { kind: 'uniform', low: -0.2, high: 0.4 }),
  drawn('best', 'f64', [], { kind: 'constant', value: Number.POSITIVE_INFINITY }),
  drawn('v', 'f64', [4000], { kind: 'uniform', low: 0, high: 1 }),
];
// Columns of which one is constant, one large, and one ordinary.
const rows = Array.from({ length: 101 }, (_, i) => [0.1, 1e9 + i, Math.sin(i)]);

const hex = (array: { readonly buffer: ArrayBufferLike }): string =>
  Buffer.from(array.buffer).toString('hex');

it.skipIf(whyLeftOut !== '')(`draws have the bits of the runtime${whyLeftOut}`, async () => {
  const folder = newFolder();
  const wanted = join(folder, 'wanted.json');
  const description = {
    state: state.map((entry) =>
      entry.name === 'best' ? { ...entry, init: { kind: 'constant', value: 'Infinity' } } : entry,
    ),
  };
  writeFileSync(wanted, JSON.stringify({ orders, seeds, statistics, hashes, description, rows }));
  const { stdout, stderr } = await runPython([fileURLToPath(new URL('./draws.py', import.meta.url)), wanted]);
  removeFolder(folder);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({
    orders: orders.map(([count, seed, epoch]) => {
      const order = new Uint32Array(count);
      shuffle(order, seed, epoch);
      return hex(order);
    }),
    states: seeds.map((seed) => {
      const values = newState();
      initialize(layoutOf(state), values, seed);
      return Object.fromEntries(Object.entries(values).map(([name, array]) => [name, hex(array)]));
    }),
    fitted: statistics.map((statistic) => {
      const values = { s: new Float64Array(3).fill(Number.NaN) };
      const init = { kind: 'fitted', input: 'x', statistic } as const;
      const column = Float64Array.from(rows.flat());
      fitStatistics(layoutOf([drawn('s', 'f64', [3], init)]), values, {
        ...{ count: rows.length, whole: { x: column }, words: [] },
      });
      return hex(values.s);
    }),
    hashes: hashes.map(([size, seed]) =>
      hash128(
        Uint8Array.from({ length: size }, (_, i) => i),
        seed,
      ),
    ),
  });
});

const layoutOf = (entries: readonly StateLayout[]): Layout => ({
  ...{ model: '', dtype: 'f64', maxBatch: 1, arenaBytes: 0, outputs: [], metrics: [], evaluation: [] },
  inputs: [{ name: 'x', role: 'input', dtype: 'f64', shape: ['batch', 3] }],
  state: entries,
});

const newState = (): State =>
  Object.fromEntries(
    state.map(({ name, dtype, shape }) => {
      const size = shape.reduce((product, dim) => product * dim, 1);
      return [name, dtype === 'f32' ? new Float32Array(size) : new Float64Array(size)];
    }),
  );
