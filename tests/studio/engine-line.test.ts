/** The line between page and engine: answers, failures, events, and a worker that hangs or dies. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectEngine, type EngineWorker } from '../../src/studio/engine/client.ts';
import { EngineError } from '../../src/studio/engine/problems.ts';
import type { FromEngine, ToEngine } from '../../src/studio/engine/protocol.ts';
import { serve } from '../../src/studio/engine/serve.ts';
import type { Session } from '../../src/studio/engine/session.ts';
import { openSession } from './engine-support.ts';

/** A worker in this thread, whose messages are copied and arrive later; nothing is heard from it while it is stuck. */
function workerOf(session: Session) {
  const listeners = new Map<string, ((event: { readonly data?: unknown }) => void)[]>();
  const tell = (type: string, data: unknown): void => {
    for (const listener of listeners.get(type) ?? []) listener({ data });
  };
  const state = { stuck: false, ended: false };
  const later = (run: () => void): void => void setTimeout(() => (state.stuck || state.ended ? 0 : run()), 0);
  const receive = serve(session, (message: FromEngine) =>
    later(() => tell('message', structuredClone(message))),
  );
  const worker: EngineWorker = {
    postMessage: (message: ToEngine) => later(() => receive(structuredClone(message))),
    addEventListener: (type, listener) =>
      void listeners.set(type, [...(listeners.get(type) ?? []), listener]),
    terminate: () => {
      state.ended = true;
    },
  };
  return { worker, state, crash: () => tell('error', undefined) };
}

const slow = (ms: number): Session => ({
  ...openSession(),
  pause: () =>
    new Promise((resolve) => setTimeout(() => resolve({ running: false, step: ms, stepsPerEpoch: 1 }), ms)),
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Lets messages go there and back. */
const passed = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('a call', () => {
  it('is answered, one after the other in their order', async () => {
    const { worker } = workerOf(slow(20));
    const engine = connectEngine(worker);
    const answers: string[] = [];
    void engine.call('pause').then(({ step }) => answers.push(`paused ${step}`));
    void engine
      .call('play')
      .catch((error: unknown) => answers.push(error instanceof EngineError ? error.code : ''));
    void engine.ready.then(() => answers.push('ready'));
    await passed(50);
    expect(answers).toEqual(['ready', 'paused 20', 'engine/no-model']);
  });

  it('fails with code, message and help', async () => {
    const engine = connectEngine(workerOf(openSession()).worker);
    const failure = engine.call('stepOnce').catch((error: unknown) => error);
    await passed(10);
    expect(await failure).toMatchObject({
      name: 'EngineError',
      code: 'engine/no-model',
      message: 'There is no model yet that could be trained.',
      help: 'Correct what is wrong with it.',
    });
  });
});

describe('an engine', () => {
  it('that does not answer for as long as the page has patience counts as dead', async () => {
    const { worker, state } = workerOf(slow(10));
    const engine = connectEngine(worker, { patience: 1000 });
    const deaths: string[] = [];
    engine.onDeath(({ code }) => deaths.push(code));
    await passed(5);
    state.stuck = true;
    const failures = ['pause', 'examine'] as const;
    const rejected = Promise.all(failures.map((name) => engine.call(name).catch((error: unknown) => error)));
    await passed(900);
    expect(deaths).toEqual([]);
    await passed(400);
    expect(deaths).toEqual(['engine/silent']);
    expect(state.ended).toBe(true);
    expect(await rejected).toMatchObject(failures.map(() => ({ code: 'engine/silent' })));
    await expect(engine.call('pause')).rejects.toMatchObject({ code: 'engine/silent' });
  });

  it('that takes long but gives signs of life may take as long as it likes', async () => {
    const { worker } = workerOf(slow(10_000));
    const engine = connectEngine(worker, { patience: 1000 });
    const answer = engine.call('pause');
    await passed(11_000);
    expect(await answer).toMatchObject({ step: 10_000 });
  });

  it('that nothing is asked of may be silent', async () => {
    const { worker, state } = workerOf(slow(10));
    const engine = connectEngine(worker, { patience: 1000 });
    const answer = engine.call('pause');
    await passed(100);
    await answer;
    state.stuck = true;
    await passed(60_000);
    expect(state.ended).toBe(false);
  });

  it('that dies is told of once, and rejects what waits for it', async () => {
    const { worker, crash } = workerOf(slow(100));
    const engine = connectEngine(worker);
    const deaths: string[] = [];
    engine.onDeath(({ code }) => deaths.push(code));
    const answer = engine.call('pause').catch((error: unknown) => error);
    crash();
    crash();
    expect(await answer).toMatchObject({ code: 'engine/died' });
    await expect(engine.ready).rejects.toMatchObject({ code: 'engine/died' });
    expect(deaths).toEqual(['engine/died']);
  });

  it('that is closed rejects what waits for it, and is no news', async () => {
    const { worker, state } = workerOf(slow(100));
    const engine = connectEngine(worker);
    const deaths: string[] = [];
    engine.onDeath(({ code }) => deaths.push(code));
    const answer = engine.call('pause').catch((error: unknown) => error);
    engine.close();
    expect(await answer).toMatchObject({ code: 'engine/closed' });
    expect({ deaths, ended: state.ended }).toEqual({ deaths: [], ended: true });
  });
});
