/** The trainer: steps, the training loop, evaluation and predictions. */

import fc from 'fast-check';
import { describe, expect, expectTypeOf, test, vi } from 'vitest';
import {
  createTrainer,
  type FitOptions,
  InputError,
  type Progress,
  type Trainer,
} from '../../src/runtime/index.ts';
import { failure } from './failing.ts';
import { type LinearEvaluation, type LinearMetrics, linear, linearLayout, lineData } from './linear.ts';

async function collect<T>(iterable: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const one of iterable) all.push(one);
  return all;
}

/** What every step of a fit over records 0, 1, 2, … was given: the labels tell the records. */
async function recordsOf(
  count: number,
  options: FitOptions,
  seed = 0,
): Promise<readonly (readonly number[])[]> {
  const steps: (readonly number[])[] = [];
  const module = linear(linearLayout(), ({ y }, rows) => steps.push([...y.subarray(0, rows)]));
  const y = Array.from({ length: count }, (_, i) => i);
  await collect(
    createTrainer(module, { seed }).fit(
      { x: new Float32Array(2 * count), y },
      { onNonFinite: 'continue', ...options },
    ),
  );
  return steps;
}

describe('step', () => {
  test('takes any batch up to maxBatch and passes t and the seed', () => {
    const calls: (readonly number[])[] = [];
    const trainer = createTrainer(
      linear(linearLayout(), (_, ...rest) => calls.push(rest)),
      { seed: 5 },
    );
    const before = trainer.step({ x: [[1, 2]], y: [3] });
    trainer.step(lineData(4));
    expect(calls).toEqual([
      [1, 0, 5],
      [4, 1, 5],
    ]);
    expect(trainer.steps).toBe(2);
    // The program overwrites its metrics; what the first step returned still has the first learning rate.
    expect(before.learningRate).toBe(0.1);
  });
  test('refuses more than maxBatch records, naming both numbers', () => {
    const trainer = createTrainer(linear());
    expect(failure(() => trainer.step(lineData(5)))).toMatch(/data\/batch-too-large.*5 records.*at most 4/);
    expect(trainer.steps).toBe(0);
  });
  test('names a loss that is not finite', () => {
    const broken = createTrainer(linear());
    broken.state.w?.fill(Number.NaN);
    expect(failure(() => broken.step(lineData(1)))).toMatch(/train\/not-finite: The loss is NaN at step 1/);
  });
});

