/** The next step, worked out value by value before it is made, and pictures of the state between two steps. */

import { describe, expect, it } from 'vitest';
import { pictureOf } from '../../src/studio/engine/array-picture.ts';
import { compileText } from '../../src/studio/engine/compiling.ts';
import { datasetOf } from '../../src/studio/engine/data.ts';
import { examineStep } from '../../src/studio/engine/examine.ts';
import { openTraining } from '../../src/studio/engine/opened.ts';
import type { ArrayPicture, CompileOptions, DataChoice } from '../../src/studio/engine/protocol.ts';
import { compiled, dataAddresses, inFloats, moonsModel, openSession, readModel } from './engine-support.ts';

async function prepared(
  text: string,
  options: CompileOptions = inFloats,
  data: DataChoice = { kind: 'moons' },
) {
  const session = openSession();
  const { inspection } = compiled(await session.compile(text, options));
  await session.useData(data);
  await session.reset(3);
  return { session, inspection };
}

const named = (pictures: readonly ArrayPicture[], name: string): ArrayPicture => {
  const found = pictures.findLast((picture) => picture.name === name);
  if (found === undefined) throw new Error(`There is no picture of ${name}.`);
  return found;
};

describe('the next step', () => {
  it.each([
    { dtype: 'f32', target: 'ts' },
    { dtype: 'f64', target: 'ts' },
    { dtype: 'f32', target: 'wasm' },
  ] as const)('has the bits that were worked out, $dtype for $target, each time', async (options) => {
    const { session } = await prepared(moonsModel, options);
    for (const step of [0, 1, 2]) {
      expect((await session.examine()).step).toBe(step);
      expect(await session.finishExamined()).toMatchObject({ equal: true, step: step + 1, running: false });
    }
  });

  it.each([
    ['dropout', 'tanh(dense(x, 16))', 'dropout(tanh(dense(x, 16)), { keep: 0.7 })'],
    ['batch normalization', 'tanh(dense(x, 16))', 'tanh(batchNorm(dense(x, 16, { bias: false })))'],
    ['inputs that are normalized', 'dense(x, 16)', 'dense(zScore(x), 16)'],
  ])('has them with %s', async (_, from, to) => {
    const text = moonsModel
      .replace(from, to)
      .replace('accuracy, adam,', 'accuracy, adam, batchNorm, dropout, zScore,');
    const { session } = await prepared(text);
    for (const _step of [0, 1]) {
      await session.examine();
      expect((await session.finishExamined()).equal).toBe(true);
    }
  });

  it('shows what each block of a training step stores, in the order of the schedule', async () => {
    const { session, inspection } = await prepared(moonsModel);
    const { blocks, samples } = await session.examine();
    expect(samples).toBe(32);
    const inStep = inspection.schedule.blocks.flatMap(({ functions }, i) =>
      functions.includes('step') ? [i] : [],
    );
    expect(blocks.map(({ block }) => block)).toEqual(inStep);
    const all = blocks.flatMap(({ values }) => values);
    expect(named(all, 'hidden')).toMatchObject({
      kind: 'activation',
      shape: [32, 16],
      rows: 32,
      columns: 16,
    });
    expect(Math.max(...named(all, 'hidden').values)).toBeLessThanOrEqual(1);
    expect(named(all, 'w1').kind).toBe('parameter');
    await session.finishExamined();
    const { arrays } = await session.pictures();
    expect(named(arrays, 'w1').values).toEqual(named(all, 'w1').values);
  });

  it('is of the rest of an epoch when that is shorter, in the order of that epoch', async () => {
    const { session } = await prepared(moonsModel);
    const { running, ...state } = await session.play(1);
    await session.ended();
    await session.reset(3);
    for (let step = 0; step < state.stepsPerEpoch - 1; step++) await session.stepOnce();
    expect(await session.examine()).toMatchObject({ step: 31, samples: 1000 - 31 * 32 });
    expect((await session.finishExamined()).equal).toBe(true);
    expect(await session.examine()).toMatchObject({ step: 32, samples: 32 });
    expect((await session.finishExamined()).equal).toBe(true);
    expect(running).toBe(true);
  });

  it('is not made when it gives NaN, as was worked out', async () => {
    const { session } = await prepared(moonsModel.replace('tanh(dense(x, 16))', 'dense(x, 16).log()'));
    await session.examine();
    expect(await session.finishExamined()).toMatchObject({ equal: true, step: 0 });
    expect(session.events.at(-1)).toMatchObject({ kind: 'ended', reason: 'failed' });
  });

  it('pauses a training, and is another one when a step has been made meanwhile', async () => {
    const { session } = await prepared(moonsModel);
    await session.play();
    const { step } = await session.examine();
    expect(await session.stepOnce()).toMatchObject({ running: false, step: step + 1 });
    await expect(session.finishExamined()).rejects.toMatchObject({ code: 'engine/not-examined' });
  });

  it('is found to differ when a single bit of the state does', async () => {
    const { ready } = await compileText(moonsModel, inFloats, dataAddresses);
    if (ready === undefined) throw new Error('It does not compile.');
    const opened = openTraining(ready, datasetOf({ kind: 'moons' }, 'f32'), 3, () => {});
    const { isReached } = examineStep(opened);
    await opened.training.stepOnce();
    expect(isReached()).toBe(true);
    const { w1 } = opened.trainer.state;
    if (!(w1 instanceof Float32Array)) throw new Error('There is no w1.');
    const bits = new Int32Array(w1.buffer, w1.byteOffset, 1);
    bits.set([(bits[0] ?? 0) ^ 1]);
    expect(isReached()).toBe(false);
  });

  it('is forgotten with the training that it was of', async () => {
    const { session } = await prepared(moonsModel);
    await session.examine();
    await session.reset(4);
    await expect(session.finishExamined()).rejects.toMatchObject({ code: 'engine/not-examined' });
  });
});

