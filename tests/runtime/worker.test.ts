/** A trainer in a worker: the results of one that is not, and a page that can always pause, ask and stop. */

import { setTimeout as sleep } from 'node:timers/promises';
import { type MessagePort, Worker } from 'node:worker_threads';
import { afterAll, describe, expect, expectTypeOf, onTestFinished, test } from 'vitest';
import {
  createTrainer,
  InputError,
  type Progress,
  type TrainerModule,
  type TrainerOptions,
} from '../../src/runtime/index.ts';
import { connect, type Endpoint, type RemoteTrainer } from '../../src/runtime/worker/index.ts';
import { inputError } from './failing.ts';
import {
  type LinearBatch,
  type LinearEvaluation,
  type LinearMetrics,
  type LinearOutputs,
  linear,
  lineData,
} from './linear.ts';
import { workerFiles } from './worker-files.ts';

type Linear = ReturnType<typeof linear>;

const example = 'examples/01-logistic-regression/model.trainer.ts';
const files = workerFiles(example);
afterAll(files.remove);

const start = `import { serve } from './src/runtime/worker/index.js';`;
const linearFile = files.file(
  'linear.worker.js',
  `${start} import { linear } from './tests/runtime/linear.js'; serve(linear());`,
);

/** A worker that runs a file, ended with the test. */
function workerOf(file: string): Worker {
  const worker = new Worker(file);
  onTestFinished(async () => void (await worker.terminate()));
  return worker;
}

const remote = (options?: TrainerOptions) => connect<Linear>(workerOf(linearFile), options);

async function collect<T>(iterable: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const one of iterable) all.push(one);
  return all;
}

/** What a promise is rejected with. */
async function rejection(promise: Promise<unknown>): Promise<InputError> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof InputError) return thrown;
  throw new Error(`expected an InputError, got ${thrown}`);
}

/** A training without end, in the background: what it reported, and its end. */
function endless(trainer: RemoteTrainer<LinearBatch, LinearMetrics, LinearEvaluation, LinearOutputs>) {
  const steps: number[] = [];
  const run = async (): Promise<void> => {
    for await (const { step } of trainer.fit(lineData(10), { steps: 1e9 })) steps.push(step);
  };
  return { steps, ended: run() };
}

const untilTraining = async (steps: readonly number[]): Promise<void> => {
  while (steps.length === 0) await sleep(1);
};

describe('a trainer in a worker', () => {
  test('has the weights of one that is not, in every bit', async () => {
    const here = createTrainer(linear(), { seed: 7 });
    const there = await remote({ seed: 7 });
    const data = lineData(11);
    const options = { epochs: 40, batch: 3 };
    const expected = await collect(here.fit(data, options));
    const reports = await collect(there.fit(data, options));
    expect(reports.at(-1)).toEqual(expected.at(-1));
    expect(await there.save()).toEqual(here.save());
    expect(await there.step(lineData(2))).toEqual(here.step(lineData(2)));
    expect(await there.evaluate(data, { batch: 2 })).toEqual(here.evaluate(data, { batch: 2 }));
    expect(await there.predict({ x: data.x })).toEqual(here.predict({ x: data.x }));
    expect(await there.steps()).toBe(here.steps);
    expect(there.layout).toEqual(here.layout);
  });

  test('trains emitted code too', async () => {
    const file = files.file(
      'logistic.worker.js',
      `${start} import * as trainer from './${example.replace(/ts$/, 'js')}'; serve(trainer);`,
    );
    const logistic: TrainerModule = await import(/* @vite-ignore */ `../../${example}`);
    const x = Float32Array.from({ length: 10 }, (_, i) => ((i * 7) % 13) / 13);
    const data = { x, y: [0, 1, 1, 0, 1] };
    const here = createTrainer(logistic, { seed: 3 });
    const there = await connect(workerOf(file), { seed: 3 });
    const expected = await collect(here.fit(data, { epochs: 5 }));
    expect(await collect(there.fit(data, { epochs: 5, everyStep: true }))).toEqual(expected);
    expect(await there.save()).toEqual(here.save());
  });

  test('takes initial values, saved weights, and two trainings one after the other', async () => {
    const here = createTrainer(linear(), { seed: 1, init: { w: [1, 2] } });
    const there = await remote({ seed: 1, init: { w: [1, 2] } });
    for (const steps of [5, 7]) {
      await collect(here.fit(lineData(10), { steps }));
      await collect(there.fit(lineData(10), { steps }));
    }
    expect(await there.save()).toEqual(here.save());
    const other = await remote({ seed: 1 });
    await other.load(here.save());
    expect(await other.steps()).toBe(12);
    await other.load(here.save(), { parametersOnly: true });
    expect(await other.steps()).toBe(0);
    await other.fitStatistics({ x: [1, 2] });
  });
});

