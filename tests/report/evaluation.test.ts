/** What a report says of single records: classes read from outputs, confusions counted, the worst found. */

import { describe, expect, it } from 'vitest';
import { digits } from '../../src/data/digits.ts';
import { accuracy, dense, gradientDescent, model, softmaxCrossEntropy } from '../../src/index.ts';
import { classReaderOf, findBinary } from '../../src/report/classes.ts';
import { confusionOf, confusionTable } from '../../src/report/confusion.ts';
import { evaluateSplit } from '../../src/report/evaluation.ts';
import { errorsOf } from '../../src/report/scatter.ts';
import { pictureSides, worstOf } from '../../src/report/worst.ts';
import type { InputLayout, Layout, OutputLayout } from '../../src/runtime/index.ts';
import { classifiedAs, splitOf, trained } from './support.ts';

const layoutWith = (...outputs: readonly OutputLayout[]): Layout => ({
  model: 'm',
  dtype: 'f32',
  maxBatch: 4,
  arenaBytes: 0,
  inputs: [],
  state: [],
  outputs,
  metrics: [],
  evaluation: [],
});
const dataset = { name: 'set', train: splitOf(4, 2, 2) };

describe('classes of an output', () => {
  const scores: OutputLayout = { name: 'scores', dtype: 'f32', shape: ['batch', 3] };
  const index: OutputLayout = { name: 'class', dtype: 'i32', shape: ['batch'] };

  it('are its largest number; probabilities stay, logits go through the softmax', () => {
    const reader = classReaderOf(layoutWith(index, scores), 3, { ...dataset, classes: ['a', 'b', 'c'] });
    expect(reader).toMatchObject({ names: ['a', 'b', 'c'], hasProbabilities: true });
    const outputs = { scores: Float64Array.of(0.5, 0.25, 0.25, 1000, 1000, 999) };
    expect(reader?.read(outputs, 0)).toEqual({ chosen: 0, probabilities: [0.5, 0.25, 0.25] });
    const { chosen, probabilities = [] } = reader?.read(outputs, 1) ?? {};
    expect(chosen).toBe(0);
    const sum = 2 + Math.exp(-1);
    [1 / sum, 1 / sum, Math.exp(-1) / sum].forEach((p, i) => {
      expect(probabilities[i]).toBeCloseTo(p, 12);
    });
  });

  it('are an index where there is nothing else, and then without probabilities', () => {
    const reader = classReaderOf(layoutWith(index), 3, dataset);
    expect(reader).toMatchObject({ names: ['0', '1', '2'], hasProbabilities: false });
    expect(reader?.read({ class: Int32Array.of(2, 1) }, 1)).toEqual({ chosen: 1, probabilities: [] });
    expect(classReaderOf(layoutWith({ ...scores, shape: ['batch', 4] }), 3, dataset)).toBeUndefined();
  });

  it('are two where labels are 0 and 1 and an output is a probability', () => {
    const column = (...values: readonly number[]) => ({ name: 'p', values: Float64Array.from(values) });
    const reader = findBinary([column(-3, 2), { ...column(0.2, 0.5), name: 'q' }], [0, 1], dataset);
    expect(reader?.read({ q: Float32Array.of(0.75, 0.5) }, 0)).toEqual({
      chosen: 1,
      probabilities: [0.25, 0.75],
    });
    expect(reader?.read({ q: Float32Array.of(0.75, 0.5) }, 1)?.chosen).toBe(0);
    expect(findBinary([column(0.2, 0.5)], [0, 2], dataset)).toBeUndefined();
    expect(findBinary([column(0.2, 1.5)], [0, 1], dataset)).toBeUndefined();
  });
});

const three = classifiedAs(
  ['a', 'b', 'c'],
  [0, 0, 1, 1, 1, 2],
  [
    [0.9, 0.05, 0.05],
    [0.1, 0.2, 0.7],
    [0.2, 0.7, 0.1],
    [0.45, 0.4, 0.15],
    [0, 1, 0],
    [0.34, 0.33, 0.33],
  ],
);

