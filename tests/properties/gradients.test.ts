/** Gradients of every op by the autodiff pass are those of forward mode, of complex steps and of central differences. */

import './seed.ts';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type Builder, createBuilder } from '../../ir/builder.ts';
import { type OpName, opNames } from '../../ir/ops/index.ts';
import { elementCount, isFloat } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import { autodiff } from '../../passes/autodiff.ts';
import { complexStep, isSmooth } from '../../src/oracle/complex-step.ts';
import { centralDifference } from '../../src/oracle/differences.ts';
import { type Direction, directionalDerivative } from '../../src/oracle/dual.ts';
import { randomFrom, type Style } from '../arbitraries/draw.ts';
import { arbitraryCase, dataOf, type OpCase } from '../arbitraries/ops.ts';
import { publishCounts } from '../counts.ts';
import {
  bind,
  gradientsOf,
  inputOf,
  type Leaf,
  near,
  programOf,
  resultsOf,
  total,
  valuesAt,
} from './programs.ts';

/** Ops without a float operand have no gradient to check; `grad` itself is what is checked. */
const withoutFloats: readonly OpName[] = ['input', 'state', 'constant', 'batchSize', 'uniform', 'and', 'or'];
const unchecked: readonly OpName[] = [...withoutFloats, 'not', 'oneHot', 'grad'];
const differentiable = opNames.filter((name) => !unchecked.includes(name));

const counts = { cases: 0, duals: 0, complex: 0, differences: 0, skipped: 0, second: 0 };
/** The largest errors, each relative to what is allowed. */
const worst = { dual: 0, complex: 0, difference: 0, second: 0 };

/** Fails unless the error is at most `allowed`. */
function expectWithin(what: keyof typeof worst, error: number, allowed: number, message: string): void {
  expect(error <= allowed, message).toBe(true);
  if (error > 0) worst[what] = Math.max(worst[what], error / allowed);
}

interface Question {
  readonly loss: Value;
  readonly targets: readonly Value[];
  readonly leaf: Leaf;
  readonly batch: number;
}

/** A loss that weighs every element of the case's value differently. */
function questionOf({ o, value, batch, data }: OpCase): Question {
  const weights = o.input({ name: 'weights', dtype: o.float, shape: value.shape });
  const numbers = isFloat(value.dtype) ? value : o.cast(value, { dtype: o.float });
  const loss = total(o, o.mul(numbers, weights));
  const random = randomFrom(elementCount(value.shape, batch));
  const weighing = Array.from({ length: elementCount(value.shape, batch) }, () => 0.5 + random());
  const targets = value.inputs.filter((x) => isFloat(x.dtype));
  return { loss, targets, batch, leaf: dataOf({ data: new Map([...data, ['weights', weighing]]) }) };
}

/** Moves one element of one target. */
const unit =
  (target: Value, element: number, size: number): Direction =>
  (leaf) =>
    leaf === target ? Float64Array.from({ length: size }, (_, i) => (i === element ? 1 : 0)) : undefined;

/** A few elements of an array of `size`, spread over it. */
const someOf = (size: number): number[] => [
  ...new Set([0, Math.floor(size / 2), size - 1].filter((i) => i >= 0 && i < size)),
];

interface Asked {
  readonly found: number;
  readonly loss: Value;
  readonly at: { readonly batch: number; readonly leaf: Leaf };
  readonly direction: Direction;
  readonly where: string;
}

function checkGradients(opCase: OpCase, byDifferences: boolean): void {
  const { loss, targets, leaf, batch } = questionOf(opCase);
  const gradients = valuesAt(gradientsOf(opCase.o, loss, targets), batch, leaf);
  const smooth = isSmooth(loss);
  counts.cases++;
  targets.forEach((target, t) => {
    const gradient = gradients[t]?.data ?? [];
    expect(gradient.length).toBe(elementCount(target.shape, batch));
    for (const element of someOf(gradient.length)) {
      const found = gradient[element] ?? Number.NaN;
      const direction = unit(target, element, gradient.length);
      const where = `element ${element} of operand ${t}: ${found}`;
      const asked: Asked = { found, loss, at: { batch, leaf }, direction, where };
      checkDual(asked);
      if (smooth) checkComplexStep(asked);
      if (byDifferences) checkDifference(asked);
    }
  });
}

function checkDual({ found, loss, at, direction, where }: Asked): void {
  const { tangent, terms } = directionalDerivative(loss, at, direction);
  const [expected = Number.NaN, size = 0] = [tangent[0], terms[0]];
  expect(near(found, expected, size), `${where}, by forward mode ${expected}`).toBe(true);
  if (found !== expected && size > 0)
    worst.dual = Math.max(worst.dual, Math.abs(found - expected) / (1e-13 * size));
  counts.duals++;
}

function checkComplexStep({ found, loss, at, direction, where }: Asked): void {
  const expected = complexStep(loss, at, direction);
  const allowed = 4e-16 + 1e-12 * Math.abs(expected);
  expectWithin('complex', Math.abs(found - expected), allowed, `${where}, by a complex step ${expected}`);
  counts.complex++;
}

function checkDifference({ found, loss, at, direction, where }: Asked): void {
  const difference = centralDifference(loss, at, direction);
  if (difference.kind === 'skipped') {
    counts.skipped++;
    return;
  }
  counts.differences++;
  const { derivative } = difference;
  const allowed = 1e-6 * Math.max(1, Math.abs(found));
  expectWithin('difference', Math.abs(found - derivative), allowed, `${where}, by differences ${derivative}`);
}

