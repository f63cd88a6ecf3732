/** Gradients of every op by the autodiff pass are those of forward mode and of central differences. */

import './seed.ts';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type OpName, opNames } from '../../ir/ops/index.ts';
import { elementCount, isFloat } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import { autodiff } from '../../passes/autodiff.ts';
import { randomFrom, type Style } from '../arbitraries/draw.ts';
import { arbitraryCase, dataOf, type OpCase } from '../arbitraries/ops.ts';
import { centralDifference } from '../oracle/differences.ts';
import { type Direction, directionalDerivative } from '../oracle/dual.ts';
import { gradientsOf, type Leaf, near, programOf, resultsOf, total, valuesAt } from './programs.ts';

/** Ops without a float operand have no gradient to check; `grad` itself is what is checked. */
const withoutFloats: readonly OpName[] = ['input', 'state', 'constant', 'batchSize', 'uniform', 'and', 'or'];
const unchecked: readonly OpName[] = [...withoutFloats, 'not', 'oneHot', 'grad'];
const differentiable = opNames.filter((name) => !unchecked.includes(name));

const counts = { duals: 0, differences: 0, skipped: 0, second: 0 };

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

function checkGradients(opCase: OpCase, byDifferences: boolean): void {
  const { loss, targets, leaf, batch } = questionOf(opCase);
  const gradients = valuesAt(gradientsOf(opCase.o, loss, targets), batch, leaf);
  targets.forEach((target, t) => {
    const gradient = gradients[t]?.data ?? [];
    expect(gradient.length).toBe(elementCount(target.shape, batch));
    for (const element of someOf(gradient.length)) {
      const found = gradient[element] ?? Number.NaN;
      const direction = unit(target, element, gradient.length);
      const { tangent, terms } = directionalDerivative(loss, { batch, leaf }, direction);
      const expected = tangent[0] ?? Number.NaN;
      const message = `element ${element} of operand ${t}: ${found}, by forward mode ${expected}`;
      expect(near(found, expected, terms[0] ?? 0), message).toBe(true);
      counts.duals++;
      if (byDifferences) checkDifference(found, loss, { batch, leaf }, direction);
    }
  });
}

function checkDifference(
  found: number,
  loss: Value,
  at: { readonly batch: number; readonly leaf: Leaf },
  direction: Direction,
): void {
  const difference = centralDifference(loss, at, direction);
  if (difference.kind === 'skipped') {
    counts.skipped++;
    return;
  }
  counts.differences++;
  const error = Math.abs(found - difference.derivative);
  const message = `${found}, by differences ${difference.derivative}`;
  expect(error <= 1e-6 * Math.max(1, Math.abs(found)), message).toBe(true);
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
      expect(Math.abs(found - expected) <= 1e-6 * Math.max(1, Math.abs(expected)), message).toBe(true);
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
      { numRuns: 120 },
    );
    expect(counts.duals - before).toBeGreaterThan(50);
  });

  test('can be differentiated again', () => {
    const cases = arbitraryCase(name, { float: 'f64', style: 'smooth' });
    const floating = cases.filter(({ value }) => value.inputs.some((x) => isFloat(x.dtype)));
    fc.assert(fc.property(floating, checkSecondOrder), { numRuns: 25 });
  });
});

afterAll(() => {
  console.log(`gradients: ${JSON.stringify(counts)}`);
  expect(counts.duals).toBeGreaterThan(10_000);
  expect(counts.second).toBeGreaterThan(1_000);
  expect(counts.skipped).toBeLessThan(0.05 * (counts.skipped + counts.differences));
});
