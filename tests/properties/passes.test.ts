/** Passes keep the meaning of random training programs, and every program they make is valid. */

import './seed.ts';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { evaluate } from '../../ir/evaluate.ts';
import { opNames } from '../../ir/ops/index.ts';
import { type Program, rootsOf, valuesOf } from '../../ir/program.ts';
import { verifyProgram } from '../../ir/verify.ts';
import { autodiff } from '../../passes/autodiff.ts';
import type { GraphPass } from '../../passes/pass.ts';
import { shield } from '../../passes/shield.ts';
import { simplify } from '../../passes/simplify.ts';
import { stabilize } from '../../passes/stabilize.ts';
import { arbitraryProgram, dataFor } from '../arbitraries/graph.ts';

const counts = { graphs: 0, values: 0, finite: 0, numbers: 0 };
const opsSeen = new Map<string, number>();

const run = (program: Program, passes: readonly GraphPass[]): Program =>
  passes.reduce((current, pass) => {
    const next = pass.run(current);
    verifyProgram(next, { ops: pass.removes });
    return next;
  }, program);

/** All results and next states, one list of numbers for each root. */
function numbersOf(program: Program, batch: number, seed: number): number[][] {
  const roots = program.functions.flatMap(rootsOf);
  const values = evaluate(roots, { batch, float: program.float, leaf: dataFor(program, batch, seed) });
  return roots.map((root) => Array.from(values.get(root)?.data ?? []));
}

function expectSame(found: readonly number[][], expected: readonly number[][], passes: string): void {
  expect(found.length).toBe(expected.length);
  expected.forEach((numbers, root) => {
    const scale = Math.max(1, ...numbers.map(Math.abs));
    expect(found[root]?.length).toBe(numbers.length);
    numbers.forEach((number, i) => {
      const other = found[root]?.[i] ?? Number.NaN;
      const message = `${passes}: root ${root}, element ${i}: ${other} instead of ${number}`;
      expect(Math.abs(other - number) <= 1e-9 * scale, message).toBe(true);
      counts.numbers++;
    });
  });
}

/** Simplification before differentiation needs the points of the gradients to be shielded. */
const orders: readonly (readonly GraphPass[])[] = [
  [shield, autodiff],
  [shield, simplify, autodiff],
  [autodiff, simplify],
  [autodiff, stabilize],
  [shield, simplify, autodiff, simplify, stabilize],
  [shield, shield, simplify, simplify, autodiff, simplify, simplify],
];

function count(program: Program): void {
  counts.graphs++;
  for (const { op } of valuesOf(program)) {
    counts.values++;
    opsSeen.set(op, (opsSeen.get(op) ?? 0) + 1);
  }
}

describe('passes on random programs', () => {
  test('change no number, in any order', { timeout: 300_000 }, () => {
    const property = fc.property(
      arbitraryProgram(),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(2 ** 30),
      (program, batch, seed) => {
        verifyProgram(program);
        count(program);
        const expected = numbersOf(run(program, [autodiff]), batch, seed);
        if (expected.flat().every(Number.isFinite)) counts.finite++;
        for (const passes of orders) {
          const names = passes.map(({ name }) => name).join(', ');
          expectSame(numbersOf(run(program, passes), batch, seed), expected, names);
        }
      },
    );
    fc.assert(property, { numRuns: 350 });
  });

  test.each(['f32', 'f64'] as const)('give valid %s programs, of any size asked for', (float) => {
    const sizes = fc.constantFrom({ minOps: 1, maxOps: 5 }, { minOps: 30, maxOps: 40, empty: false });
    const programs = sizes.chain((size) => arbitraryProgram({ ...size, float, random: false }));
    const property = fc.property(programs, (program) => {
      const finished = run(program, [shield, simplify, autodiff, simplify, stabilize]);
      verifyProgram(finished, { ops: ['grad', 'logSumExp', 'stopGradient', 'opaque', 'uniform'] });
      // Names follow their values through every pass.
      const [loss] = finished.functions.flatMap(rootsOf);
      expect(loss && finished.notes.get(loss)?.name).toBe('loss');
    });
    fc.assert(property, { numRuns: 100 });
  });
});

afterAll(() => {
  console.log(`passes: ${JSON.stringify(counts)}, per op ${JSON.stringify([...opsSeen])}`);
  expect(counts.graphs).toBeGreaterThanOrEqual(350);
  expect(counts.finite).toBeGreaterThanOrEqual(0.99 * counts.graphs);
  expect(opNames.filter((name) => (opsSeen.get(name) ?? 0) < 30)).toEqual([]);
});
