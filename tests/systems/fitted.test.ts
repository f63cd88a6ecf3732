/** Statistics of the training data are fitted once, before the first step, and travel with the weights. */

import { describe, expect, it } from 'vitest';
import { adam, type ModelContext, minMax, model, zScore } from '../../src/index.ts';
import { InputError } from '../../src/runtime/index.ts';
import { eachCell, total } from './reference.ts';
import { anyLoss, normals, precisions, small, type Trainer, trainerOf } from './support.ts';
import { expectNear } from './training.ts';

const count = 37;
const names = ['noise', 'constant', 'zero', 'far', 'tiny'];
const width = names.length;

/** Features that are hard to normalize: constant, all 0, far from 0 with little variation, and tiny. */
const x = Array.from({ length: count }, (_, i) => {
  const [a = 0, b = 0, c = 0] = normals(200 + i, 3);
  return [a, 0.1, 0, 1000 + Math.round(8 * b) / 8, c * 1e-6].map(Math.fround);
});
const columns = names.map((_, j) => x.map((row) => row[j] ?? Number.NaN));
const least = columns.map((values) => Math.min(...values));
const most = columns.map((values) => Math.max(...values));
const means = columns.map(
  (values) => total(values.map((v) => v - (values[0] ?? 0))) / count + (values[0] ?? 0),
);
const variances = columns.map((values, j) => total(values.map((v) => (v - (means[j] ?? 0)) ** 2)) / count);

const normalizing = (m: ModelContext) => {
  const input = m.input('x', ['batch', 5]);
  const [ranged, scored] = [minMax(input), zScore(input)];
  const weight = m.param('weight', [5], () => ({ kind: 'constant', value: 1 }));
  return { loss: ranged.add(scored).mul(weight).square().mean(), outputs: { ranged, scored } };
};

const declared = small(normalizing, { optimizer: adam({ learningRate: 0.01 }) });

const over = (offset: readonly number[], size: readonly number[]) =>
  eachCell(x, (v, _, j) => ((size[j] ?? 0) > 0 ? (v - (offset[j] ?? 0)) / (size[j] ?? 0) : 0)).flat();

const refusal = (run: () => unknown): InputError => {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown;
    throw thrown;
  }
  throw new Error('Nothing was refused.');
};

const fitFor = async (trainer: Trainer, data: typeof x, steps = 1): Promise<void> => {
  for await (const { loss } of trainer.fit({ x: data }, { steps, batch: 8 })) expect(loss).toBeGreaterThan(0);
};

const statisticsOf = ({ layout, state }: Trainer) =>
  layout.state
    .filter(({ role }) => role === 'statistic')
    .map(({ name }) => [name, ...(state[name] ?? [])] as const);

describe.each(precisions)('in %s', (dtype) => {
  it('minMax and zScore have the range, mean and biased variance of all training data, not of a batch', async () => {
    const trainer = await trainerOf(declared, dtype);
    await fitFor(trainer, x);
    const tolerance = dtype === 'f64' ? 1e-12 : 1e-6;
    expect([...(trainer.state['x.min'] ?? [])]).toEqual(least);
    expect([...(trainer.state['x.max'] ?? [])]).toEqual(most);
    expectNear(trainer.state['x.mean'] ?? [], means, tolerance, 'mean');
    for (const [j, variance] of variances.entries())
      expectNear(
        [trainer.state['x.variance']?.[j] ?? Number.NaN],
        [variance],
        tolerance,
        `variance of ${names[j]}`,
      );
  });

  it('minMax scales training data to 0 to 1, zScore to mean 0 and variance 1; constants become 0', async () => {
    const trainer = await trainerOf(declared, dtype);
    trainer.fitStatistics({ x });
    const { ranged = [], scored = [] } = trainer.predict({ x });
    // The mean of the feature that is far from 0 is kept in float32 then.
    const tolerance = dtype === 'f64' ? 1e-11 : 5e-3;
    const ranges = most.map((value, j) => value - (least[j] ?? 0));
    expectNear(ranged, over(least, ranges), dtype === 'f64' ? 1e-12 : 1e-4, 'ranged');
    expectNear(scored, over(means, variances.map(Math.sqrt)), tolerance, 'scored');
    const column = (values: ArrayLike<number>, j: number) =>
      Array.from(values).filter((_, i) => i % width === j);
    for (const j of [1, 2]) {
      expect(new Set(column(ranged, j).map(Math.abs)), names[j]).toEqual(new Set([0]));
      expect(new Set(column(scored, j).map(Math.abs)), names[j]).toEqual(new Set([0]));
    }
    for (const j of [0, 3, 4]) {
      expect([Math.min(...column(ranged, j)), Math.max(...column(ranged, j))], names[j]).toEqual([0, 1]);
      const spread = total(column(scored, j).map((v) => v * v)) / count;
      expect(spread, names[j]).toBeCloseTo(1, dtype === 'f64' ? 10 : 4);
    }
  });

  it('a constant feature stays 0 for a value that the training data did not have', async () => {
    const trainer = await trainerOf(declared, dtype);
    trainer.fitStatistics({ x });
    const { ranged = [], scored = [] } = trainer.predict({ x: [[0, 5, -3, 1e4, 0]] });
    expect([ranged[1], ranged[2], scored[1], scored[2]].map((v) => Math.abs(v ?? Number.NaN))).toEqual([
      0, 0, 0, 0,
    ]);
  });
});

