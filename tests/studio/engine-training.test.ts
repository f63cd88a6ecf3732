/** Training in the studio: the runtime's own steps, whatever pauses there are, and what is told of them. */

import { describe, expect, it } from 'vitest';
import { bindSplit } from '../../src/bind.ts';
import { compile } from '../../src/compile.ts';
import { loadData } from '../../src/data/spec.ts';
import { instantiate } from '../../src/instantiate.ts';
import { loadModel } from '../../src/load-model.ts';
import { createTrainer } from '../../src/runtime/index.ts';
import type { CompileOptions, Event } from '../../src/studio/engine/protocol.ts';
import { compiled, inFloats, moonsModel, openSession, readModel, repository } from './engine-support.ts';

/** The weights after a training without the studio. */
async function fitted(path: string, spec: string, options: CompileOptions, epochs: number, seed: number) {
  const model = await loadModel(`${repository}/${path}`);
  const { code } = await compile(model, options);
  const module = await instantiate(code);
  const dataset = await loadData(spec, { dtype: options.dtype });
  const trainer = createTrainer(module, { seed });
  const data = bindSplit(module.layout, dataset, dataset.train);
  for await (const _ of trainer.fit(data, { epochs, batch: model.options.batch }));
  return trainer.save();
}

async function prepared(text: string, options: CompileOptions = inFloats, seed = 1) {
  const session = openSession();
  compiled(await session.compile(text, options));
  await session.useData({ kind: 'moons' });
  await session.reset(seed);
  return session;
}

const lossesIn = (events: readonly Event[]) =>
  events.flatMap((event) => (event.kind === 'progress' ? event.losses : []));

describe('a training in the studio', () => {
  it.each([
    { dtype: 'f32', target: 'ts' },
    { dtype: 'f64', target: 'ts' },
    { dtype: 'f32', target: 'wasm' },
  ] as const)('has the bits of fit in $dtype for $target', async (options) => {
    const session = await prepared(moonsModel, options);
    await session.play(2);
    await session.ended();
    const expected = await fitted('examples/page/model.ts', 'moons', options, 2, 1);
    expect(Buffer.from(await session.weights()).equals(expected)).toBe(true);
  });

  it('has the same bits when it is paused, stepped through, examined and gone on with', async () => {
    const session = await prepared(moonsModel, inFloats, 7);
    await session.stepOnce();
    await session.play();
    const { step } = await session.pause();
    await session.examine();
    await session.finishExamined();
    await session.pictures();
    expect((await session.stepOnce()).step).toBe(step + 2);
    await session.play(9);
    await session.ended();
    const expected = await fitted('examples/page/model.ts', 'moons', inFloats, 9, 7);
    expect(Buffer.from(await session.weights()).equals(expected)).toBe(true);
  });

  it('tells each loss once and in order, its evaluation, and that it is done', async () => {
    const session = await prepared(moonsModel);
    expect(await session.play(3)).toEqual({ running: true, step: 0, stepsPerEpoch: 32, stepsTotal: 96 });
    const { state, reason } = await session.ended();
    expect({ state, reason }).toEqual({
      state: { running: false, step: 96, stepsPerEpoch: 32, stepsTotal: 96 },
      reason: 'done',
    });
    expect(lossesIn(session.events).map(({ step }) => step)).toEqual(
      Array.from({ length: 96 }, (_, i) => i + 1),
    );
    expect(session.events.at(-2)).toMatchObject({ kind: 'evaluation', step: 96 });
    const evaluation = session.events.findLast((event) => event.kind === 'evaluation');
    expect(evaluation?.test.accuracy).toBeGreaterThan(0.9);
    expect(evaluation?.train.loss).toBeLessThan(lossesIn(session.events)[0]?.loss ?? 0);
  });

  it('goes on without end until it is paused, and reports at most about twenty times a second', async () => {
    const session = await prepared(moonsModel);
    expect(await session.play()).toEqual({ running: true, step: 0, stepsPerEpoch: 32 });
    await new Promise((resolve) => setTimeout(resolve, 500));
    const state = await session.pause();
    expect(state.running).toBe(false);
    expect(state.step).toBeGreaterThan(100);
    const reports = session.events.filter(({ kind }) => kind === 'progress');
    expect(reports.length).toBeGreaterThan(2);
    expect(reports.length).toBeLessThanOrEqual(13);
    expect(session.events.filter(({ kind }) => kind === 'ended')).toEqual([]);
    expect(await session.stepOnce()).toMatchObject({ step: state.step + 1 });
  });

  it('is over at once when its epochs have passed before', async () => {
    const session = await prepared(moonsModel);
    await session.play(1);
    await session.ended();
    await session.play(1);
    expect((await session.ended()).state.step).toBe(32);
  });

  it('ends with the step and the line of what is not finite', async () => {
    const line = 'const hidden = dense(x, 16).log();';
    const session = await prepared(moonsModel.replace('const hidden = tanh(dense(x, 16));', line));
    await session.play(1);
    const { reason, problem, state } = await session.ended();
    expect({ reason, state }).toMatchObject({ reason: 'failed', state: { running: false, step: 0 } });
    expect(problem).toMatchObject({ code: 'train/not-finite', severity: 'error' });
    expect(problem?.message).toMatch(/^The loss is NaN at step 1 .*It begins with ln\(z1\)/);
    const text = moonsModel.replace('const hidden = tanh(dense(x, 16));', line);
    expect(text.slice(problem?.from, problem?.to)).toBe(line);
  });

  it('ends, and begins from the seed, when there is another model or other data', async () => {
    const session = await prepared(moonsModel);
    await session.play();
    compiled(await session.compile(moonsModel.replace('16', '8'), inFloats));
    expect(await session.pause()).toMatchObject({ running: false, step: 0 });
    await session.stepOnce();
    await session.useData({ kind: 'moons', samples: 64, seed: 3 });
    expect(await session.pause()).toEqual({ running: false, step: 0, stepsPerEpoch: 2 });
  });

  it('goes on when a text that is wrong is compiled', async () => {
    const session = await prepared(moonsModel);
    await session.play();
    await expect.poll(() => session.events.length).toBeGreaterThan(0);
    expect((await session.compile('export default 1;', inFloats)).ok).toBe(false);
    const before = (await session.pause()).step;
    expect(before).toBeGreaterThan(0);
    expect((await session.stepOnce()).step).toBe(before + 1);
  });

  it('says what is missing where there is nothing to train', async () => {
    const session = openSession();
    await expect(session.play()).rejects.toMatchObject({ code: 'engine/no-model' });
    compiled(await session.compile(moonsModel, inFloats));
    await expect(session.play()).rejects.toMatchObject({ code: 'engine/no-data' });
    await session.useData({ kind: 'digits', samples: 40 });
    await expect(session.play()).rejects.toMatchObject({ code: 'data/wrong-length' });
    await expect(session.finishExamined()).rejects.toMatchObject({ code: 'data/wrong-length' });
  });

  it('fits what inputs are normalized with as the first step would', async () => {
    const path = 'examples/10-normalization/z-score.model.ts';
    const session = openSession();
    compiled(await session.compile(readModel(path), inFloats));
    await session.useData({ kind: 'digits', samples: 200 });
    await session.reset(5);
    await session.pictures();
    await session.play(2);
    await session.ended();
    const expected = await fitted(path, 'digits?count=200&test=50', inFloats, 2, 5);
    expect(Buffer.from(await session.weights()).equals(expected)).toBe(true);
  });
});
