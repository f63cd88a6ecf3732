/** What derivatives are where calculus leaves a choice, and other cases that are easy to get wrong. */

import './seed.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Builder, createBuilder } from '../../ir/builder.ts';
import { CompileError } from '../../ir/errors.ts';
import { elementCount, type Shape } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import { directionalDerivative } from '../../src/oracle/dual.ts';
import { drawNumbers, randomFrom } from '../arbitraries/draw.ts';
import { bind, gradientsOf, inputOf, near, total, valuesAt } from './programs.ts';

/** The gradient of the sum of f at each of its arguments. */
function gradientsAt(f: (o: Builder, ...xs: Value[]) => Value, ...points: readonly (readonly number[])[]) {
  const o = createBuilder('f64');
  const xs = points.map((point, i) => inputOf(o, `x${i}`, [point.length]));
  const loss = total(o, f(o, ...xs));
  const leaf = bind(Object.fromEntries(points.map((point, i) => [`x${i}`, point])));
  const gradients = valuesAt(gradientsOf(o, loss, xs), 1, leaf);
  return gradients.map((gradient) => Array.from(gradient.data));
}

const first = (x: Value | undefined): Value => {
  if (!x) throw new Error('the function has no argument');
  return x;
};

describe('the derivative at a kink', () => {
  test.each<[string, (o: Builder, x: Value) => Value, number, number]>([
    ['relu', (o, x) => o.relu(x), 0, 0],
    ['relu', (o, x) => o.relu(x), -0, 0],
    ['abs', (o, x) => o.abs(x), 0, 0],
    ['abs', (o, x) => o.abs(x), -0, 0],
    ['sign', (o, x) => o.sign(x), 0, 0],
    ['floor', (o, x) => o.floor(x), 2, 0],
    ['sqrt', (o, x) => o.sqrt(x), 0, Number.POSITIVE_INFINITY],
    ['max with 0', (o, x) => o.maximum(x, 0), 0, 0.5],
    ['min with 0', (o, x) => o.minimum(x, 0), 0, 0.5],
    ['max with itself', (o, x) => o.maximum(x, x), 3, 1],
    ['min with itself', (o, x) => o.minimum(x, x), 3, 1],
  ])('of %s', (_name, f, point, expected) => {
    const [gradient] = gradientsAt((o, x) => f(o, first(x)), [point]);
    expect(Math.abs(gradient?.[0] ?? Number.NaN)).toBe(expected);
  });

  test('of a maximum and a minimum is split in halves', () => {
    const max = gradientsAt((o, x, y) => o.maximum(first(x), first(y)), [1, 2, 3], [3, 2, 1]);
    expect(max).toEqual([
      [0, 0.5, 1],
      [1, 0.5, 0],
    ]);
    const min = gradientsAt((o, x, y) => o.minimum(first(x), first(y)), [1, 2, 3], [3, 2, 1]);
    expect(min).toEqual([
      [1, 0.5, 0],
      [0, 0.5, 1],
    ]);
  });

  test('of the largest element is shared evenly by those that tie', () => {
    const largest = (o: Builder, x: Value | undefined) => o.reduceMax(first(x), { axes: [0] });
    expect(gradientsAt(largest, [3, 1, 3, 3])).toEqual([[1 / 3, 0, 1 / 3, 1 / 3]]);
    expect(gradientsAt(largest, [3, 4, 3])).toEqual([[0, 1, 0]]);
  });
});

describe('nothing leaks from what is not chosen', () => {
  test.each<[string, (o: Builder, x: Value) => Value]>([
    ['a logarithm of a negative number', (o, x) => o.log(x)],
    ['a root of a negative number', (o, x) => o.sqrt(x)],
    ['a quotient by zero', (o, x) => o.div(1, o.add(x, 1))],
    ['an overflow', (o, x) => o.exp(o.mul(x, -1e4))],
  ])('%s', (_name, unsafe) => {
    const guarded = (o: Builder, x: Value): Value =>
      o.select(o.less(0, x), unsafe(o, o.select(o.less(0, x), x, 1)), o.mul(x, 3));
    expect(gradientsAt((o, x) => guarded(o, first(x)), [-1])).toEqual([[3]]);
  });

  test('the branch not taken, even where it is NaN', () => {
    const f = (o: Builder, x: Value) => o.select(o.less(0, x), x, o.mul(o.stopGradient(o.log(x)), 2));
    expect(gradientsAt((o, x) => f(o, first(x)), [2, -1])).toEqual([[1, 0]]);
  });
});