describe('fit', () => {
  test('learns, and reports each step', async () => {
    const trainer = createTrainer(linear());
    const seen = await collect(trainer.fit(lineData(10), { epochs: 100 }));
    expect(seen).toHaveLength(300);
    expect(seen[0]).toMatchObject({ step: 1, epoch: 1, samplesSeen: 4, stepsTotal: 300, learningRate: 0.1 });
    expect(seen[2]).toMatchObject({ step: 3, epoch: 1, samplesSeen: 10 });
    expect(seen[3]).toMatchObject({ step: 4, epoch: 2, samplesSeen: 14 });
    expect(trainer.evaluate(lineData(10)).loss).toBeLessThan(1e-3);
  });
  test('visits every record once per epoch; lastBatch says what becomes of the rest', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        async (count, batch, shuffle) => {
          const kept = await recordsOf(count, { batch, shuffle });
          expect(kept.map((records) => records.length)).toEqual(
            Array.from({ length: Math.ceil(count / batch) }, (_, i) => Math.min(batch, count - i * batch)),
          );
          const visited = kept.flat();
          expect([...visited].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
          if (!shuffle) expect(visited).toEqual([...visited].sort((a, b) => a - b));
          if (count < batch) return;
          const dropped = await recordsOf(count, { batch, shuffle, lastBatch: 'drop' });
          expect(dropped).toEqual(kept.filter((records) => records.length === batch));
        },
      ),
    );
  });
  test('visits the records in an order that the seed decides', async () => {
    expect(await recordsOf(20, {}, 1)).toEqual(await recordsOf(20, {}, 1));
    expect(await recordsOf(20, {}, 1)).not.toEqual(await recordsOf(20, {}, 2));
  });
  test('takes the epochs of two calls in the order of one', async () => {
    const one = await recordsOf(10, { epochs: 2 });
    const records: (readonly number[])[] = [];
    const trainer = createTrainer(
      linear(linearLayout(), ({ y }, rows) => records.push([...y.subarray(0, rows)])),
    );
    const data = { x: new Float32Array(20), y: Array.from({ length: 10 }, (_, i) => i) };
    await collect(trainer.fit(data, { steps: 2, onNonFinite: 'continue' }));
    const rest = await collect(trainer.fit(data, { steps: 4, onNonFinite: 'continue' }));
    expect(records).toEqual(one);
    expect(rest[0]).toMatchObject({ step: 3, epoch: 1, samplesSeen: 2, stepsTotal: 6 });
  });
  test.each([63, 64])('gathers records of %i numbers of 8 bytes whole', async (width) => {
    const layout = linearLayout();
    const inputs = layout.inputs.map((input) => ({
      ...input,
      dtype: 'f64' as const,
      shape: ['batch', width] as const,
    }));
    const module = linear({ ...layout, inputs }, ({ x, y }, count) => {
      for (let i = 0; i < count * width; i++) expect(x[i]).toBe((y[i] ?? 0) + 0.25);
      expect(new Set(y.subarray(0, width)).size).toBe(width);
    });
    const y = Array.from({ length: 7 * width }, (_, i) => i + 0.5);
    const trainer = createTrainer(module);
    await collect(trainer.fit({ x: y.map((value) => value + 0.25), y }, { onNonFinite: 'continue' }));
    await collect(
      trainer.fit({ x: y.map((value) => value + 0.25), y }, { onNonFinite: 'continue', shuffle: false }),
    );
  });
  test('uses the same two arrays for every step', async () => {
    const arrays = new Set<object>();
    const module = linear(linearLayout(), ({ x, y }) => void arrays.add(x).add(y));
    await collect(createTrainer(module).fit(lineData(10), { epochs: 5 }));
    expect(arrays.size).toBe(2);
  });
  test('passes all records in order without a copy', async () => {
    const data = lineData(4);
    const module = linear(linearLayout(), ({ x }) => expect(x).toBe(data.x));
    await collect(createTrainer(module).fit(data, { shuffle: false, epochs: 3 }));
  });
  test('ends without an error when aborted', async () => {
    const controller = new AbortController();
    const trainer = createTrainer(linear());
    for await (const { step } of trainer.fit(lineData(4), { steps: 100, signal: controller.signal })) {
      if (step === 7) controller.abort();
    }
    expect(trainer.steps).toBe(7);
    expect(await collect(trainer.fit(lineData(4), { signal: controller.signal }))).toEqual([]);
  });
  test('lets timers run, so that a page or a signal can end it', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 5);
    const trainer = createTrainer(linear());
    await collect(trainer.fit(lineData(4), { steps: 10_000_000, signal: controller.signal }));
    expect(trainer.steps).toBeLessThan(10_000_000);
  });
  test('pauses with a message where there is no setImmediate', async () => {
    vi.stubGlobal('setImmediate', undefined);
    const seen = await collect(createTrainer(linear()).fit(lineData(4), { steps: 3, yieldEveryMs: 0 }));
    vi.unstubAllGlobals();
    expect(seen).toHaveLength(3);
  });
  test('names step, epoch and batch of a loss that is not finite, or goes on if told to', async () => {
    const data = { x: [0, 0, 0, 0, 0, 0], y: [0, 0, 0] };
    const breaks = () => {
      const trainer: Trainer<{ x: Float32Array; y: Float32Array }, LinearMetrics, LinearEvaluation, object> =
        createTrainer(
          linear(linearLayout(), (_, __, t) => void (t === 4 && trainer.state.b?.fill(Number.NaN))),
        );
      return trainer;
    };
    const error = await collect(breaks().fit(data, { batch: 1, steps: 9 })).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({
      code: 'train/not-finite',
      message: expect.stringMatching(/NaN at step 5 \(epoch 2, batch 2 of 3, all counted from 1\)/),
    });
    expect(await collect(breaks().fit(data, { batch: 1, steps: 9, onNonFinite: 'continue' }))).toHaveLength(
      9,
    );
  });
  test.each<[object, RegExp]>([
    [{ epochs: -1 }, /"epochs" must be a whole number of at least 0, got -1/],
    [{ epochs: 1.5 }, /"epochs"/],
    [{ steps: Number.NaN }, /"steps" must be a whole number/],
    [{ epochs: 1, steps: 1 }, /not both/],
    [{ batch: 0 }, /"batch" must be a whole number from 1 to 4, got 0/],
    [{ batch: 5 }, /"batch" must be a whole number from 1 to 4, got 5/],
    [{ batch: '4' }, /got "4"/],
    [{ shuffle: 1 }, /"shuffle" must be true or false/],
    [{ lastBatch: 'pad' }, /"lastBatch" must be "keep" or "drop", got "pad"/],
    [{ onNonFinite: 'stop' }, /"onNonFinite"/],
    [{ yieldEveryMs: -1 }, /"yieldEveryMs"/],
    [{ epoch: 3 }, /no option "epoch".*Did you mean "epochs"/],
    [{ lastBatch: 'drop' }, /No step can be made: the data have 3 records, and a batch of 4/],
  ])('refuses the options %j at the call', (options, expected) => {
    expect(failure(() => createTrainer(linear()).fit(lineData(3), options))).toMatch(/^train\/option/);
    expect(failure(() => createTrainer(linear()).fit(lineData(3), options))).toMatch(expected);
  });
});