describe('progress', () => {
  test('of every step is what a trainer without a worker reports, step by step', async () => {
    const here = createTrainer(linear());
    const there = await remote();
    const expected = await collect(here.fit(lineData(10), { epochs: 20 }));
    expect(await collect(there.fit(lineData(10), { epochs: 20, everyStep: true }))).toEqual(expected);
    for await (const { step } of there.fit(lineData(10), { steps: 100, everyStep: true }))
      if (step === 67) break;
    expect(await there.steps()).toBe(67);
  });

  test('comes now and then by default, in order, with the last step at the end', async () => {
    const there = await remote();
    const reports = await collect(there.fit(lineData(10), { steps: 150_000, batch: 2 }));
    const steps = reports.map(({ step }) => step);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    expect(steps.length).toBeLessThan(20_000);
    expect(reports.at(-1)).toMatchObject({
      step: 150_000,
      stepsTotal: 150_000,
      samplesSeen: 300_000,
    });
  });

  test('of a slow reader is the latest one', async () => {
    const there = await remote();
    const steps: number[] = [];
    for await (const { step } of there.fit(lineData(10), { steps: 1e9 })) {
      steps.push(step);
      await sleep(60);
      if (steps.length === 4) break;
    }
    const gaps = steps.slice(1).map((step, i) => step - (steps[i] ?? 0));
    // In 60 ms a worker makes thousands of steps; each report is one made since the last was taken.
    expect(Math.min(...gaps)).toBeGreaterThan(100);
  });
});

describe('a training that is running', () => {
  test('rests when paused, and goes on when resumed', async () => {
    const there = await remote();
    const { steps, ended } = endless(there);
    await untilTraining(steps);
    await there.pause();
    const resting = await there.steps();
    await sleep(40);
    expect(await there.steps()).toBe(resting);
    // The report of the rest is there, whenever the last one was.
    expect(steps.at(-1)).toBe(resting);
    await there.pause();
    await there.resume();
    while ((steps.at(-1) ?? 0) <= resting) await sleep(1);
    await there.abort();
    await ended;
  });

  test('ends without an error when aborted, by a call or by a signal, also while it rests', async () => {
    const there = await remote();
    const first = endless(there);
    await untilTraining(first.steps);
    await there.abort();
    await first.ended;
    expect(first.steps.at(-1)).toBe(await there.steps());

    const controller = new AbortController();
    const options = { steps: 1e9, signal: controller.signal };
    for await (const _ of there.fit(lineData(10), options)) controller.abort();
    const before = await there.steps();
    expect(await collect(there.fit(lineData(10), options))).toEqual([]);
    expect(await there.steps()).toBe(before);

    const third = endless(there);
    await untilTraining(third.steps);
    await there.pause();
    await there.abort();
    await third.ended;
  });

  test('ends when its loop is left, and another one can start', async () => {
    const there = await remote();
    for await (const _ of there.fit(lineData(10), { steps: 1e9 })) break;
    const steps = await there.steps();
    await sleep(20);
    expect(await there.steps()).toBe(steps);
    const [last] = await collect(there.fit(lineData(10), { steps: 1, shuffle: false }));
    expect(last?.step).toBe(steps + 1);
  });

  test('answers with the weights of the moment, and refuses what would change them', async () => {
    const there = await remote();
    const { steps, ended } = endless(there);
    await untilTraining(steps);
    const early = await there.predict({ x: [1, 1] });
    expect(early.prediction).toHaveLength(1);
    expect((await there.evaluate(lineData(10))).loss).toBeLessThan(10);
    await there.pause();
    const moment = createTrainer(linear());
    moment.load(await there.save());
    expect(await there.predict({ x: [1, 1] })).toEqual(moment.predict({ x: [1, 1] }));
    await there.resume();
    const refused = [
      () => there.step(lineData(1)),
      () => there.load(moment.save()),
      () => there.fitStatistics({ x: [1, 2] }),
      () => collect(there.fit(lineData(1))),
    ];
    for (const [i, call] of refused.entries()) {
      const { code, message } = await rejection(call());
      expect({ code, message }).toEqual({
        code: 'worker/busy',
        message: `${['step', 'load', 'fitStatistics', 'fit'][i]}() cannot change the model while a fit is training it in the worker.`,
      });
    }
    await there.abort();
    await ended;
    await there.step(lineData(1));
  });

  test('has nothing to pause, resume or abort before and after', async () => {
    const there = await remote();
    await there.pause();
    await there.resume();
    await there.abort();
    expect(await collect(there.fit(lineData(4), { steps: 1 }))).toHaveLength(1);
  });
});

