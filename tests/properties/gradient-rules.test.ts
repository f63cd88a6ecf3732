/**
 * The gradient rule of every op at points worked out by hand. Results are weighed by 1, 2, 3, ... and added up, so a
 * gradient below reads `weight * derivative`, and no element can stand in for another.
 */

import { describe, expect, test } from 'vitest';
import { type Builder, createBuilder } from '../../ir/builder.ts';
import { opNames } from '../../ir/ops/index.ts';
import { elementCount, isFloat, type Shape } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import { bind, gradientsOf, inputOf, total, valuesAt } from './programs.ts';

/** The numbers of an operand: a list, or an array of a shape. */
type Numbers = readonly number[] | { readonly shape: Shape; readonly data: readonly number[] };

const matrix = (rows: number, columns: number, ...data: readonly number[]): Numbers => ({
  shape: [rows, columns],
  data,
});

interface Rule {
  readonly of: (o: Builder, ...xs: readonly [Value, Value]) => Value;
  readonly at: readonly Numbers[];
  /** For each operand. */
  readonly gradients: readonly (readonly number[])[];
}

const { LN2, E, PI } = Math;
const LN3 = Math.log(3);

const rules: { readonly [op: string]: Rule } = {
  add: {
    of: (o, x, y) => o.add(x, y),
    at: [
      [3, 4],
      [5, 6],
    ],
    gradients: [
      [1, 2],
      [1, 2],
    ],
  },
  sub: {
    of: (o, x, y) => o.sub(x, y),
    at: [
      [3, 4],
      [5, 6],
    ],
    gradients: [
      [1, 2],
      [-1, -2],
    ],
  },
  mul: {
    of: (o, x, y) => o.mul(x, y),
    at: [
      [3, 4],
      [5, 6],
    ],
    gradients: [
      [1 * 5, 2 * 6],
      [1 * 3, 2 * 4],
    ],
  },
  'mul of a value by itself': { of: (o, x) => o.mul(x, x), at: [[3, -4]], gradients: [[1 * 6, 2 * -8]] },
  div: {
    of: (o, x, y) => o.div(x, y),
    at: [
      [3, 4],
      [2, -4],
    ],
    gradients: [
      [1 / 2, 2 / -4],
      [1 * (-3 / 4), 2 * (-4 / 16)],
    ],
  },
  neg: { of: (o, x) => o.neg(x), at: [[3, 4]], gradients: [[-1, -2]] },
  abs: { of: (o, x) => o.abs(x), at: [[3, -4, 0]], gradients: [[1 * 1, 2 * -1, 3 * 0]] },
  sign: { of: (o, x) => o.sign(x), at: [[3, -4]], gradients: [[0, 0]] },
  floor: { of: (o, x) => o.floor(x), at: [[3.5, -4.5]], gradients: [[0, 0]] },
  exp: { of: (o, x) => o.exp(x), at: [[0, LN2, LN3]], gradients: [[1 * 1, 2 * 2, 3 * 3]] },
  expm1: {
    of: (o, x) => o.expm1(x),
    at: [[0, LN2, -40]],
    gradients: [[1 * 1, 2 * 2, 3 * Math.exp(-40)]],
  },
  log: { of: (o, x) => o.log(x), at: [[1, 4]], gradients: [[1 * 1, 2 / 4]] },
  sqrt: { of: (o, x) => o.sqrt(x), at: [[4, 9]], gradients: [[1 / 4, 2 / 6]] },
  sin: { of: (o, x) => o.sin(x), at: [[0, PI / 3]], gradients: [[1 * 1, 2 * 0.5]] },
  cos: { of: (o, x) => o.cos(x), at: [[0, PI / 6]], gradients: [[0, 2 * -0.5]] },
  tanh: { of: (o, x) => o.tanh(x), at: [[0, LN3 / 2]], gradients: [[1 * 1, 2 * 0.75]] },
  erf: {
    of: (o, x) => o.erf(x),
    at: [[0, 1]],
    gradients: [[1 * (2 / Math.sqrt(PI)), 2 * (2 / (E * Math.sqrt(PI)))]],
  },
  sigmoid: { of: (o, x) => o.sigmoid(x), at: [[0, LN3]], gradients: [[1 * 0.25, 2 * (3 / 16)]] },
  softplus: { of: (o, x) => o.softplus(x), at: [[0, LN3]], gradients: [[1 * 0.5, 2 * 0.75]] },
  relu: { of: (o, x) => o.relu(x), at: [[3, -4, 0]], gradients: [[1, 0, 0]] },
  stopGradient: { of: (o, x) => o.stopGradient(o.mul(x, 2)), at: [[3, 4]], gradients: [[0, 0]] },
  opaque: { of: (o, x) => o.opaque(x), at: [[3, 4]], gradients: [[1, 2]] },
  minimum: {
    of: (o, x, y) => o.minimum(x, y),
    at: [
      [1, 5, 3],
      [2, 4, 3],
    ],
    gradients: [
      [1, 0, 3 / 2],
      [0, 2, 3 / 2],
    ],
  },
  maximum: {
    of: (o, x, y) => o.maximum(x, y),
    at: [
      [1, 5, 3],
      [2, 4, 3],
    ],
    gradients: [
      [0, 2, 3 / 2],
      [1, 0, 3 / 2],
    ],
  },
  select: {
    of: (o, x, y) => o.select(o.less(x, y), o.mul(x, 10), o.mul(y, 100)),
    at: [
      [1, 5],
      [2, 4],
    ],
    gradients: [
      [1 * 10, 0],
      [0, 2 * 100],
    ],
  },
  cast: { of: (o, x) => o.cast(x, { dtype: 'f64' }), at: [[3, 4]], gradients: [[1, 2]] },
  sum: {
    of: (o, x) => o.sum(x, { axes: [0] }),
    at: [matrix(2, 3, 1, 2, 3, 4, 5, 6)],
    gradients: [[1, 2, 3, 1, 2, 3]],
  },
  reduceMax: {
    of: (o, x) => o.reduceMax(x, { axes: [1] }),
    at: [matrix(2, 3, 1, 9, 2, 7, 3, 7)],
    gradients: [[0, 1, 0, 2 / 2, 0, 2 / 2]],
  },
  logSumExp: {
    of: (o, x) => o.logSumExp(x, { axes: [1] }),
    at: [matrix(2, 2, 0, LN3, LN2, LN2)],
    gradients: [[1 / 4, 1 * (3 / 4), 2 / 2, 2 / 2]],
  },
  matmul: {
    of: (o, x, y) => o.matmul(x, y),
    at: [matrix(1, 2, 3, 4), matrix(2, 2, 5, 6, 7, 8)],
    gradients: [
      [1 * 5 + 2 * 6, 1 * 7 + 2 * 8],
      [1 * 3, 2 * 3, 1 * 4, 2 * 4],
    ],
  },
  transpose: {
    of: (o, x) => o.transpose(x, { perm: [1, 2, 0] }),
    at: [{ shape: [2, 1, 3], data: [1, 2, 3, 4, 5, 6] }],
    gradients: [[1, 3, 5, 2, 4, 6]],
  },
  reshape: {
    of: (o, x) => o.reshape(x, { shape: [3, 2] }),
    at: [matrix(2, 3, 1, 2, 3, 4, 5, 6)],
    gradients: [[1, 2, 3, 4, 5, 6]],
  },
  broadcast: {
    of: (o, x) => o.broadcast(x, { axes: [0, 2], dims: [2, 2] }),
    at: [[3, 4]],
    gradients: [[1 + 2 + 5 + 6, 3 + 4 + 7 + 8]],
  },
  'mul of a row and a column': {
    of: (o, x, y) => o.mul(x, y),
    at: [matrix(1, 2, 3, 4), matrix(2, 1, 5, 6)],
    gradients: [
      [1 * 5 + 3 * 6, 2 * 5 + 4 * 6],
      [1 * 3 + 2 * 4, 3 * 3 + 4 * 4],
    ],
  },
};

