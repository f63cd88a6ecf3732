/** What goes over the line between a page and its worker: each array once, few reports, and nothing of others. */

import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createTrainer, type Layout } from '../../src/runtime/index.ts';
import { createPacker } from '../../src/runtime/worker/columns.ts';
import { connect, type Endpoint, serve } from '../../src/runtime/worker/index.ts';
import { ownEndpoint } from '../../src/runtime/worker/port.ts';
import { linear, linearLayout, lineData } from './linear.ts';

type Linear = ReturnType<typeof linear>;

function channel(): { readonly page: MessagePort; readonly worker: MessagePort } {
  const { port1: page, port2: worker } = new MessageChannel();
  onTestFinished(() => {
    page.close();
    worker.close();
  });
  return { page, worker };
}

/** A trainer served over a channel in this thread, and what the page sends. */
async function wired(module: Linear = linear()) {
  const { page, worker } = channel();
  const sent: unknown[] = [];
  const spied: Endpoint = {
    on: (type, listener) => page.on(type, listener),
    close: () => page.close(),
    postMessage(message, transfer) {
      sent.push(message);
      page.postMessage(message, transfer);
    },
  };
  await serve(module, { port: worker });
  return { trainer: await connect<Linear>(spied), sent, worker };
}

/** The arrays in messages, wherever they are. */
const arraysIn = (value: unknown): readonly ArrayBufferView[] => {
  if (ArrayBuffer.isView(value)) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(arraysIn) : [];
};

const drained = async <T>(reports: AsyncIterable<T>): Promise<number> => {
  let count = 0;
  for await (const _ of reports) count++;
  return count;
};

describe('arrays', () => {
  test('are sent once, whatever objects they are in', async () => {
    const { trainer, sent } = await wired();
    const { x, y } = lineData(10);
    await drained(trainer.fit({ x, y }, { steps: 2 }));
    expect(arraysIn(sent)).toHaveLength(2);
    sent.length = 0;
    await drained(trainer.fit({ x, y }, { steps: 2 }));
    await trainer.evaluate({ x, y });
    await trainer.fitStatistics({ x });
    await trainer.predict({ x });
    expect(arraysIn(sent)).toEqual([]);
  });

  test('of step and predict are sent anew, so that they may change', async () => {
    const { trainer } = await wired();
    const here = createTrainer(linear());
    const x = Float32Array.of(1, 2);
    for (const value of [1, 5]) {
      x[0] = value;
      expect(await trainer.predict({ x })).toEqual(here.predict({ x }));
    }
  });

  test('that are parts of larger memory are sent without the rest of it', async () => {
    const { trainer, sent } = await wired();
    const here = createTrainer(linear());
    const memory = new Float32Array(10_000);
    const [x, y] = [memory.subarray(10, 14), Buffer.from([1, 2, 3, 4]).subarray(1, 3)];
    expect(await trainer.evaluate({ x, y })).toEqual(here.evaluate({ x, y }));
    expect(arraysIn(sent).map(({ buffer }) => buffer.byteLength)).toEqual([16, 2]);
  });

  test('are forgotten when nobody has them any more', async () => {
    const { trainer, sent, worker } = await wired();
    const { x, y } = lineData(2);
    await trainer.evaluate({ x, y });
    worker.emit('message', { chainrule: { kind: 'forget', column: 1 } });
    // What the garbage collector would say of x; asking for it again is then a column that is not there.
    await expect(trainer.evaluate({ x, y })).rejects.toMatchObject({ code: 'data/wrong-length' });
    expect(arraysIn(sent)).toHaveLength(2);
  });

  test('of a call that failed are sent again', () => {
    const forgotten: number[] = [];
    const packer = createPacker((column) => forgotten.push(column));
    const data = { x: [1], y: 'text' };
    const parcel = packer.pack(data, { keep: true, transfer: false });
    expect(packer.pack(data, { keep: true, transfer: false }).data).toMatchObject({
      columns: [
        ['x', { kind: 'kept', id: 1 }],
        ['y', { kind: 'once' }],
      ],
    });
    parcel.refused(true);
    expect(forgotten).toEqual([1]);
    expect(packer.pack(data, { keep: true, transfer: false }).data).toMatchObject({
      columns: [
        ['x', { kind: 'keep', id: 2 }],
        ['y', {}],
      ],
    });
  });

  test('of a call that could not be sent are sent by the next one, also in the same turn', async () => {
    const { trainer } = await wired();
    const { x, y } = lineData(2);
    // @ts-expect-error a function is no column
    const unsent = trainer.evaluate({ x, y: [() => 1] });
    const next = trainer.evaluate({ x, y });
    await expect(unsent).rejects.toMatchObject({ code: 'worker/not-sendable' });
    expect(await next).toEqual(createTrainer(linear()).evaluate({ x, y }));
  });

  test('that were transferred stay with the worker when the call fails', async () => {
    const { trainer } = await wired();
    const [data, copy] = [lineData(10), lineData(10)];
    // @ts-expect-error a misspelt option
    const failed = drained(trainer.fit(data, { transfer: true, epoch: 1 }));
    await expect(failed).rejects.toMatchObject({ code: 'train/option' });
    expect(data.x).toHaveLength(0);
    expect(await trainer.evaluate(data)).toEqual(createTrainer(linear()).evaluate(copy));
  });

  test('that are parts of larger memory are not transferred, and nor is the rest of it', async () => {
    const { trainer } = await wired();
    const memory = Float32Array.from({ length: 12 }, (_, i) => i);
    const data = { x: memory.subarray(0, 4), y: memory.subarray(4, 6) };
    expect(await trainer.evaluate(data, { transfer: true })).toEqual(createTrainer(linear()).evaluate(data));
    expect(memory).toHaveLength(12);
  });

  test('may have any name', async () => {
    const [input] = linearLayout().inputs;
    const inputs = [
      { ...input, name: '__proto__', role: 'input', dtype: 'f32', shape: ['batch', 2] },
    ] as const;
    const layout: Layout = { ...linearLayout(), inputs };
    const { page, worker } = channel();
    await serve({ ...linear(), layout }, { port: worker });
    const trainer = await connect(page);
    await expect(trainer.evaluate({ ['__proto__']: [1, 2, 3] })).rejects.toMatchObject({
      message: expect.stringContaining('"__proto__" has 3 values'),
    });
  });
});