describe('the confusion matrix', () => {
  it('counts predictions by the true class', () => {
    expect(confusionOf(three)).toEqual([
      [1, 0, 1],
      [1, 2, 0],
      [1, 0, 0],
    ]);
  });

  it('shows counts and percentages of the row', () => {
    const { markup } = confusionTable(three);
    expect(markup).toContain('<td class="right-7">2<small>66.7 %</small></td>');
    expect(markup).toContain('<td class="wrong-10">1<small>100 %</small></td>');
  });

  it('becomes a list of pairs when there are too many classes', () => {
    const names = Array.from({ length: 40 }, (_, i) => `n${i}`);
    const truth = [3, 3, 3, 5];
    const rows = [7, 7, 3, 2].map((predicted) => names.map((_, i) => (i === predicted ? 1 : 0)));
    const { markup } = confusionTable(classifiedAs(names, truth, rows));
    expect(markup).toMatch(/n3<\/td><td>n7<\/td>\s*<td class="number">2<\/td><td class="number">66.7 %/);
    expect(markup).toContain('The most frequent of 2 confusions among 40 classes.');
  });
});

describe('the worst predictions', () => {
  it('are sorted by the probability of the true class, ties by their place', () => {
    const worst = worstOf(three, 24);
    expect(worst.map(({ record }) => record)).toEqual([1, 5, 3, 2, 0, 4]);
    expect(worst[0]).toEqual({ record: 1, truth: 0, predicted: 2, probability: 0.1 });
    expect(worstOf(three, 2)).toHaveLength(2);
    const equal = classifiedAs(
      ['a', 'b'],
      [0, 0, 0],
      [
        [0.5, 0.5],
        [0.5, 0.5],
        [0.5, 0.5],
      ],
    );
    expect(worstOf(equal, 3).map(({ record }) => record)).toEqual([0, 1, 2]);
  });

  it('are the wrong ones where there are no probabilities', () => {
    const worst = worstOf({ ...three, hasProbabilities: false }, 24);
    expect(worst.map(({ record, probability }) => [record, probability])).toEqual([
      [1, undefined],
      [3, undefined],
      [5, undefined],
    ]);
  });

  it.each([
    [['batch', 784], undefined, 28],
    [['batch', 64], ['a'], 8],
    [['batch', 256], undefined, 16],
    [['batch', 256], ['a'], undefined],
    [['batch', 4], undefined, undefined],
    [['batch', 2, 2], undefined, 2],
    [['batch', 1, 5, 5], undefined, 5],
    [['batch', 5, 6], undefined, undefined],
    [['batch', 300], undefined, undefined],
  ] as const)('are pictures for the shape %j', (shape, names, side) => {
    const input: InputLayout = { name: 'x', role: 'input', dtype: 'f32', shape };
    const set = names === undefined ? dataset : { ...dataset, featureNames: names };
    expect(pictureSides(input, set)?.rows).toBe(side);
  });
});

describe('errors of numbers', () => {
  it('are those of their definitions', () => {
    const { rmse, mae, r2 } = errorsOf({
      kind: 'estimated',
      output: 'y',
      truth: [1, 2, 3, 6],
      predicted: [1, 4, 2, 6],
    });
    expect(rmse).toBeCloseTo(Math.sqrt(5 / 4), 12);
    expect(mae).toBeCloseTo(3 / 4, 12);
    expect(r2).toBeCloseTo(1 - 5 / 14, 12);
    expect(errorsOf({ kind: 'estimated', output: 'y', truth: [2, 2], predicted: [1, 2] }).r2).toBeUndefined();
  });
});

it('agrees with the accuracy that the model itself measures, over more records than one part', async () => {
  const net = model(
    'net',
    (m) => {
      const x = m.input('x', ['batch', 784]);
      const y = m.label('y', { classes: 10 });
      const logits = dense(x, 10);
      return {
        loss: softmaxCrossEntropy(logits, y),
        metrics: { accuracy: accuracy(logits, y) },
        outputs: { logits },
      };
    },
    { batch: 64, optimizer: gradientDescent({ learningRate: 0.1 }) },
  );
  const data = digits({ count: 5000, testCount: 0 });
  const { layout, trainer, train } = await trained(net, data, 40);
  const evaluation = evaluateSplit(layout, data, data.train, trainer);
  if (evaluation?.kind !== 'classified') throw new Error('not a classifier');
  const { truth, predicted } = evaluation;
  const right = Array.from(truth).filter((label, i) => label === predicted[i]).length;
  expect(right / 5000).toBeCloseTo(train.accuracy ?? Number.NaN, 4);
  expect(
    confusionOf(evaluation)
      .flat()
      .reduce((total, count) => total + count, 0),
  ).toBe(5000);
});