describe('errors', () => {
  test('are those of a trainer without a worker: code, words and help', async () => {
    const here = createTrainer(linear());
    const there = await remote();
    const wrong = { x: [1, 2, 3, Number.NaN], y: [1, 2] };
    for (const [local, distant] of [
      [() => here.fit(wrong), () => collect(there.fit(wrong))],
      [() => here.step(wrong), () => there.step(wrong)],
      [() => here.evaluate(lineData(1), { batch: 9 }), () => there.evaluate(lineData(1), { batch: 9 })],
      // @ts-expect-error a misspelt column
      [() => here.predict({ X: [1, 2] }), () => there.predict({ X: [1, 2] })],
      // @ts-expect-error no columns at all
      [() => here.step([1, 2]), () => there.step([1, 2])],
      // @ts-expect-error text is no column
      [() => here.step({ x: '12', y: [1] }), () => there.step({ x: '12', y: [1] })],
      // @ts-expect-error a misspelt option
      [() => here.fit(lineData(1), { epoch: 1 }), () => collect(there.fit(lineData(1), { epoch: 1 }))],
      [() => here.load(new Uint8Array(3)), () => there.load(new Uint8Array(3))],
    ] as const) {
      const { code, message, help } = await rejection(distant());
      const expected = inputError(local);
      expect({ code, message, help }).toEqual({
        code: expected.code,
        message: expected.message,
        help: expected.help,
      });
    }
    expect(await there.steps()).toBe(0);
  });

  test('of data are gone when the same array is mended in place', async () => {
    const there = await remote();
    const data = { x: Float32Array.of(1, 2, Number.NaN, 4), y: [1, 2] };
    expect((await rejection(there.evaluate(data))).code).toBe('data/not-finite');
    expect((await rejection(collect(there.fit(data)))).code).toBe('data/not-finite');
    data.x[2] = 3;
    expect(await collect(there.fit(data))).toHaveLength(1);
  });

  test('of a step come after the report of the step before, with all that made it', async () => {
    const file = files.file(
      'breaking.worker.js',
      `${start} import { linear, linearLayout } from './tests/runtime/linear.js';
      const module = linear(linearLayout(), ({ y }, count, t) => void (t === 5 && y.fill(Infinity)));
      serve(module, { seed: 4 });`,
    );
    const there = await connect<Linear>(workerOf(file));
    const reports: Progress<LinearMetrics>[] = [];
    const run = async (): Promise<void> => {
      for await (const report of there.fit(lineData(4), { steps: 9 })) reports.push(report);
    };
    const { code, replay } = await rejection(run());
    expect(code).toBe('train/not-finite');
    expect(replay).toMatchObject({ t: 5, seed: 4, count: 4 });
    expect(replay?.state.w).toBeInstanceOf(Float32Array);
    expect(reports.at(-1)?.step).toBe(5);
    expect(await there.steps()).toBe(5);
  });

  test('of a bug keep their words', async () => {
    const file = files.file(
      'buggy.worker.js',
      `${start} import { linear, linearLayout } from './tests/runtime/linear.js';
      serve(linear(linearLayout(), () => { throw new TypeError('a bug'); }));`,
    );
    const there = await connect<Linear>(workerOf(file));
    await expect(there.step(lineData(1))).rejects.toThrow(/^a bug$/);
    await expect(collect(there.fit(lineData(1)))).rejects.toThrow(/^a bug$/);
  });

  test('of the options end the connection and the worker', async () => {
    const worker = new Worker(linearFile);
    const exited = new Promise((resolve) => worker.once('exit', resolve));
    expect((await rejection(connect<Linear>(worker, { seed: -1 }))).message).toMatch(/"seed" must be/);
    await exited;
  });

  test('say what cannot be sent', async () => {
    const there = await remote();
    // @ts-expect-error a function is no column
    const error = await rejection(there.evaluate({ x: [() => 1], y: [1] }));
    expect(error).toMatchObject({
      code: 'worker/not-sendable',
      message: expect.stringMatching(/could not be cloned/),
    });
    expect(await collect(there.fit(lineData(4)))).toHaveLength(1);
  });
});