/** Ops whose results are not floats, or that have no operand: through these nothing flows back. */
const discrete: { readonly [op: string]: (o: Builder, x: Value, y: Value) => Value } = {
  less: (o, x, y) => o.less(x, y),
  lessEqual: (o, x, y) => o.lessEqual(x, y),
  equal: (o, x, y) => o.equal(x, y),
  and: (o, x, y) => o.and(o.less(x, y), o.less(x, 1)),
  or: (o, x, y) => o.or(o.less(x, y), o.less(x, 1)),
  not: (o, x, y) => o.not(o.less(x, y)),
  argmax: (o, x) => o.argmax(x, { axis: 0 }),
  oneHot: (o, x) => o.oneHot(o.argmax(x, { axis: 0 }), { classes: 2, dtype: 'f64' }),
  uniform: (o, x) => {
    const whole = o.argmax(x, { axis: 0 });
    return o.uniform(whole, whole, { stream: 0, shape: [2], dtype: 'f64' });
  },
};

const leaves = ['input', 'state', 'constant', 'batchSize'];

const shapeOf = (numbers: Numbers): Shape => ('shape' in numbers ? numbers.shape : [numbers.length]);
const dataOf = (numbers: Numbers): readonly number[] => ('shape' in numbers ? numbers.data : numbers);

