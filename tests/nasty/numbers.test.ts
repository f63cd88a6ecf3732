/** Numbers at the edges of arithmetic: poles, subnormals, signed zeros, constants that are no numbers. */

import { describe, expect, it } from 'vitest';
import { constant, type ModelContext, type Scalar } from '../../src/index.ts';
import { linesOf } from '../dsl/support.ts';
import { expectSameBits } from '../properties/compare.ts';
import { atPoint, explained, precisions, rounded, small, trained, trainerFor, type Use } from './support.ts';

const site = linesOf(import.meta.url);
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

describe.each(precisions)('in %s', (dtype) => {
  it.each<[string, Use, readonly number[], readonly number[]]>([
    ['log', (p) => p.log(), [0, -0, -1], [-inf, -inf, nan]],
    ['1 / x', (p, m) => m.constant(1).div(p), [0, -0], [inf, -inf]],
    ['sqrt', (p) => p.sqrt(), [-1, 0, -0], [nan, 0, -0]],
    ['exp', (p) => p.exp(), [1e5, -1e5], [inf, 0]],
  ])('case 1: %s at its edges gives what IEEE 754 says, and throws nothing', async (_, use, at, expected) => {
    expectSameBits((await atPoint(use, at, dtype)).value, expected, 'value');
  });

  it('case 1: 0 / 0 of values that no equation knows to be equal is NaN', async () => {
    const trainer = await trainerFor(
      (m) => {
        const [a, b] = [m.input('a', ['batch']), m.input('b', ['batch'])];
        return { loss: m.param('w', [], constant(1)).mul(a.mean()), outputs: { q: a.div(b) } };
      },
      {},
      dtype,
    );
    expect([...(trainer.predict({ a: [0, 1, -1], b: [0, 0, 0] }).q ?? [])]).toEqual([nan, inf, -inf]);
  });

  it.each<[string, (w: Scalar, m: ModelContext) => Scalar, number]>([
    ['log', (w) => w.log(), 0],
    ['log', (w) => w.log(), -1],
    ['div', (w, m) => m.constant(1).div(w), 0],
    ['sqrt', (w) => w.sqrt(), -1],
    ['exp', (w) => w.exp(), 1e5],
  ])('case 1: the guard names %s of a bad number, with step and line', async (op, use, at) => {
    const declared = small((m) => ({
      loss: use(m.param('w', [], constant(1)), m).mul(m.input('x', ['batch']).mean()), // edge
    }));
    const { trainer } = await trained(declared, dtype);
    trainer.step({ x: [0.5] });
    trainer.state.w?.fill(at);
    const { error, origin } = await explained(declared, dtype, () => trainer.step({ x: [1] }));
    expect(error).toMatchObject({ code: 'train/not-finite', message: expect.stringMatching(/at step 2/) });
    expect(origin.op).toBe(op);
    expect(origin.site?.file).toBe(site('edge').file);
    expect(trainer.steps).toBe(1);
  });

  it('case 12: the smallest numbers and signed zeros pass through a step bit for bit', async () => {
    const tiny = dtype === 'f32' ? 2 ** -149 : 5e-324;
    expectSameBits(
      (await atPoint((p) => p.mul(1), [tiny, -tiny, -0, 0], dtype)).value,
      [tiny, -tiny, -0, 0],
      'kept',
    );
    expectSameBits((await atPoint((p) => p.mul(0.25), [tiny, -tiny], dtype)).value, [0, -0], 'underflow');
    expectSameBits((await atPoint((p) => p.relu(), [-tiny, tiny, -0], dtype)).value, [0, tiny, -0], 'relu');
  });

  it('case 12: a gradient of the smallest size is neither lost nor made larger', async () => {
    const tiny = dtype === 'f32' ? 2 ** -149 : 5e-324;
    const { gradient } = await atPoint((p) => p.mul(tiny), [1, -1], dtype);
    expectSameBits(gradient, [tiny, tiny], 'gradient');
    const trainer = await trainerFor(
      (m) => ({
        loss: m
          .param('w', [], constant(0))
          .mul(m.input('x', ['batch']))
          .mean(),
      }),
      {
        optimizer: {
          name: 'plain',
          learningRate: 1,
          update: ({ parameter, gradient: g }) => parameter.sub(g),
        },
      },
      dtype,
    );
    trainer.step({ x: [tiny] });
    expect(trainer.state.w?.[0]).toBe(-tiny);
  });

  it.each([nan, inf, -inf, -0, 0, 1e-45, 0.1, 2 ** 53 + 2, -1.5e300])(
    'case 33: the constant %s in emitted code is the same bits, as an operand and as a value',
    async (x) => {
      const expected = rounded(x, dtype);
      const branch: Use = (p) => p.less(0).select(p, x);
      expectSameBits((await atPoint(branch, [0, -2], dtype)).value, [expected, -2], 'operand');
      const value: Use = (p, m) => p.less(0).select(p, m.constant(x));
      expectSameBits((await atPoint(value, [0, -2], dtype)).value, [expected, -2], 'value');
    },
  );

  it('case 15: a loss that is not finite ends the training and leaves the step undone, unless told otherwise', async () => {
    const declared = small((m) => ({
      loss: m
        .param('w', [], constant(1))
        .mul(m.input('x', ['batch']).log())
        .mean(),
    }));
    const { trainer } = await trained(declared, dtype);
    trainer.step({ x: [2] });
    const before = trainer.save();
    const { error, origin } = await explained(declared, dtype, () => trainer.step({ x: [0] }));
    expect(error.message).toMatch(/^The loss is -Infinity at step 2, counted from 1\./);
    expect(origin).toMatchObject({ op: 'log', value: -inf, index: [0] });
    expect(trainer.save()).toEqual(before);
  });
});
