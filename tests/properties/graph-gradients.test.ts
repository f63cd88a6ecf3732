/** Gradients of random training graphs are those of forward mode and of central differences. */

import './seed.ts';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { evaluate } from '../../ir/evaluate.ts';
import type { Program } from '../../ir/program.ts';
import type { Value } from '../../ir/value.ts';
import { autodiff } from '../../passes/autodiff.ts';
import { centralDifference } from '../../src/oracle/differences.ts';
import { type Direction, directionalDerivative } from '../../src/oracle/dual.ts';
import { randomFrom } from '../arbitraries/draw.ts';
import { arbitraryProgram, dataFor } from '../arbitraries/graph.ts';
import { publishCounts } from '../counts.ts';
import type { Leaf } from './programs.ts';

const counts = { graphs: 0, duals: 0, exact: 0, worst: 0, differences: 0, skipped: 0 };

const rate = 0.1;

/** The gradient of each parameter, read off its update w - 0.1 g by evaluating the graph of g itself. */
function gradientsOf(program: Program, batch: number, leaf: Leaf): ReadonlyMap<string, ArrayLike<number>> {
  const differentiated = autodiff.run(program);
  const updates = differentiated.functions.flatMap((fn) => fn.updates);
  // update = sub(w, mul(0.1, g))
  const roots = updates.map(({ state, value }) => ({ state, gradient: value.inputs[1]?.inputs[1] }));
  const gradients = roots.flatMap(({ gradient }) => (gradient ? [gradient] : []));
  const values = evaluate(gradients, { batch, float: 'f64', leaf });
  return new Map(
    roots.map(({ state, gradient }) => [state, (gradient && values.get(gradient)?.data) ?? []] as const),
  );
}

function lossOf(program: Program): Value {
  const loss = program.functions[0]?.results[0]?.value;
  if (!loss) throw new Error('the program has no loss');
  return loss;
}

/** Directions in which to look: one element of one parameter each. */
function directionsFor(gradients: ReadonlyMap<string, ArrayLike<number>>, seed: number) {
  const random = randomFrom(seed);
  return [...gradients].flatMap(([state, gradient]) => {
    const element = Math.floor(random() * gradient.length);
    if (gradient.length === 0) return [];
    const unit = Float64Array.from(gradient, (_, i) => (i === element ? 1 : 0));
    const direction: Direction = (leaf) => (leaf.attrs.name === state ? unit : undefined);
    return [{ state, element, direction, found: gradient[element] ?? Number.NaN }];
  });
}

function checkGraph(program: Program, batch: number, seed: number): void {
  const leaf = dataFor(program, batch, seed);
  const loss = lossOf(program);
  counts.graphs++;
  directionsFor(gradientsOf(program, batch, leaf), seed).forEach(
    ({ state, element, direction, found }, i) => {
      const dual = directionalDerivative(loss, { batch, leaf }, direction);
      const [expected = Number.NaN, terms = 0] = [dual.tangent[0], dual.terms[0]];
      const error = found === expected ? 0 : Math.abs(found - expected) / Math.max(terms, Math.abs(expected));
      const where = `element ${element} of ${state}: ${found}, by forward mode ${expected}`;
      expect(error <= 1e-9, where).toBe(true);
      counts.duals++;
      counts.worst = Math.max(counts.worst, error);
      if (error <= 1e-13) counts.exact++;
      // Differences see through a stopped gradient, which is what it is for.
      if (i % 2 === 0 && !stops(program)) checkDifference(loss, leaf, batch, direction, found, where);
    },
  );
}

const stops = (program: Program): boolean => {
  const seen = new Set<Value>();
  const stack = [lossOf(program)];
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (value.op === 'stopGradient') return true;
    if (seen.has(value)) continue;
    seen.add(value);
    stack.push(...value.inputs);
  }
  return false;
};

function checkDifference(
  loss: Value,
  leaf: Leaf,
  batch: number,
  direction: Direction,
  found: number,
  where: string,
): void {
  const difference = centralDifference(loss, { batch, leaf }, direction, 2e-5);
  if (difference.kind === 'skipped') {
    counts.skipped++;
    return;
  }
  counts.differences++;
  const error = Math.abs(found - difference.derivative);
  expect(
    error <= 1e-6 * Math.max(1, Math.abs(found)),
    `${where}, by differences ${difference.derivative}`,
  ).toBe(true);
}

test('the updates have the form from which this test reads the gradients', () => {
  for (const program of fc.sample(arbitraryProgram({ plain: true }), 20)) {
    for (const { value } of program.functions.flatMap((fn) => fn.updates)) {
      const [, step] = value.inputs;
      expect([value.op, step?.op, step?.inputs[0]?.attrs.value, step?.inputs[1]?.op]).toEqual([
        'sub',
        'mul',
        rate,
        'grad',
      ]);
    }
  }
});

test('gradients of random graphs are right', { timeout: 300_000 }, () => {
  const batches = fc.integer({ min: 1, max: 4 });
  fc.assert(fc.property(arbitraryProgram({ plain: true }), batches, fc.nat(2 ** 30), checkGraph), {
    numRuns: 300,
  });
});

afterAll(() => {
  const { worst, ...rest } = counts;
  publishCounts('gradients by element', { ...rest, 'worst relative error': worst });
  expect(counts.graphs).toBeGreaterThanOrEqual(300);
  expect(counts.exact).toBeGreaterThanOrEqual(0.999 * counts.duals);
  expect(counts.differences).toBeGreaterThan(200);
  expect(counts.skipped).toBeLessThan(0.05 * (counts.skipped + counts.differences));
});