describe('pictures', () => {
  it('of the plane are probabilities of class 1, high where its points lie', async () => {
    const { session } = await prepared(moonsModel);
    await session.play(20);
    await session.ended();
    const { boundary } = await session.pictures();
    const { points } = await session.useData({ kind: 'moons' });
    if (boundary === undefined || points === undefined) throw new Error('There is no picture.');
    expect(boundary).toMatchObject({ kind: 'probability', columns: 64, rows: 64 });
    const [left, right, bottom, top] = boundary.extent;
    const correct = Array.from(points.classes, (label, i) => {
      const [x, y] = [points.at[2 * i] ?? 0, points.at[2 * i + 1] ?? 0];
      const column = Math.floor(((x - left) / (right - left)) * 64);
      const row = Math.floor(((top - y) / (top - bottom)) * 64);
      return (boundary.values[row * 64 + column] ?? 0) > 0.5 === (label === 1);
    });
    expect(correct.filter(Boolean).length / correct.length).toBeGreaterThan(0.97);
  });

  it.each([
    ['logits', '{ probabilities: softmax(logits) }', '{ logits }', 'probability'],
    [
      'the index of a class',
      '{ probabilities: softmax(logits) }',
      '{ chosen: logits.argmax(1), mean: logits.mean() }',
      'class',
    ],
  ])('of the plane are made from %s as well', async (_, from, to, kind) => {
    const { session } = await prepared(moonsModel.replace(from, to));
    const { boundary } = await session.pictures();
    expect(boundary?.kind).toBe(kind);
    expect(boundary?.values.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it('of the plane are classes when there are more than two', async () => {
    const text = moonsModel
      .replace('classes: 2', 'classes: 3')
      .replace('dense(hidden, 2)', 'dense(hidden, 3)');
    const { session } = await prepared(text, inFloats, { kind: 'blobs' });
    await session.play(10);
    await session.ended();
    const { boundary } = await session.pictures();
    expect(boundary?.kind).toBe('class');
    expect(new Set(boundary?.values)).toEqual(new Set([0, 1, 2]));
  });

  it('of the plane are made from one probability', async () => {
    const text = readModel('examples/01-logistic-regression/model.ts').replace(
      /\['batch', \d+\]/,
      "['batch', 2]",
    );
    const { session } = await prepared(text);
    expect((await session.pictures()).boundary?.kind).toBe('probability');
  });

  it('of parameters and named values are of the state at hand', async () => {
    const { session } = await prepared(moonsModel);
    const { arrays } = await session.pictures();
    expect(arrays.map(({ name, kind, shape }) => [name, kind, shape])).toEqual(
      expect.arrayContaining([
        ['w1', 'parameter', [2, 16]],
        ['b1', 'parameter', [16]],
        ['hidden', 'activation', [16, 16]],
        ['logits', 'activation', [16, 2]],
        ['probabilities', 'activation', [16, 2]],
      ]),
    );
    const { values, rows, columns } = named(arrays, 'probabilities');
    for (let row = 0; row < rows; row++) {
      const sum = values.subarray(row * columns, (row + 1) * columns).reduce((total, p) => total + p, 0);
      expect(sum).toBeCloseTo(1, 5);
    }
    await session.stepOnce();
    expect(named((await session.pictures()).arrays, 'w1').values).not.toEqual(named(arrays, 'w1').values);
  });

  it('of large arrays have the first and the last row and column, and the range of all', () => {
    const data = Float64Array.from({ length: 100 * 200 }, (_, i) => i);
    const picture = pictureOf('a', 'parameter', [100, 200], data);
    expect(picture).toMatchObject({ rows: 64, columns: 64, min: 0, max: 19_999, mean: 9999.5 });
    expect([picture.values[0], picture.values[63], picture.values[64 * 64 - 1]]).toEqual([0, 199, 19_999]);
  });

  it('of single numbers, of lists and of nothing have their place as well', () => {
    expect(pictureOf('a', 'parameter', [], [3])).toMatchObject({ rows: 1, columns: 1, min: 3, mean: 3 });
    expect(pictureOf('a', 'parameter', [3], [1, Number.NaN, 2])).toMatchObject({
      rows: 1,
      columns: 3,
      max: 2,
      mean: 1.5,
    });
    expect(pictureOf('a', 'parameter', [0, 4], [])).toMatchObject({ rows: 0, columns: 4, min: 0, max: 0 });
  });
});