/** The sum of the elements of `value`, the first once, the second twice, and so on. */
function weighed(o: Builder, value: Value): { readonly loss: Value; readonly weights: readonly number[] } {
  const weights = Array.from({ length: elementCount(value.shape, 1) }, (_, i) => i + 1);
  const numbers = isFloat(value.dtype) ? value : o.cast(value, { dtype: o.float });
  return { loss: total(o, o.mul(numbers, inputOf(o, 'weights', value.shape))), weights };
}

/** Gradients at the operands; those of an op with one operand take its place for the second, unused one. */
function gradientsBy(build: Rule['of'], at: readonly Numbers[]): readonly (readonly number[])[] {
  const o = createBuilder('f64');
  const xs = at.map((numbers, i) => inputOf(o, `x${i}`, shapeOf(numbers)));
  const [x, y = x] = xs;
  if (!x || !y) throw new Error('An op without operands has no gradient.');
  const { loss, weights } = weighed(o, build(o, x, y));
  const data = Object.fromEntries(at.map((numbers, i) => [`x${i}`, dataOf(numbers)]));
  const gradients = valuesAt(gradientsOf(o, loss, xs), 1, bind({ ...data, weights }));
  expect(gradients.map(({ shape }) => shape)).toEqual(at.map(shapeOf));
  return gradients.map((gradient) => Array.from(gradient.data));
}

describe('the gradient of', () => {
  test.each(Object.entries(rules))('%s', (op, { of, at, gradients }) => {
    const found = gradientsBy(of, at);
    expect(found.length).toBe(gradients.length);
    for (const [operand, expected] of gradients.entries()) {
      expect(found[operand]?.length).toBe(expected.length);
      for (const [i, derivative] of expected.entries()) {
        const number = found[operand]?.[i] ?? Number.NaN;
        const message = `operand ${operand} of ${op}, element ${i}: ${number} instead of ${derivative}`;
        expect(Math.abs(number - derivative), message).toBeLessThanOrEqual(1e-12 * Math.abs(derivative));
      }
    }
  });
});

describe('no gradient flows through', () => {
  test.each(Object.entries(discrete))('%s', (_op, build) => {
    expect(
      gradientsBy(build, [
        [1, 5],
        [2, 4],
      ]),
    ).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });
});

test('every op of the language is above, but leaves and the marker of gradients itself', () => {
  const known = [...Object.keys(rules), ...Object.keys(discrete), ...leaves, 'grad'];
  expect(opNames.filter((name) => !known.includes(name))).toEqual([]);
});

test('what is made of a gradient has no influence on the loss that it is the gradient of', () => {
  const o = createBuilder('f64');
  const x = inputOf(o, 'x');
  const loss = o.mul(o.mul(x, x), x);
  const later = o.exp(o.grad(loss, x));
  const found = valuesAt(gradientsOf(o, loss, [x, later]), 1, bind({ x: [2] }));
  expect(found.map(({ data }) => data[0])).toEqual([12, 0]);
});

test('the gradient through a chain of 20,000 values needs no deep stack', () => {
  const o = createBuilder('f64');
  const x = inputOf(o, 'x');
  let loss = x;
  for (let i = 0; i < 20_000; i++) loss = o.add(loss, i % 2 === 0 ? 1 : -1);
  const [gradient] = valuesAt(gradientsOf(o, loss, [x]), 1, bind({ x: [3] }));
  expect(gradient?.data[0]).toBe(1);
});