describe('evaluate', () => {
  test('does not depend on the batch', () => {
    const trainer = createTrainer(linear());
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 4 }), (count, batch) => {
        const [one, other] = [
          trainer.evaluate(lineData(count), { batch: 1 }),
          trainer.evaluate(lineData(count), { batch }),
        ];
        expect(Object.keys(other)).toEqual(['loss', 'error']);
        expect(Math.abs(one.loss - other.loss)).toBeLessThan(1e-6);
        expect(Math.abs(one.error - other.error)).toBeLessThan(1e-6);
      }),
    );
  });
  test('trains nothing and checks its option', () => {
    const trainer = createTrainer(linear());
    const before = trainer.save();
    trainer.evaluate(lineData(9));
    expect(trainer.save()).toEqual(before);
    expect(failure(() => trainer.evaluate(lineData(9), { batch: 9 }))).toMatch(/train\/option/);
  });
});

describe('predict', () => {
  test('gives a row for every record, in arrays of its own', () => {
    const trainer = createTrainer(linear());
    const [w, b] = [trainer.state.w ?? [], trainer.state.b ?? []];
    for (const count of [1, 4, 9]) {
      const { x } = lineData(count);
      const { prediction } = trainer.predict({ x });
      const rows = Array.from({ length: count }, (_, i) => [x[2 * i] ?? 0, x[2 * i + 1] ?? 0] as const);
      const expected = rows.map(([x0, x1]) => Math.fround((w[0] ?? 0) * x0 + (w[1] ?? 0) * x1 + (b[0] ?? 0)));
      expect([...prediction]).toEqual(expected);
      trainer.predict({ x: x.map((value) => value + 1) });
      expect([...prediction]).toEqual(expected);
    }
  });
  test('accepts data with labels and refuses data without inputs', () => {
    const trainer = createTrainer(linear());
    expect(trainer.predict(lineData(3))).toEqual(trainer.predict({ x: lineData(3).x }));
    expect(failure(() => trainer.predict({}))).toMatch(/data\/missing-column.*"x"/);
  });
});

test('a module that does not keep to its layout is reported as such', () => {
  const layout = linearLayout();
  const [first] = layout.state;
  if (first === undefined) throw new Error('the layout has a state');
  const module = linear({ ...layout, state: [{ ...first, name: 'nothing' }] });
  expect(() => createTrainer(module)).toThrow(
    'The module has no values for the state "nothing", expected 2.',
  );
});

describe('types', () => {
  const trainer = createTrainer(linear());
  test('carry the metrics and outputs of the module', () => {
    expectTypeOf(trainer.step).returns.toEqualTypeOf<LinearMetrics>();
    expectTypeOf(trainer.evaluate).returns.toEqualTypeOf<LinearEvaluation>();
    expectTypeOf(trainer.predict({ x: [0, 0] }).prediction).toEqualTypeOf<Float32Array>();
    expectTypeOf(trainer.fit(lineData(1))).toEqualTypeOf<AsyncIterable<Progress<LinearMetrics>>>();
    expectTypeOf<Progress<LinearMetrics>['error']>().toEqualTypeOf<number>();
    expectTypeOf<Progress<LinearMetrics>['step']>().toEqualTypeOf<number>();
  });
  test('make a misspelt, missing or extra column an error', () => {
    // @ts-expect-error a misspelt column
    expect(() => trainer.step({ x: [0, 0], Y: [0] })).toThrow(InputError);
    // @ts-expect-error a missing column
    expect(() => trainer.fit({ x: [0, 0] })).toThrow(InputError);
    // @ts-expect-error a column too many
    expect(() => trainer.evaluate({ x: [0, 0], y: [0], z: [0] })).toThrow(InputError);
    // @ts-expect-error a misspelt input
    expect(() => trainer.predict({ X: [0, 0] })).toThrow(InputError);
    // @ts-expect-error text is not a column
    expect(() => trainer.step({ x: 'zero', y: [0] })).toThrow(InputError);
    // @ts-expect-error a misspelt option
    expect(() => trainer.fit(lineData(1), { epoch: 1 })).toThrow(InputError);
  });
});