describe('a worker that dies', () => {
  const dying = (how: string) =>
    files.file(
      'dying.worker.js',
      `${start} import { linear, linearLayout } from './tests/runtime/linear.js';
      serve(linear(linearLayout(), (_, __, t) => { if (t === 0) { ${how} } }));`,
    );

  test.each([
    ['by an error', "setTimeout(() => { throw new Error('out of luck'); })", /has ended: out of luck\./],
    ['by its own exit', 'process.exit(3)', /has ended: exit code 3\./],
  ])('%s rejects all that waits for it, and what comes later', async (_, how, expected) => {
    const there = await connect<Linear>(workerOf(dying(how)));
    const training = rejection(collect(there.fit(lineData(10), { steps: 1e9 })));
    const resting = rejection(there.pause().then(() => there.evaluate(lineData(4)).then(() => training)));
    for (const error of [await training, await resting, await rejection(there.steps())]) {
      expect(error.code).toBe('worker/died');
      expect(error.message).toMatch(expected);
      expect(error.help).toMatch(/Connect to a new worker/);
    }
  });

  test('before it serves rejects the connection', async () => {
    const broken = files.file('broken.worker.js', "import './missing.js';");
    expect(await rejection(connect(workerOf(broken)))).toMatchObject({
      code: 'worker/died',
      message: expect.stringMatching(/missing\.js/),
    });
  });

  test('because it was closed says so', async () => {
    const there = await remote();
    const { steps, ended } = endless(there);
    await untilTraining(steps);
    const waiting = rejection(ended);
    await there.close();
    await there.close();
    expect((await waiting).code).toBe('worker/closed');
    expect((await rejection(there.save())).code).toBe('worker/closed');
  });

  test('is connected once', async () => {
    const worker = workerOf(linearFile);
    await connect<Linear>(worker);
    expect(await rejection(connect<Linear>(worker))).toMatchObject({
      code: 'worker/busy',
      message: expect.stringMatching(/connected already/),
    });
  });
});

test('arrays that are transferred are gone here, and known there', async () => {
  const here = createTrainer(linear());
  const there = await remote();
  const [data, copy] = [lineData(10), lineData(10)];
  await collect(there.fit(data, { steps: 3, transfer: true }));
  expect(data.x).toHaveLength(0);
  await collect(here.fit(copy, { steps: 3 }));
  expect(await there.evaluate(data)).toEqual(here.evaluate(copy));
  const rows = { x: [Float32Array.of(1, 2)], y: [3] };
  expect(await there.evaluate(rows, { transfer: true })).toEqual(here.evaluate({ x: [1, 2], y: [3] }));
  expect(rows.x[0]).toHaveLength(0);
});

describe('types', () => {
  test('are those of the module, as promises', async () => {
    const there = await remote();
    expectTypeOf(there.step).returns.toEqualTypeOf<Promise<LinearMetrics>>();
    expectTypeOf(there.evaluate).returns.toEqualTypeOf<Promise<LinearEvaluation>>();
    expectTypeOf(there.predict).returns.toEqualTypeOf<Promise<LinearOutputs>>();
    expectTypeOf(there.fit).returns.toEqualTypeOf<AsyncIterable<Progress<LinearMetrics>>>();
    expectTypeOf<Worker>().toExtend<Endpoint>();
    expectTypeOf<MessagePort>().toExtend<Endpoint>();
    // @ts-expect-error a misspelt column
    expect((await rejection(there.step({ X: [1, 2], y: [1] }))).code).toBe('data/unknown-column');
  });
});
