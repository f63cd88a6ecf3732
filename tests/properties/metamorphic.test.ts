/** Laws that need no right answer: what may be changed about a model or its data without changing a number. */

import './seed.ts';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { createTrainer, type TrainerModule } from '../../src/runtime/index.ts';
import { randomFrom } from '../arbitraries/draw.ts';
import { publishCounts } from '../counts.ts';
import { showGradient } from '../systems/support.ts';
import {
  moduleOf,
  type Network,
  networks,
  plainModule,
  type Rows,
  rowsFor,
  shuffled,
  startOf,
  write,
} from './networks.ts';

const counts = new Map<string, number>();
afterAll(() => publishCounts('metamorphic laws', Object.fromEntries(counts)));

/** Tries a law on 200 random networks. */
const law = (name: string, holds: (network: Network, draw: number) => Promise<void>): Promise<void> =>
  fc.assert(
    fc.asyncProperty(networks, fc.nat(2 ** 30), async (network, draw) => {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      await holds(network, draw);
    }),
    { numRuns: 200 },
  );

const bits = (array: ArrayLike<number> | undefined): readonly string[] =>
  Array.from(array ?? [], (x) => (Object.is(x, -0) ? '-0' : String(x)));

type Start = { readonly [name: string]: readonly number[] };

/** Start values by the names that a way of writing gives. */
const named = (network: Network, nameOf: (name: string) => string): Start =>
  Object.fromEntries([...startOf(network)].map(([name, values]) => [nameOf(name), values]));

/** Losses, predictions and parameters of four steps on two batches, in every bit. */
function training(module: TrainerModule, network: Network, nameOf = (name: string) => name) {
  const trainer = createTrainer(module, { seed: network.seed, init: named(network, nameOf) });
  const batches = [rowsFor(network, 3), rowsFor(network, 5)];
  const losses = [...batches, ...batches].map((rows) => trainer.step({ ...rows }).loss ?? Number.NaN);
  const predicted = trainer.predict({ ...rowsFor(network, 5) });
  return {
    losses: bits(losses),
    outputs: Object.entries(predicted).map(([name, values]) => [name, bits(values)]),
    parameters: [...startOf(network).keys()].map((name) => [name, bits(trainer.state[nameOf(name)])]),
  };
}

describe('to the last bit', () => {
  test('permuting the batch permutes what is computed for each sample', () =>
    law('permuted batch', async (network, draw) => {
      const rows = rowsFor(network, 7);
      const order = shuffled([0, 1, 2, 3, 4, 5, 6], randomFrom(draw));
      const trainer = createTrainer(await plainModule(network), { init: named(network, (name) => name) });
      const permuted = { x: order.map((i) => rows.x[i] ?? []), t: order.map((i) => rows.t[i] ?? []) };
      const [one, other] = [trainer.predict({ ...rows }), trainer.predict(permuted)];
      const rowOf = (values: ArrayLike<number> | undefined, width: number, i: number) =>
        bits(values).slice(i * width, (i + 1) * width);
      order.forEach((from, to) => {
        expect(rowOf(other.perRow, 1, to)).toEqual(rowOf(one.perRow, 1, from));
        expect(rowOf(other.logits, network.classes, to)).toEqual(rowOf(one.logits, network.classes, from));
      });
    }));

  test('renaming the parameters and declaring them in another order changes no number', () =>
    law('renamed and reordered', async (network, draw) => {
      const names = shuffled([...startOf(network).keys()], randomFrom(draw ^ 1));
      const nameOf = (name: string): string => `${['z', '"', 'Ω ', 'class'][draw % 4]}${names.indexOf(name)}`;
      const other = await moduleOf(write(network, { nameOf, order: draw }), network.dtype);
      expect(training(other, network, nameOf)).toEqual(training(await plainModule(network), network));
    }));

  test('identities, reshaping and back, and transposing twice change no number', () =>
    law('identities inserted', async (network, draw) => {
      const other = await moduleOf(write(network, { inserted: draw }), network.dtype);
      expect(training(other, network)).toEqual(training(await plainModule(network), network));
    }));

  test('k steps, saving, loading and k steps are 2k steps', () =>
    law('saved and loaded', async (network, draw) => {
      const k = 1 + (draw % 7);
      const module = await plainModule(network);
      const options = { seed: network.seed, init: named(network, (name) => name) };
      const data = { ...rowsFor(network, 7) };
      const advance = async (trainer: ReturnType<typeof createTrainer>, steps: number): Promise<void> => {
        for await (const _ of trainer.fit(data, { steps, batch: 3 }));
      };
      const [whole, first] = [createTrainer(module, options), createTrainer(module, options)];
      await advance(whole, 2 * k);
      await advance(first, k);
      const second = createTrainer(module, { seed: network.seed });
      second.load(first.save());
      await advance(second, k);
      expect(Buffer.from(second.save()).equals(Buffer.from(whole.save()))).toBe(true);
    }));
});

/** Loss and gradients on some rows, in f64, with the loss scaled and the logits shifted. */
type Measure = (rows: Rows, scale?: number, shift?: number) => readonly number[];

async function measuring(network: Network): Promise<Measure> {
  const plain = { ...network, dropped: false };
  const trainer = createTrainer(
    await moduleOf(write(plain, { knobs: true, optimizer: showGradient }), 'f64'),
  );
  return (rows, scale = 1, shift = 0) => {
    for (const [name, values] of startOf(plain)) trainer.state[name]?.set(values);
    trainer.state.scale?.fill(scale);
    trainer.state.shift?.fill(shift);
    const { loss = Number.NaN } = trainer.step({ ...rows });
    return [loss, ...[...startOf(plain).keys()].flatMap((name) => [...(trainer.state[name] ?? [])])];
  };
}

function expectWithin(found: readonly number[], expected: readonly number[], what: string): void {
  expect(found.length).toBe(expected.length);
  expected.forEach((x, i) => {
    const error = Math.abs((found[i] ?? Number.NaN) - x);
    expect(error, `${what}, number ${i}: ${found[i]} instead of ${x}`).toBeLessThanOrEqual(
      1e-12 * Math.max(1, Math.abs(x)),
    );
  });
}

describe('in f64, to 1e-12', () => {
  test('the gradient of a batch is the mean of those of its halves; scaling the loss scales it; shifted logits move nothing', () =>
    law('halves, scaled losses, shifted logits', async (network, draw) => {
      const measure = await measuring(network);
      const rows = rowsFor(network, 6);
      const whole = measure(rows);
      const half = (from: number) =>
        measure({ x: rows.x.slice(from, from + 3), t: rows.t.slice(from, from + 3) });
      const [one, other] = [half(0), half(3)];
      expectWithin(
        one.map((x, i) => (x + (other[i] ?? 0)) / 2),
        whole,
        'mean of two halves',
      );
      const random = randomFrom(draw);
      const [scale, shift] = [8 * random() - 4, 20 * random() - 10];
      expectWithin(
        measure(rows, scale),
        whole.map((x) => x * scale),
        `scaled by ${scale}`,
      );
      expectWithin(measure(rows, 1, shift), whole, `shifted by ${shift}`);
      expect(whole.some((x) => x !== 0)).toBe(true);
    }));
});

test('every law was tried 200 times', () => {
  expect(counts.size).toBe(5);
  for (const [name, count] of counts) expect(count, name).toBe(200);
});
