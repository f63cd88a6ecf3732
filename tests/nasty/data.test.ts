/** Data that are too few, too many, of the wrong kind, or no numbers. */

import { describe, expect, it } from 'vitest';
import { constant, gradient, softmaxCrossEntropy, type Tensor, zeros } from '../../src/index.ts';
import type { Column } from '../../src/runtime/columns.ts';
import { diagnosticOf, linesOf } from '../dsl/support.ts';
import { collect, faultOf, precisions, trainerFor } from './support.ts';

const site = linesOf(import.meta.url);
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** Sums what it has seen, so that a record that is lost, doubled or padded shows. */
const summing = (batch = 4) =>
  trainerFor(
    (m) => {
      const x = m.input('x', ['batch']);
      const seen = m.state('seen', [], constant(0));
      seen.set(seen.value.add(x.sum()));
      return { loss: m.param('w', [], constant(1)).mul(x.mean()), outputs: { x } };
    },
    { batch },
    'f64',
  );

/** Powers of 2 that tell by their sum which records were seen. */
const bits = (count: number): number[] => Array.from({ length: count }, (_, i) => 2 ** i);

describe('the number of records', () => {
  it.each([
    [10, 4, 'keep', 3, 1023],
    [8, 4, 'keep', 2, 255],
    [3, 4, 'keep', 1, 7],
    [1, 4, 'keep', 1, 1],
    [10, 4, 'drop', 2, 255],
    [4, 4, 'drop', 1, 15],
  ] as const)(
    'case 17: of %i records in batches of %i, %s: %i steps see just the records %d',
    async (count, batch, lastBatch, steps, sum) => {
      const trainer = await summing();
      const seen = await collect(trainer.fit({ x: bits(count) }, { batch, lastBatch, shuffle: false }));
      expect(seen.length).toBe(steps);
      expect(trainer.state.seen?.[0]).toBe(sum);
      // The loss of a partial batch is the mean over its own records.
      expect(seen.at(-1)?.samplesSeen).toBe(lastBatch === 'keep' ? count : steps * batch);
    },
  );

  it('case 17: a mean over a partial batch counts its own records only', async () => {
    const trainer = await summing();
    const losses = (await collect(trainer.fit({ x: [1, 1, 1, 1, 7] }, { shuffle: false, epochs: 1 }))).map(
      ({ loss }) => loss,
    );
    expect(losses[0]).toBe(1);
    // After the first step w is 1 - 0.1.
    expect(losses[1]).toBeCloseTo(0.9 * 7, 12);
  });

  it('case 17: dropping the only batch is refused, and says what to do', async () => {
    const trainer = await summing();
    const error = await faultOf(() => trainer.fit({ x: bits(3) }, { batch: 4, lastBatch: 'drop' }));
    expect(error).toMatchObject({ code: 'train/option', help: expect.stringMatching(/at most 3/) });
  });

  it('case 17: a batch larger than the compiled one, and no data at all, are refused', async () => {
    const trainer = await summing();
    expect(await faultOf(() => trainer.fit({ x: bits(9) }, { batch: 5 }))).toMatchObject({
      code: 'train/option',
    });
    expect(await faultOf(() => trainer.step({ x: bits(5) }))).toMatchObject({ code: 'data/batch-too-large' });
    expect(await faultOf(() => trainer.fit({ x: [] }))).toMatchObject({ code: 'data/empty' });
    expect(trainer.state.seen?.[0]).toBe(0);
  });
});

