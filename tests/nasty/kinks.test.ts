/** Derivatives where calculus leaves a choice, and branches that are not taken. */

import { describe, expect, it } from 'vitest';
import { constant, relu } from '../../src/index.ts';
import { expectSameBits } from '../properties/compare.ts';
import {
  atPoint,
  expectClose,
  explained,
  precisions,
  showGradient,
  small,
  trained,
  trainerFor,
  type Use,
} from './support.ts';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** Zeros of either sign are one here. */
const plain = (xs: readonly number[]): number[] => xs.map((x) => x + 0);

describe.each(precisions)('in %s', (dtype) => {
  it('case 4: relu has the gradient 0 at 0 and at -0, and NaN stays NaN', async () => {
    const { value, gradient } = await atPoint((p) => relu(p), [0, -0, nan, 2, -3], dtype);
    expectSameBits(value, [0, -0, nan, 2, 0], 'value');
    expect(plain(gradient).filter((_, i) => i !== 2)).toEqual([0, 0, 1, 0]);
  });

  it.each<[string, Use, readonly number[], readonly number[]]>([
    ['abs has the gradient 0 at 0', (p) => p.abs(), [0, -0, -2], [0, 0, -1]],
    ['max with a bound shares the gradient at the bound', (p) => p.maximum(-1), [-1, 0, -2], [0.5, 1, 0]],
    ['clipping shares it at both bounds', (p) => p.maximum(-1).minimum(1), [-1, 1, 0, 3], [0.5, 0.5, 1, 0]],
    ['max of two equal values gives each a half', (p, m) => p.maximum(m.constant(3)), [3], [0.5]],
    ['max with itself counts once', (p) => p.maximum(p), [3], [1]],
    [
      'the largest of several that tie share evenly',
      (p) => p.max(),
      [3, 1, 3, 3, 3],
      [0.25, 0, 0.25, 0.25, 0.25],
    ],
    ['sign and floor have none', (p) => p.sign().add(p.floor()), [0, 2, -0.5], [0, 0, 0]],
  ])('case 5: %s', async (_, use, at, expected) => {
    expect(plain((await atPoint(use, at, dtype)).gradient)).toEqual(expected);
  });

  it('case 5: argmax takes the first of those that tie', async () => {
    const trainer = await trainerFor(
      (m) => {
        const x = m.input('x', ['batch', 4]);
        return { loss: m.param('w', [], constant(1)).mul(x.mean()), outputs: { first: x.argmax(1) } };
      },
      {},
      dtype,
    );
    const x = [
      [1, 3, 3, 2],
      [5, 5, 5, 5],
      [0, -0, -1, -2],
      [-0, 0, 0, 0],
    ];
    expect([...(trainer.predict({ x }).first ?? [])]).toEqual([1, 0, 0, 0]);
  });

  it('case 6: the root has the gradient Infinity at 0, as IEEE 754 has 1 / 0', async () => {
    const { value, gradient } = await atPoint((p) => p.sqrt(), [0, 4], dtype);
    expect(value).toEqual([0, 2]);
    expect(gradient).toEqual([inf, 0.25]);
  });

  it('case 6: the norm of the zero vector is 0; a safe gradient 0 is what select with a safe operand gives', async () => {
    const safe: Use = (p) => {
      const squares = p.square().sum();
      const isZero = squares.equal(0);
      return isZero.select(0, isZero.select(1, squares).sqrt());
    };
    const at0 = await atPoint(safe, [0, 0], dtype);
    expect({ ...at0, gradient: plain(at0.gradient) }).toEqual({ value: [0], gradient: [0, 0] });
    const { value, gradient } = await atPoint(safe, [3, 4], dtype);
    expect(value).toEqual([5]);
    expectClose(gradient, [0.6, 0.8]);
  });

  it('case 6: the plain norm at the zero vector is taken back, and the root of 0 is named by its line', async () => {
    const declared = small((m) => ({
      loss: m
        .param('w', [2], constant(0))
        .square()
        .sum()
        .sqrt()
        .mul(m.input('x', ['batch']).mean()),
    }));
    const { trainer } = await trained(declared, dtype);
    const { error, origin } = await explained(declared, dtype, () => trainer.step({ x: [1] }));
    expect(error.message).toMatch(/The parameter "w" becomes NaN at its element 0.* at step 1/);
    expect(origin.gradientOf).toMatch(/sqrt/);
    expect([...(trainer.state.w ?? [])]).toEqual([0, 0]);
  });

  it.each<[string, Use, number, number]>([
    ['x^2', (p) => p.square(), 0, 0],
    ['x^3', (p) => p.mul(p).mul(p), 0, 0],
    ['x^1', (p) => p.mul(1), 0, 1],
    ['x^0, written e^(0 ln x)', (p) => p.log().mul(0).exp(), 1, 0],
  ])('case 6: %s has at 0 the value and the gradient of a power', async (_, use, value, gradient) => {
    const found = await atPoint(use, [0], dtype);
    expect([...plain(found.value), ...plain(found.gradient)]).toEqual([value, gradient]);
  });

  it.each<[string, Use, readonly number[], readonly number[]]>([
    ['a logarithm of a negative number', (p) => p.greater(0).select(p.log(), 0), [-1, 2], [0, 0.5]],
    ['an overflow', (p) => p.less(100).select(p, p.mul(-1e4).exp()), [1, 2], [1, 1]],
    ['a constant NaN', (p) => p.greater(0).select(p, nan), [1, -1], [1, 0]],
    [
      'a constant NaN in a product',
      (p) => p.greater(0).select(p.mul(2), p.stopGradient().mul(nan)),
      [1, -1],
      [2, 0],
    ],
  ])('case 7: %s in the branch not taken leaves the gradient as it is', async (_, use, at, expected) => {
    expect(plain((await atPoint(use, at, dtype)).gradient)).toEqual(expected);
  });

  it.each<[string, Use, number, number]>([
    ['a logarithm', (p) => p.log(), 0, 0],
    ['a root', (p) => p.sqrt(), -1, 0],
    ['a quotient', (p, m) => m.constant(1).div(p), 0, 0],
  ])(
    'case 7: %s at its pole leaks nothing when its operand is kept off it',
    async (_, unsafe, at, expected) => {
      const guarded: Use = (p, m) => {
        const fits = p.greater(0);
        return fits.select(unsafe(fits.select(p, 1), m), 0);
      };
      const { value, gradient } = await atPoint(guarded, [at], dtype);
      expect([...value, ...plain(gradient)]).toEqual([0, expected]);
    },
  );

  it.each<[string, Use, number, number]>([
    ['a logarithm at 0', (p) => p.greater(0).select(p.log(), 0), 0, 0],
    ['a root at 0', (p) => p.greater(0).select(p.sqrt(), 0), 0, 0],
    ['a root of a negative number', (p) => p.greater(0).select(p.sqrt(), 0), -1, 0],
    ['a quotient by 0', (p, m) => p.equal(0).select(1, m.constant(1).div(p)), 0, 1],
    ['sin(p)/p at 0', (p) => p.equal(0).select(1, p.sin().div(p)), 0, 1],
    ['what is made of NaN', (p) => p.greater(0).select(p.log().tanh(), 3), -1, 3],
    ['a select in a select', (p) => p.less(5).select(p.greater(0).select(p.log(), 0), 7), 0, 0],
    ['the product of two that are infinite', (p) => p.greater(0).select(p.log().mul(p.log()), 0), 0, 0],
  ])('case 7: %s in the branch not taken leaks no NaN into the gradient', async (_, use, at, expected) => {
    const { value, gradient } = await atPoint(use, [at], dtype);
    expect([...value, ...plain(gradient)]).toEqual([expected, 0]);
  });

  it('case 7: a value that two branches share leaks nothing where neither is taken', async () => {
    const shared: Use = (p) => {
      const l = p.log();
      return p.greater(0).select(l, 0).add(p.greater(1).select(l, 0));
    };
    const { gradient } = await atPoint(shared, [0, 0.5, 4], dtype);
    expect(plain(gradient)).toEqual([0, 2, 0.5]);
  });

  it('case 7: a sum in the branch not taken leaks nothing', async () => {
    const summed: Use = (p) => p.sum().greater(0).select(p.log().sum(), 0);
    expect(plain((await atPoint(summed, [0, 0], dtype)).gradient)).toEqual([0, 0]);
    expect(plain((await atPoint(summed, [2, 4], dtype)).gradient)).toEqual([0.5, 0.25]);
  });

  it('case 7: a condition that is NaN takes the branch of no, and gives it the whole gradient', async () => {
    const trainer = await trainerFor(
      (m) => {
        const [a, b] = [m.param('a', [], constant(1)), m.param('b', [], constant(2))];
        const x = m.input('x', ['batch']);
        // The logarithm of a negative number, through which no gradient flows.
        return { loss: x.log().greater(0).select(a, b).mean() };
      },
      { optimizer: showGradient },
      dtype,
    );
    expect(trainer.step({ x: [-1] }).loss).toBe(2);
    expect([trainer.state.a?.[0], trainer.state.b?.[0]]).toEqual([0, 1]);
  });
});