describe('reports', () => {
  test('are asked for one by one: a page that is busy has none waiting', async () => {
    const { trainer, worker } = await wired();
    const post = vi.spyOn(worker, 'postMessage');
    const reports = trainer.fit(lineData(4), { steps: 1e9 });
    let taken = 0;
    for await (const _ of reports) {
      // Longer than the training waits between two reports.
      await new Promise((resolve) => setTimeout(resolve, 40));
      if (++taken === 3) break;
    }
    const kinds = post.mock.calls.map(([message]) => message.chainrule.kind);
    expect(kinds.filter((kind) => kind === 'progress').length).toBeLessThanOrEqual(taken + 1);
  });

  test('of a training that was not iterated over do not start it', async () => {
    const { trainer, sent } = await wired();
    sent.length = 0;
    trainer.fit(lineData(4));
    expect(await trainer.steps()).toBe(0);
    expect(sent).toHaveLength(1);
  });
});

describe('the line', () => {
  test('is that of a browser too: events, and a start', async () => {
    const { page, worker } = channel();
    const eventful = (port: MessagePort): Endpoint => ({
      postMessage: (message, transfer) => port.postMessage(message, transfer),
      addEventListener: (type, listener) => port.addEventListener(type, listener),
      start: () => port.start(),
    });
    const serving = serve(linear(), { port: eventful(worker) });
    const trainer = await connect<Linear>(eventful(page), { seed: 2 });
    await serving;
    expect(await drained(trainer.fit(lineData(10), { epochs: 1, everyStep: true }))).toBe(3);
    const here = createTrainer(linear(), { seed: 2 });
    await drained(here.fit(lineData(10), { epochs: 1 }));
    expect(await trainer.save()).toEqual(here.save());
  });

  test.each([
    ['error', { message: 'Uncaught Error: out of luck' }, /has ended: Uncaught Error: out of luck\./],
    ['error', {}, /has ended: its script could not be loaded\./],
    ['messageerror', {}, /has ended: a message could not be read\./],
  ])('breaks by the event %s %j', async (type, event, expected) => {
    const listeners = new Map<string, (event: unknown) => void>();
    const opening = connect({
      postMessage() {},
      terminate() {},
      addEventListener: (name, listener) => void listeners.set(name, listener),
    });
    listeners.get(type)?.(event);
    await expect(opening).rejects.toMatchObject({
      code: 'worker/died',
      message: expect.stringMatching(expected),
    });
  });

  test('may be listened to late: the worker says when it does', async () => {
    const { page, worker } = channel();
    // As in a browser, where messages are dropped that come before somebody listens.
    worker.on('message', () => {});
    const opening = connect<Linear>(page, { seed: 3 });
    await new Promise((resolve) => setTimeout(resolve, 10));
    await serve(linear(), { port: worker });
    expect(await (await opening).save()).toEqual(createTrainer(linear(), { seed: 3 }).save());
  });

  test('carries what others say as well', async () => {
    const { trainer, worker } = await wired();
    worker.emit('message', 'from the page');
    worker.emit('message', { chainrule: undefined });
    worker.postMessage({ theirs: 1 });
    worker.postMessage(null);
    expect(await trainer.steps()).toBe(0);
  });

  test('takes defaults of the worker, which the page overrules', async () => {
    const { page, worker } = channel();
    await serve(linear(), { port: worker, seed: 5, init: { b: [2] } });
    const trainer = await connect<Linear>(page, { seed: 6 });
    const here = createTrainer(linear(), { seed: 6, init: { b: [2] } });
    expect(await trainer.save()).toEqual(here.save());
    await trainer.close();
  });

  test('stays whole whatever comes over it', async () => {
    const { trainer, worker } = await wired();
    for (const junk of [
      5,
      null,
      'text',
      {},
      { kind: 'next', fit: 9 },
      { kind: 'stop' },
      { kind: 'stop', fit: 9 },
    ])
      worker.emit('message', { chainrule: junk });
    for (const reply of [5, {}, { kind: 'result', id: 99, value: 1 }, { kind: 'progress', fit: 99 }])
      worker.postMessage({ chainrule: reply });
    worker.postMessage({ chainrule: { kind: 'failure', id: 99, failure: { kind: 'bug', message: 'none' } } });
    expect(await trainer.steps()).toBe(0);
  });

  test('tells calls of another version that they are unknown', async () => {
    const { page, worker } = channel();
    await serve(linear(), { port: worker });
    const replies: unknown[] = [];
    page.on('message', ({ chainrule }) => replies.push(chainrule));
    page.postMessage({ chainrule: { kind: 'call', id: 1, call: { kind: 'fly' } } });
    await vi.waitFor(() => expect(replies).toHaveLength(2));
    expect(replies[1]).toMatchObject({ kind: 'failure', id: 1, failure: { kind: 'bug' } });
  });

  test('says when the worker could not read a message', async () => {
    const { trainer, worker } = await wired();
    const steps: number[] = [];
    const training = (async () => {
      for await (const { step } of trainer.fit(lineData(4), { steps: 1e9 })) steps.push(step);
    })();
    await vi.waitFor(() => expect(steps.length).toBeGreaterThan(0));
    worker.emit('messageerror', new Error('unreadable'));
    await expect(training).rejects.toMatchObject({
      code: 'worker/died',
      message: expect.stringMatching(/a message could not be read/),
    });
  });

  test('takes the training with it when it is closed', async () => {
    let made = 0;
    const { trainer } = await wired(linear(linearLayout(), () => void made++));
    const training = drained(trainer.fit(lineData(4), { steps: 1e9 }));
    await vi.waitFor(() => expect(made).toBeGreaterThan(0));
    await Promise.all([trainer.close(), expect(training).rejects.toMatchObject({ code: 'worker/closed' })]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = made;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(made).toBe(before);
  });

  test('ends with its channel', async () => {
    const { trainer, worker } = await wired();
    worker.close();
    await vi.waitFor(() => expect(trainer.steps()).rejects.toMatchObject({ code: 'worker/died' }));
  });
});

describe("a worker's own line", () => {
  test('is its global scope in a browser', () => {
    vi.stubGlobal('postMessage', () => {});
    vi.stubGlobal('addEventListener', () => {});
    onTestFinished(() => void vi.unstubAllGlobals());
    expect(ownEndpoint()).toBe(globalThis);
  });

  test('is none in a page or a program, which is told so', async () => {
    await expect(serve(linear())).rejects.toThrow(/serve is for the file of a worker/);
    vi.stubGlobal('postMessage', () => {});
    vi.stubGlobal('addEventListener', () => {});
    vi.stubGlobal('document', {});
    onTestFinished(() => void vi.unstubAllGlobals());
    await expect(serve(linear())).rejects.toThrow(/serve is for the file of a worker/);
  });

  test('that nobody opened refuses calls', async () => {
    const { page, worker } = channel();
    await serve(linear(), { port: worker });
    const replies: unknown[] = [];
    page.on('message', ({ chainrule }) => replies.push(chainrule));
    page.postMessage({ chainrule: { kind: 'call', id: 1, call: { kind: 'steps' } } });
    await vi.waitFor(() => expect(replies).toHaveLength(2));
    expect(replies).toMatchObject([
      { kind: 'ready' },
      { kind: 'failure', id: 1, failure: { kind: 'bug', message: 'The worker was not opened.' } },
    ]);
  });
});
