/** Import from ONNX: what others export becomes a model to read, which predicts what theirs does and can be trained further. */

import { describe, expect, it } from 'vitest';
import { importOnnx } from '../../src/onnx/import.ts';
import { decodeSafetensors } from '../../src/runtime/safetensors.ts';
import { publishCounts } from '../counts.ts';
import { check } from '../types/snippets.ts';
import { file, layer, type NodeSpec } from './build.ts';
import { bytesOf, caseOf, files, imported } from './imported.ts';
import { flat, furthest } from './support.ts';

const options = { name: 'net', weightsFile: 'net.weights.safetensors' };

/** Where two probabilities stand side by side, the model has the second. */
const seconds: ReadonlySet<string> = new Set(['sklearn-mlp-binary']);

describe.each(files)('%s', (name) => {
  const { inputs, output } = caseOf(name);
  const expected = seconds.has(name) ? output.filter((_, i) => i % 2 === 1) : output;

  it.each(['f32', 'f64'] as const)('predicts in %s what it did where it comes from', async (dtype) => {
    const { trainer, layout } = await imported(bytesOf(name), {}, { dtype });
    const found = trainer.predict(flat(inputs))[layout.outputs[0]?.name ?? ''] ?? [];
    expect(expected.length).toBeGreaterThan(5);
    expect(furthest(found, expected)).toBeLessThan(1e-5);
    publishCounts('onnx', { 'files of others imported': 1 });
  });

  it('trains further: its loss falls from where it was', async () => {
    const { trainer, layout, warnings } = await imported(bytesOf(name));
    expect(warnings).toEqual([]);
    const count = Object.values(inputs)[0]?.shape[0] ?? 0;
    const label = layout.inputs.find(({ role }) => role === 'label');
    const width = (label?.shape ?? []).reduce<number>(
      (size, dim) => (dim === 'batch' ? size : size * dim),
      count,
    );
    const classes = label?.classes;
    const labels =
      classes === undefined
        ? Float32Array.from({ length: width }, (_, i) => i % 2)
        : Int32Array.from({ length: count }, (_, i) => i % classes);
    const data = { ...flat(inputs), [label?.name ?? '']: labels };
    const { loss: before = 0 } = trainer.evaluate(data);
    for await (const _ of trainer.fit(data, { epochs: 40 }));
    const { loss: after = 0 } = trainer.evaluate(data);
    expect(after).toBeLessThan(before);
  });
});

it('what is written has no mistake in the eyes of the editor, whatever the file', () => {
  const models = Object.fromEntries(files.map((name) => [name, importOnnx(bytesOf(name), options).model]));
  const mistakes = check(models);
  for (const name of files) expect(mistakes(name), name).toEqual([]);
  expect(
    check({ wrong: models[files[0] ?? '']?.replace('matmul(', 'matmul(label, ') ?? '' })('wrong'),
  ).not.toEqual([]);
});

it('reads like what a person would write', () => {
  const { model } = importOnnx(bytesOf('torch-classifier-dynamo'), options);
  expect(
    model,
  ).toBe(`/** Written by chainrule import, to be changed: \`train --init net.weights.safetensors\` starts where it was. */

import { accuracy, adam, glorotNormal, model, relu, softmax, softmaxCrossEntropy, zeros } from 'chainrule';

export default model(
  'net',
  (m) => {
    const x = m.input('x', ['batch', 4]);
    const label = m.label('label', { classes: 3 });
    const p0Weight = m.param('0.weight', [16, 4], glorotNormal());
    const p0Bias = m.param('0.bias', [16], zeros());
    const p2Weight = m.param('2.weight', [3, 16], glorotNormal());
    const p2Bias = m.param('2.bias', [3], zeros());

    const z1 = x.matmul(p0Weight.transpose()).add(p0Bias);
    const a1 = relu(z1);
    const logits = a1.matmul(p2Weight.transpose()).add(p2Bias);

    return {
      loss: softmaxCrossEntropy(logits, label),
      metrics: { accuracy: accuracy(logits, label) },
      outputs: { out: softmax(logits) },
    };
  },
  { batch: 32, epochs: 10, optimizer: adam({ learningRate: 0.001 }) },
);
`);
});

it('weights keep their names, shapes and bits', () => {
  const { weights } = importOnnx(bytesOf('torch-normalized-script'), options);
  const { tensors } = decodeSafetensors(weights);
  expect([...tensors].map(([name, { shape }]) => [name, ...shape].join(' '))).toEqual([
    '0.weight 10 6',
    '0.bias 10',
    '1.weight 10',
    '1.bias 10',
    '1.running_mean 10',
    '1.running_var 10',
    '3.weight 1 10',
    '3.bias 1',
  ]);
  const file = Buffer.from(bytesOf('torch-normalized-script'));
  for (const { data } of tensors.values())
    expect(file.includes(Buffer.from(data.buffer, data.byteOffset, data.byteLength))).toBe(true);
});

describe('the loss', () => {
  const ends = (op: string, columns: number) =>
    file(layer(columns, [{ op, inputs: ['z'], outputs: ['y'] }], 'y'));

  it.each([
    ['Softmax', 4, 'cross-entropy', 'softmaxCrossEntropy(logits, label)'],
    ['LogSoftmax', 4, 'cross-entropy', 'softmaxCrossEntropy(logits, label)'],
    ['Sigmoid', 1, 'binary-cross-entropy', 'binaryCrossEntropy(logits, label)'],
    ['Tanh', 2, 'mean-squared-error', 'meanSquaredError(y, label)'],
  ] as const)('of a network that ends in %s of %i is the %s', (op, columns, loss, written) => {
    const found = importOnnx(ends(op, columns), options);
    expect(found.loss).toBe(loss);
    expect(found.model).toContain(`loss: ${written},`);
  });

  it.each([
    ['cross-entropy', 'softmaxCrossEntropy(logits, label)'],
    ['binary-cross-entropy', 'binaryCrossEntropy(logits, label)'],
    ['mean-squared-error', 'meanSquaredError(z, label)'],
  ] as const)('is %s where that is asked for', async (loss, written) => {
    const bytes = file(layer(4, [], 'z'));
    expect(importOnnx(bytes, { ...options, loss }).model).toContain(written);
    const { trainer } = await imported(bytes, { loss });
    expect(trainer.predict({ x: Float32Array.of(1, 2, 3) }).z).toHaveLength(4);
  });

  it('of classes needs a score for each', () => {
    const sum: NodeSpec = { op: 'ReduceSum', inputs: ['z'], outputs: ['y'], attributes: { keepdims: 0 } };
    const bytes = file(layer(4, [{ ...sum, attributes: { axes: [1], keepdims: 0 } }], 'y', ['batch']));
    expect(() => importOnnx(bytes, { ...options, loss: 'cross-entropy' })).toThrow(
      /one score for each class/,
    );
    expect(importOnnx(bytes, options).loss).toBe('mean-squared-error');
  });
});