describe('a value that is used several times', () => {
  test.each<[string, (o: Builder, x: Value) => Value, number, number]>([
    ['x * x', (o, x) => o.mul(x, x), 3, 6],
    ['x + x', (o, x) => o.add(x, x), 3, 2],
    ['x - x', (o, x) => o.sub(x, x), 3, 0],
    ['x / x', (o, x) => o.div(x, x), 4, 0],
    ['x * x * x', (o, x) => o.mul(o.mul(x, x), x), 2, 12],
    ['x * stop(x)', (o, x) => o.mul(x, o.stopGradient(x)), 3, 3],
    ['(x + 1) * (x - 1)', (o, x) => o.mul(o.add(x, 1), o.sub(x, 1)), 5, 10],
  ])('%s collects the gradients of all uses', (_name, f, point, expected) => {
    expect(gradientsAt((o, x) => f(o, first(x)), [point])).toEqual([[expected]]);
  });

  test('x @ transposed x collects both', () => {
    const o = createBuilder('f64');
    const x = inputOf(o, 'x', [2, 3]);
    const loss = total(o, o.matmul(x, o.transpose(x, { perm: [1, 0] })));
    const data = [1, 2, 3, 4, 5, 6];
    const [gradient] = valuesAt(gradientsOf(o, loss, [x]), 1, bind({ x: data }));
    expect(Array.from(gradient?.data ?? [])).toEqual([10, 14, 18, 10, 14, 18]);
  });
});