describe('a model with statistics to fit', () => {
  it('does not step, evaluate or predict before they are fitted', async () => {
    const trainer = await trainerOf(declared);
    const before = trainer.save();
    const batch = { x: x.slice(0, 4) };
    for (const run of [
      () => trainer.step(batch),
      () => trainer.evaluate(batch),
      () => trainer.predict(batch),
    ]) {
      const error = refusal(run);
      expect(error.code).toBe('train/not-fitted');
      expect(error.message).toMatch('"x.min", "x.max", "x.mean", "x.variance"');
      expect(error.help).toMatch('fitStatistics');
    }
    expect(trainer.save()).toEqual(before);
    expect(trainer.steps).toBe(0);
  });

  it('is fitted by fit before the first step, and by a second fit no more', async () => {
    const trainer = await trainerOf(declared);
    await fitFor(trainer, x);
    const fitted = statisticsOf(trainer);
    await fitFor(
      trainer,
      eachCell(x, (v) => 3 * v + 1).map((row) => [...row]),
      3,
    );
    expect(statisticsOf(trainer)).toEqual(fitted);
    trainer.fitStatistics({ x: x.slice(0, 3) });
    expect(statisticsOf(trainer)).not.toEqual(fitted);
  });

  it.each([{}, { parametersOnly: true }])(
    'has them from a file, with options %j, and fit leaves them',
    async (options) => {
      const trained = await trainerOf(declared);
      await fitFor(trained, x, 4);
      const loaded = await trainerOf(declared, 'f64', { seed: 3 });
      loaded.load(trained.save(), options);
      expect(statisticsOf(loaded)).toEqual(statisticsOf(trained));
      expect(loaded.predict({ x })).toEqual(trained.predict({ x }));
      await fitFor(loaded, x.slice(0, 9));
      expect(statisticsOf(loaded)).toEqual(statisticsOf(trained));
    },
  );

  it('takes them as initial values too', async () => {
    const init = { 'x.min': least, 'x.max': most, 'x.mean': means, 'x.variance': variances };
    const trainer = await trainerOf(declared, 'f64', { init });
    expect(trainer.evaluate({ x }).loss).toBeGreaterThan(0);
    const half = await trainerOf(declared, 'f64', { init: { 'x.min': least } });
    expect(refusal(() => half.evaluate({ x })).code).toBe('train/not-fitted');
  });

  it('keeps what it was given when the rest is fitted, and fits all anew when nothing is missing', async () => {
    const init = { 'x.min': least.map((v) => v - 1), 'x.max': most.map((v) => v + 1) };
    const trainer = await trainerOf(declared, 'f64', { init });
    await fitFor(trainer, x);
    expect([...(trainer.state['x.min'] ?? [])]).toEqual(init['x.min']);
    expect([...(trainer.state['x.max'] ?? [])]).toEqual(init['x.max']);
    expectNear(trainer.state['x.mean'] ?? [], means, 1e-12, 'mean');
    trainer.fitStatistics({ x });
    expect([...(trainer.state['x.min'] ?? [])]).toEqual(least);
  });

  it('trains them by no gradient, and changes them in no step', async () => {
    const trainer = await trainerOf(declared);
    trainer.fitStatistics({ x });
    const fitted = statisticsOf(trainer);
    for (let t = 0; t < 5; t++) trainer.step({ x: x.slice(0, 8) });
    expect(statisticsOf(trainer)).toEqual(fitted);
    const slots = trainer.layout.state.filter(({ role }) => role === 'slot').map(({ name }) => name);
    expect(slots).toEqual(['weight.m', 'weight.v']);
  });

  it('normalizes features of any shape, and shares what is fitted between uses', async () => {
    const shaped = model(
      'shaped',
      (m) => {
        const [one, image] = [m.input('one', ['batch']), m.input('image', ['batch', 2, 2])];
        const outputs = { one: minMax(one), image: minMax(image), again: minMax(image).mul(2) };
        return { loss: anyLoss(m), outputs };
      },
      { batch: 4, optimizer: adam({ learningRate: 0.1 }) },
    );
    const trainer = await trainerOf(shaped);
    const image = [
      [0, 1, 2, 3],
      [4, 1, 0, 6],
    ];
    const data = { one: [5, 9], image };
    trainer.fitStatistics(data);
    const found = trainer.predict(data);
    expect([...(found.one ?? [])]).toEqual([0, 1]);
    expect([...(found.image ?? [])]).toEqual([0, 0, 1, 0, 1, 0, 0, 1]);
    expect([...(found.again ?? [])]).toEqual([0, 0, 2, 0, 2, 0, 0, 2]);
    expect(statisticsOf(trainer).map(([name]) => name)).toEqual([
      'one.min',
      'one.max',
      'image.min',
      'image.max',
    ]);
  });
});