describe('whole numbers', () => {
  it('case 26: a gradient with respect to class indices is an error at its line', async () => {
    const diagnostic = await diagnosticOf((m) => {
      const y = m.label('y', { classes: 3 });
      const loss = m.param('w', [], constant(1)).mul(y.toFloat()).mean();
      const asFloats: unknown = y;
      return { loss, metrics: { g: gradient(loss, asFloats as Tensor<readonly ['batch']>).sum() } }; // gradient
    });
    expect(diagnostic).toMatchObject({ code: 'grad/target', site: site('gradient') });
  });

  it.each(precisions)('case 26: the bytes of an image are converted exactly in %s', async (dtype) => {
    const trainer = await trainerFor(
      (m) => {
        const x = m.input('x', ['batch', 256]);
        return { loss: m.param('w', [], constant(1)).mul(x.mean()), outputs: { x } };
      },
      {},
      dtype,
    );
    const pixels = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect([...(trainer.predict({ x: pixels }).x ?? [])]).toEqual([...pixels]);
    expect(trainer.step({ x: pixels }).loss).toBe(127.5);
  });

  it('case 26: whole numbers of 32 bits that f32 does not have are refused with their record, not rounded', async () => {
    const of = (dtype: 'f32' | 'f64') =>
      trainerFor(
        (m) => {
          const x = m.input('x', ['batch']);
          return { loss: m.param('w', [], constant(1)).mul(x.mean()), outputs: { x } };
        },
        {},
        dtype,
      );
    const [single, double] = [await of('f32'), await of('f64')];
    for (const x of [
      Int32Array.of(1, 2 ** 24 + 1),
      Uint32Array.of(0, 2 ** 32 - 1),
      Int32Array.of(5, -(2 ** 24) - 1),
    ]) {
      const error = await faultOf(() => single.predict({ x }));
      expect(error).toMatchObject({
        code: 'data/not-exact',
        message: expect.stringMatching(`Record 1 .* is ${x[1]},`),
      });
      expect([...(double.predict({ x }).x ?? [])]).toEqual([...x]);
    }
    const even = Int32Array.of(2 ** 24 + 2, -(2 ** 31));
    expect([...(single.predict({ x: even }).x ?? [])]).toEqual([...even]);
    // Floats say that rounding is meant.
    expect([...(single.predict({ x: [2 ** 24 + 1, 0.1] }).x ?? [])]).toEqual([2 ** 24, Math.fround(0.1)]);
  });
});

describe('what is no number, and labels out of range', () => {
  const classifier = () =>
    trainerFor((m) => {
      const x = m.input('x', ['batch', 2]);
      const z = x.matmul(m.param('w', [2, 3], constant(0.5)));
      return { loss: softmaxCrossEntropy(z, m.label('y', { classes: 3 })), outputs: { z } };
    });
  const good = { x: [1, 2, 3, 4, 5, 6], y: [0, 1, 2] };

  it.each<[string, { readonly x?: Column; readonly y?: Column }, string, RegExp]>([
    [
      'a feature NaN',
      { x: [1, 2, 3, nan, 5, 6] },
      'data/not-finite',
      /Record 1 \(counted from 0\).*"x" is NaN/,
    ],
    ['a feature Infinity', { x: [1, 2, 3, 4, 5, inf] }, 'data/not-finite', /Record 2 .* is Infinity/],
    ['a feature beyond f32', { x: [1e39, 2, 3, 4, 5, 6] }, 'data/not-finite', /Record 0 .*too large for f32/],
    [
      'a row with NaN',
      {
        x: [
          [1, 2],
          [3, 4],
          [nan, 6],
        ],
      },
      'data/not-finite',
      /Record 2 .* is NaN/,
    ],
    ['a label NaN', { y: [0, nan, 2] }, 'data/not-finite', /Record 1 .*"y" is NaN/],
    ['a label -1', { y: [0, 1, -1] }, 'data/label-range', /Record 2 .* is -1; .* from 0 to 2/],
    [
      'a label of one class too many',
      { y: [3, 1, 2] },
      'data/label-range',
      /Record 0 .* is 3; .* from 0 to 2/,
    ],
    ['a label 2.5', { y: [0, 2.5, 2] }, 'data/label-range', /Record 1 .* is 2.5; .* an integer/],
    ['a label beyond 32 bits', { y: [0, 1, 2 ** 32] }, 'data/label-range', /Record 2 .* is 4294967296/],
  ])('case 34: %s is refused with its record before the first step', async (_, change, code, message) => {
    const trainer = await classifier();
    const before = trainer.save();
    const data = { ...good, ...change };
    const uses = [() => trainer.fit(data), () => trainer.step(data), () => trainer.evaluate(data)];
    for (const use of uses) {
      const error = await faultOf(use);
      expect(error).toMatchObject({ code });
      expect(error.message).toMatch(message);
    }
    expect(trainer.save()).toEqual(before);
    expect(trainer.steps).toBe(0);
  });

  it('case 34: a label as a number to be learnt must be finite as well', async () => {
    const trainer = await trainerFor((m) => {
      const error = m
        .input('x', ['batch'])
        .mul(m.param('w', [], zeros()))
        .sub(m.label('y', ['batch']));
      return { loss: error.square().mean() };
    });
    expect(await faultOf(() => trainer.step({ x: [1, 2], y: [0, -inf] }))).toMatchObject({
      code: 'data/not-finite',
      message: expect.stringMatching(/Record 1 .*"y" is -Infinity/),
    });
  });

  it('case 34: labels are not looked at where they are not needed', async () => {
    const trainer = await classifier();
    const bad: Column = [nan, -1, 99];
    expect(trainer.predict({ x: good.x, y: bad })).toEqual(trainer.predict({ x: good.x }));
  });
});