/** The gradient of a weighted first gradient, against forward mode through the graph of the first gradient. */
function checkSecondOrder(opCase: OpCase): void {
  const { o } = opCase;
  const { loss, targets, leaf, batch } = questionOf(opCase);
  const scalarised = (gradients: readonly Value[]): Value =>
    gradients.map((g) => total(o, o.mul(g, g))).reduce((a, b) => o.add(a, b));
  const second = scalarised(targets.map((target) => o.grad(loss, target)));
  const twice = valuesAt(gradientsOf(o, second, targets), batch, leaf);
  const [once] = resultsOf(autodiff.run(programOf(o, [second])));
  targets.forEach((target, t) => {
    const gradient = twice[t]?.data ?? [];
    for (const element of someOf(gradient.length)) {
      const found = gradient[element] ?? Number.NaN;
      const direction: Direction = (moved) =>
        moved.attrs.name === target.attrs.name ? unit(target, element, gradient.length)(target) : undefined;
      const { tangent } = directionalDerivative(once ?? second, { batch, leaf }, direction);
      const expected = tangent[0] ?? Number.NaN;
      const message = `second order, element ${element} of operand ${t}: ${found}, expected ${expected}`;
      expectWithin('second', Math.abs(found - expected), 1e-6 * Math.max(1, Math.abs(expected)), message);
      counts.second++;
    }
  });
}

const styles: readonly Style[] = ['smooth', 'ties'];

describe.each(differentiable)('the gradient of %s', (name) => {
  test.each(styles)('is that of forward mode (%s inputs)', (style) => {
    const before = counts.duals;
    fc.assert(
      fc.property(arbitraryCase(name, { float: 'f64', style }), (opCase) =>
        // Differences see through a stopped gradient: that is what it is for.
        checkGradients(opCase, style === 'smooth' && name !== 'stopGradient'),
      ),
      { numRuns: 200 },
    );
    expect(counts.duals - before).toBeGreaterThan(50);
  });

  test('can be differentiated again', () => {
    const cases = arbitraryCase(name, { float: 'f64', style: 'smooth' });
    const floating = cases.filter(({ value }) => value.inputs.some((x) => isFloat(x.dtype)));
    fc.assert(fc.property(floating, checkSecondOrder), { numRuns: 100 });
  });
});

describe('a complex step', () => {
  const derivative = (f: (o: Builder, x: Value) => Value, point: number): number => {
    const o = createBuilder('f64');
    const root = f(o, inputOf(o, 'x'));
    return complexStep(root, { batch: 1, leaf: bind({ x: [point] }) }, bind({ x: [1] }));
  };

  test.each<[string, (o: Builder, x: Value) => Value, number, number]>([
    ['x * x', (o, x) => o.mul(x, x), 3, 6],
    ['1 / x', (o, x) => o.div(1, x), 2, -0.25],
    ['sqrt x', (o, x) => o.sqrt(x), 4, 0.25],
    ['ln x', (o, x) => o.log(x), 8, 0.125],
    ['e^x, next to 0', (o, x) => o.expm1(x), 0, 1],
    ['the logistic function', (o, x) => o.sigmoid(x), 0, 0.25],
    ['ln(1 + e^x)', (o, x) => o.softplus(x), 0, 0.5],
    ['the error function', (o, x) => o.erf(x), 0, 2 / Math.sqrt(Math.PI)],
    ['tanh, where 1 - tanh^2 has no digit left', (o, x) => o.tanh(x), 20, 1 / Math.cosh(20) ** 2],
    ['a branch', (o, x) => o.select(o.less(x, 1), o.sin(x), o.cos(x)), 2, -Math.sin(2)],
  ])('of %s is right to the last digits', (_name, f, point, expected) => {
    expect(Math.abs(derivative(f, point) - expected)).toBeLessThanOrEqual(1e-15 * Math.abs(expected));
  });

  test.each<[string, (o: Builder, x: Value) => Value]>([
    ['relu', (o, x) => o.relu(x)],
    ['|x|', (o, x) => o.abs(x)],
    ['the larger of x and 2x', (o, x) => o.maximum(x, o.mul(x, 2))],
    ['the smaller of x and 0', (o, x) => o.minimum(x, 0)],
  ])('has no answer at the kink of %s, and one beside it', (_name, f) => {
    expect(derivative(f, 0)).toBeNaN();
    expect([0, -1, 1, 2]).toContain(derivative(f, 1));
  });

  test('knows that a step has no slope', () => {
    for (const f of [(o: Builder, x: Value) => o.sign(x), (o: Builder, x: Value) => o.floor(x)])
      expect(derivative((o, x) => o.mul(x, f(o, x)), 1.5)).toBe(1);
  });

  test('is refused where an op has none', () => {
    expect(() => derivative((o, x) => o.stopGradient(x), 1)).toThrow('stopGradient has no complex step');
  });
});

afterAll(() => {
  const shares = Object.entries(worst).map(
    ([oracle, share]) => [`worst share of what is allowed, ${oracle}`, share] as const,
  );
  publishCounts('gradients of ops', { ...counts, ...Object.fromEntries(shares) });
  expect(counts.cases).toBeGreaterThanOrEqual(differentiable.length * styles.length * 200);
  expect(counts.duals).toBeGreaterThan(20_000);
  expect(counts.complex).toBeGreaterThan(10_000);
  expect(counts.differences).toBeGreaterThan(10_000);
  expect(counts.second).toBeGreaterThan(1_000);
  expect(counts.skipped).toBeLessThan(0.02 * (counts.skipped + counts.differences));
});
