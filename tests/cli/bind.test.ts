/** Data sets bound to the inputs and labels of models, and models loaded and run without files. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bindSplit, labelsAsFeatures } from '../../src/bind.ts';
import { compile } from '../../src/compile.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { CompileError } from '../../src/index.ts';
import { instantiate } from '../../src/instantiate.ts';
import { loadModel } from '../../src/load-model.ts';
import { createTrainer, type InputLayout, type Layout } from '../../src/runtime/index.ts';
import { errorOf } from '../data/support.ts';
import { model, repository, temporaryFolder } from './run.ts';

const x: InputLayout = { name: 'pixels', role: 'input', dtype: 'f32', shape: ['batch', 1, 2] };
const classLabel: InputLayout = { name: 'kind', role: 'label', dtype: 'i32', shape: ['batch'], classes: 2 };
const numberLabel: InputLayout = { name: 'height', role: 'label', dtype: 'f32', shape: ['batch', 1] };

const layoutOf = (...inputs: readonly InputLayout[]): Layout => ({
  model: 'm',
  dtype: 'f32',
  maxBatch: 4,
  arenaBytes: 0,
  inputs,
  state: [],
  outputs: [],
  metrics: [],
  evaluation: [],
});

function datasetOf(labels: Int32Array | Float64Array, classes?: readonly string[]): Dataset {
  const features = Float32Array.from({ length: 2 * labels.length }, (_, i) => i);
  const train = { count: labels.length, features, width: 2, labels };
  return { name: 'set', train, ...(classes === undefined ? {} : { classes }) };
}

describe('bindSplit', () => {
  const named = datasetOf(Int32Array.of(1, 0, 1), ['cat', 'dog']);
  const numbers = datasetOf(Float64Array.of(1, 0, 1));

  it('gives the columns the names of the model', () => {
    expect(bindSplit(layoutOf(x, classLabel), named, named.train)).toEqual({
      pixels: Float32Array.of(0, 1, 2, 3, 4, 5),
      kind: Int32Array.of(1, 0, 1),
    });
  });

  it('takes numbers as class indices, and two classes as numbers', () => {
    const asClass = bindSplit(layoutOf(x, classLabel), numbers, numbers.train);
    expect(asClass.kind).toEqual(Int32Array.of(1, 0, 1));
    const asNumber = bindSplit(layoutOf(x, numberLabel), named, named.train);
    expect([...(asNumber.height ?? [])]).toEqual([1, 0, 1]);
  });

  it('does without labels', () => {
    expect(Object.keys(bindSplit(layoutOf(x), named, named.train))).toEqual(['pixels']);
    const predicting = bindSplit(layoutOf(x, classLabel), named, named.train, { labels: false });
    expect(Object.keys(predicting)).toEqual(['pixels']);
  });

  it('refuses three classes for a number, and one number for three', () => {
    const three = datasetOf(Int32Array.of(2, 0, 1), ['a', 'b', 'c']);
    const first = errorOf(() => bindSplit(layoutOf(x, numberLabel), three, three.train));
    expect(first).toMatchObject({
      code: 'data/label-range',
      message: expect.stringContaining('"a", "b", "c"'),
    });
    const wide: InputLayout = { ...numberLabel, shape: ['batch', 3] };
    const second = errorOf(() => bindSplit(layoutOf(x, wide), three, three.train));
    expect(second).toMatchObject({
      code: 'data/wrong-length',
      help: expect.stringContaining('{ classes: 3 }'),
    });
  });

  it('puts labels back that were features', () => {
    const { width, features } = labelsAsFeatures(numbers.train);
    expect({ width, features }).toEqual({ width: 3, features: Float32Array.of(0, 1, 1, 2, 3, 0, 4, 5, 1) });
  });
});

describe('a loaded model', () => {
  it('compiles and trains in the same process', async () => {
    const loaded = await loadModel(model('tiny'), repository);
    const { code } = await compile(loaded);
    const trainer = createTrainer(await instantiate(code));
    const { loss } = trainer.step({ x: [1, 2], y: [1] });
    expect(Number.isFinite(loss)).toBe(true);
  });

  it('throws the errors of this very package', async () => {
    const loaded = await loadModel(model('shapes'), repository);
    await expect(compile(loaded)).rejects.toBeInstanceOf(CompileError);
  });

  it('can be JavaScript, and a named export is pointed out', async () => {
    const folder = temporaryFolder();
    const text = "import { model } from 'chainrule';\nexport const net = model('n', () => ({}), ";
    writeFileSync(
      join(folder, 'net.js'),
      `${text}{ batch: 1, optimizer: { learningRate: 1, update() {} } });\n`,
    );
    await expect(loadModel('net.js', folder)).rejects.toMatchObject({
      diagnostic: { code: 'model/export', message: expect.stringContaining('net is a model') },
    });
    writeFileSync(join(folder, 'bad.js'), `\n${text}{ batch: 0 });\n`);
    await expect(loadModel('bad.js', folder)).rejects.toMatchObject({
      diagnostic: { code: 'model/option', site: { file: join(folder, 'bad.js'), line: 3 } },
    });
  });
});

it('refuses code that is no trainer module', async () => {
  await expect(instantiate('export const layout = 1;')).rejects.toMatchObject({
    diagnostic: { code: 'ir/invalid', severity: 'bug' },
  });
  await expect(instantiate('export const = ;')).rejects.toBeInstanceOf(CompileError);
});
