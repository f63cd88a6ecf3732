/** The oracles themselves, where the answer is known by hand. */

import './seed.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Builder, createBuilder } from '../../ir/builder.ts';
import { evaluate } from '../../ir/evaluate.ts';
import { rootsOf } from '../../ir/program.ts';
import type { Value } from '../../ir/value.ts';
import { centralDifference } from '../../src/oracle/differences.ts';
import { directionalDerivative, dualsOf } from '../../src/oracle/dual.ts';
import { erf, erfInFixedPoint, fromFixedPoint } from '../../src/oracle/error-function.ts';
import { arbitraryProgram, dataFor } from '../arbitraries/graph.ts';
import { expectNear } from './compare.ts';
import { bind, inputOf } from './programs.ts';

type Build = (o: Builder, x: Value) => Value;

const at = (build: Build, point: number) => {
  const o = createBuilder('f64');
  const root = build(o, inputOf(o, 'x'));
  return { root, bindings: { batch: 1, leaf: bind({ x: [point] }) }, direction: bind({ x: [1] }) };
};

describe('forward mode', () => {
  test.each<[string, Build, number, number]>([
    ['x * x', (o, x) => o.mul(x, x), 3, 6],
    ['1 / x', (o, x) => o.div(1, x), 2, -0.25],
    ['exp(2x)', (o, x) => o.exp(o.mul(2, x)), 0, 2],
    ['x @ x', (o, x) => o.sum(square(o, o.reshape(x, { shape: [1, 1] })), { axes: [0, 1] }), 5, 10],
    ['logsumexp(x, x)', (o, x) => o.logSumExp(twice(o, x), { axes: [0] }), 1, 1],
    ['max(x, x)', (o, x) => o.reduceMax(twice(o, x), { axes: [0] }), 1, 1],
  ])('differentiates %s', (_name, build, point, expected) => {
    const { root, bindings, direction } = at(build, point);
    expect(directionalDerivative(root, bindings, direction).tangent[0]).toBe(expected);
  });

  test('computes the same values as the evaluator', () => {
    const property = fc.property(arbitraryProgram(), fc.nat(2 ** 30), (program, seed) => {
      const predict = program.functions.filter(({ name }) => name !== 'step').flatMap(rootsOf);
      const leaf = dataFor(program, 3, seed);
      const values = evaluate(predict, { batch: 3, float: 'f64', leaf });
      for (const root of predict) {
        const dual = dualsOf(root, { batch: 3, leaf }, () => undefined).get(root);
        const expected = values.get(root)?.data ?? [];
        expect(expectNear(dual?.value ?? [], expected, root.op)).toBe(expected.length);
        expect(dual?.tangent.every((t) => t === 0)).toBe(true);
      }
    });
    fc.assert(property, { numRuns: 200 });
  });
});

const square = (o: Builder, x: Value): Value => o.matmul(x, x);
const twice = (o: Builder, x: Value): Value => o.broadcast(x, { axes: [0], dims: [2] });

describe('central differences', () => {
  test.each<[string, Build, number]>([
    ['abs', (o, x) => o.abs(x), 0],
    ['relu', (o, x) => o.relu(x), 5e-4],
    ['floor', (o, x) => o.floor(x), 2],
    ['a comparison', (o, x) => o.select(o.less(x, 1), x, 3), 1],
    ['max', (o, x) => o.maximum(x, 1), 1.0005],
    ['the largest element', (o, x) => o.reduceMax(o.mul(twice(o, x), pair(o)), { axes: [0] }), 0],
    ['argmax', (o, x) => o.cast(o.argmax(o.mul(twice(o, x), pair(o)), { axis: 0 }), { dtype: 'f64' }), 0],
    ['a cast', (o, x) => o.cast(o.cast(x, { dtype: 'i32' }), { dtype: 'f64' }), 3],
  ])('refuse to judge at the kink of %s', (_name, build, point) => {
    const { root, bindings, direction } = at(build, point);
    expect(centralDifference(root, bindings, direction)).toEqual({ kind: 'skipped', reason: 'kink' });
  });

  test('refuse to judge where they do not converge', () => {
    const { root, bindings, direction } = at((o, x) => o.log(x), 1.5e-3);
    expect(centralDifference(root, bindings, direction)).toEqual({ kind: 'skipped', reason: 'disagreement' });
  });

  test('find a derivative', () => {
    const { root, bindings, direction } = at((o, x) => o.tanh(x), 0.5);
    const found = centralDifference(root, bindings, direction);
    expect(found.kind).toBe('converged');
    expect(found.kind === 'converged' ? found.derivative : 0).toBeCloseTo(1 - Math.tanh(0.5) ** 2, 8);
  });
});

/** 1 and -1. */
const pair = (o: Builder): Value =>
  o.sub(
    1,
    o.mul(2, o.oneHot(o.constant({ value: 1, dtype: 'i32', shape: [] }), { classes: 2, dtype: 'f64' })),
  );

test.each([
  [0.5, 0.5204998778130465],
  [1, 0.8427007929497149],
  [2, 0.9953222650189527],
  [3, 0.9999779095030014],
  [6.5, 1],
])('erf(%d) is %d, as the tables say', (x, expected) => {
  expect(Math.abs(erf(x) - expected)).toBeLessThan(1e-15);
  expect(Math.abs(erf(-x) + expected)).toBeLessThan(1e-15);
  if (x < 6) expect(fromFixedPoint(erfInFixedPoint(x))).toBe(expected);
});