describe('what a loss does not depend on', () => {
  test('has gradient 0, whether made before or after it, in every shape', () => {
    const o = createBuilder('f64');
    const before = inputOf(o, 'before', [2, 3]);
    const loss = total(o, o.exp(inputOf(o, 'x', [2])));
    const after = inputOf(o, 'after', ['batch', 0]);
    const stopped = total(o, o.stopGradient(before));
    const leaf = bind({ before: [1, 2, 3, 4, 5, 6], x: [1, 2], after: [] });
    const gradients = valuesAt(gradientsOf(o, o.add(loss, stopped), [before, after]), 3, leaf);
    expect(gradients.map(({ shape }) => shape)).toEqual([
      [2, 3],
      [3, 0],
    ]);
    expect(Array.from(gradients[0]?.data ?? [])).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test.each<[string, (o: Builder, x: Value) => Value]>([
    ['a constant loss', (o) => o.constant({ value: 3, dtype: 'f64', shape: [] })],
    ['a count', (o, x) => total(o, o.cast(o.less(x, 0), { dtype: 'f64' }))],
    ['an index', (o, x) => o.cast(o.argmax(x, { axis: 0 }), { dtype: 'f64' })],
    ['an empty sum', (o, x) => total(o, o.broadcast(x, { axes: [0], dims: [0] }))],
  ])('%s gives exactly 0', (_name, lossOf) => {
    const o = createBuilder('f64');
    const x = inputOf(o, 'x', [3]);
    const [gradient] = valuesAt(gradientsOf(o, lossOf(o, x), [x]), 1, bind({ x: [1, -2, 3] }));
    expect(Array.from(gradient?.data ?? [])).toEqual([0, 0, 0]);
  });

  test('a loss of several numbers, or a gradient at whole numbers, is refused', () => {
    const o = createBuilder('f64');
    const x = inputOf(o, 'x', [3]);
    expect(() => o.grad(x, x)).toThrow(CompileError);
    expect(() => o.grad(total(o, x), inputOf(o, 'i', [3], 'i32'))).toThrow(CompileError);
  });
});

describe('operands stretched to a common shape', () => {
  const pairs: readonly (readonly [Shape, Shape])[] = [
    [
      [3, 1],
      [1, 4],
    ],
    [[0], [1]],
    [[], [2, 3]],
    [['batch', 1], [5]],
    [['batch'], [3, 1]],
    [
      [2, 1, 4, 1],
      [3, 1, 5],
    ],
    [
      [1, 1],
      ['batch', 1],
    ],
    [[1], [1, 1, 1, 1]],
    [['batch', 0], [1]],
    [
      [3, 1, 'batch'],
      [7, 1],
    ],
  ];
  const ops = ['add', 'sub', 'mul', 'div', 'maximum', 'minimum'] as const;

  test.each(pairs)('%j and %j get gradients of their own shapes, as forward mode has them', (a, b) => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ops),
        fc.nat(2 ** 30),
        fc.integer({ min: 1, max: 4 }),
        (op, seed, batch) => {
          const o = createBuilder('f64');
          const xs = [inputOf(o, 'x0', a), inputOf(o, 'x1', b)] as const;
          const loss = total(o, o.sigmoid(o[op](...xs)));
          const random = randomFrom(seed);
          const draw = (shape: Shape) =>
            drawNumbers(elementCount(shape, batch), 'nonzero', 'f64', 'smooth', random);
          const data = { x0: draw(a), x1: draw(b) };
          const along = { x0: draw(a), x1: draw(b) };
          const gradients = valuesAt(gradientsOf(o, loss, xs), batch, bind(data));
          const found = [along.x0, along.x1].map((d, i) =>
            d.reduce((sum, t, k) => sum + t * (gradients[i]?.data[k] ?? Number.NaN), 0),
          );
          const dual = directionalDerivative(loss, { batch, leaf: bind(data) }, bind(along));
          const [tangent = Number.NaN, terms = 0] = [dual.tangent[0], dual.terms[0]];
          expect(gradients.map(({ data: { length } }) => length)).toEqual([along.x0.length, along.x1.length]);
          expect(near((found[0] ?? 0) + (found[1] ?? 0), tangent, terms)).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('matrices with nothing between them give zeros, and empty sums 0', () => {
    const o = createBuilder('f64');
    const [x, y] = [inputOf(o, 'x', [2, 0]), inputOf(o, 'y', [0, 3])];
    const product = o.matmul(x, y);
    const gradients = gradientsOf(o, total(o, product), [x, y]);
    const results = valuesAt([product, total(o, x), ...gradients], 1, bind({ x: [], y: [] }));
    expect(results.map(({ data }) => Array.from(data))).toEqual([[0, 0, 0, 0, 0, 0], [0], [], []]);
  });

  test('a maximum over nothing is refused', () => {
    const o = createBuilder('f64');
    const x = inputOf(o, 'x', [2, 0]);
    for (const op of ['reduceMax', 'logSumExp'] as const) {
      expect(() => o[op](x, { axes: [1] })).toThrow(CompileError);
    }
    expect(() => o.argmax(x, { axis: 1 })).toThrow(CompileError);
  });
});

test('arithmetic at the edges is that of IEEE 754', () => {
  const o = createBuilder('f32');
  const x = inputOf(o, 'x', [4]);
  const results = [o.log(x), o.div(1, x), o.div(x, x), o.sqrt(x), o.relu(x), o.cast(x, { dtype: 'bool' })];
  const found = valuesAt(results, 1, bind({ x: [0, -0, -1, Number.NaN] }), 'f32');
  const inf = Number.POSITIVE_INFINITY;
  const { NaN: nan } = Number;
  expect(found.map(({ data }) => Array.from(data))).toEqual([
    [-inf, -inf, nan, nan],
    [inf, -inf, -1, nan],
    [nan, nan, 1, nan],
    [0, -0, nan, nan],
    [0, -0, 0, nan],
    [0, 0, 1, 1],
  ]);
});
