/** The evaluator, which asks each op for its `reference`, agrees with an interpreter that was written without any of them. */

import './seed.ts';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { createBuilder } from '../../ir/builder.ts';
import { evaluate } from '../../ir/evaluate.ts';
import { type OpName, opNames } from '../../ir/ops/index.ts';
import { rootsOf } from '../../ir/program.ts';
import type { Float } from '../../ir/types.ts';
import { autodiff } from '../../passes/autodiff.ts';
import { threefry } from '../../src/oracle/threefry.ts';
import type { Style } from '../arbitraries/draw.ts';
import { arbitraryProgram, dataFor } from '../arbitraries/graph.ts';
import { arbitraryCase, dataOf, type OpCase } from '../arbitraries/ops.ts';
import { publishCounts } from '../counts.ts';
import { interpret } from '../oracle/interpreter.ts';
import { expectSameBits } from './compare.ts';

/** Leaves are bound from outside, for both alike; a marker has no numbers. */
const without: readonly OpName[] = ['input', 'state', 'grad'];
const interpreted = opNames.filter((name) => !without.includes(name));

/**
 * How many floats may lie between the two: in f32 what the op promises of the true value, and the rounding of the
 * interpreter's; in f64 what makes up for the last bits of a function that no host has. All other ops are equal in every bit.
 */
const apart: { readonly [F in Float]: Readonly<Partial<Record<OpName, number>>> } = {
  f32: { exp: 3, expm1: 3, log: 3, sin: 3, cos: 3, tanh: 5, erf: 3, sigmoid: 5, softplus: 5 },
  f64: { erf: 5, sigmoid: 4, softplus: 4 },
};

const counts = { cases: 0, numbers: 0, sameBits: 0 };
const worst = new Map<string, number>();

const view = new DataView(new ArrayBuffer(8));

/** The place of a float among all floats: neighbours are 1 apart. */
function rankOf(x: number, float: Float): bigint {
  if (float === 'f32') view.setFloat32(0, x);
  else view.setFloat64(0, x);
  const bits = float === 'f32' ? BigInt(view.getInt32(0)) : view.getBigInt64(0);
  const lowest = float === 'f32' ? -(2n ** 31n) : -(2n ** 63n);
  return bits < 0n ? lowest - bits : bits;
}

function floatsBetween(a: number, b: number, float: Float): number {
  if (Object.is(a, b)) return 0;
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.POSITIVE_INFINITY;
  const distance = Number(rankOf(a, float) - rankOf(b, float));
  return Math.max(1, Math.abs(distance)); // 0 and -0 have one place
}

/** Sine and cosine in f32 promise less and less of angles beyond 8192. */
function isFarTurn(x: number, found: number, wanted: number): boolean {
  const size = Math.abs(x);
  if (!(size > 8192) || size === Number.POSITIVE_INFINITY) return false;
  const promised = size <= 2 ** 16 ? 1e-6 : size <= 2 ** 20 ? 0.03 : 2;
  return Math.abs(found) <= 1 && Math.abs(found - wanted) <= promised;
}

function checkCase(opCase: OpCase, float: Float): void {
  const { name, value, batch } = opCase;
  const bindings = { batch, leaf: dataOf(opCase) };
  const found = evaluate([value], { ...bindings, float }).get(value)?.data ?? [];
  const wanted = interpret([value], bindings).get(value)?.data ?? [];
  const allowed = apart[float][name];
  counts.cases++;
  counts.numbers += wanted.length;
  if (allowed === undefined) {
    expectSameBits(found, wanted, 'the evaluator against the interpreter');
    counts.sameBits += wanted.length;
    return;
  }
  expect(found.length).toBe(wanted.length);
  wanted.forEach((number, i) => {
    const other = found[i] ?? Number.NaN;
    const x = opCase.data.get('x0')?.[i] ?? Number.NaN;
    if ((name === 'sin' || name === 'cos') && float === 'f32' && isFarTurn(x, other, number)) return;
    const distance = floatsBetween(other, number, float);
    const key = `${name} ${float}`;
    worst.set(key, Math.max(worst.get(key) ?? 0, distance));
    if (!(distance <= allowed))
      expect.fail(`${name}(${x}) is ${other} by the evaluator, ${number} by the interpreter`);
  });
}

const styles: readonly Style[] = ['any', 'smooth', 'ties'];

describe.each(['f32', 'f64'] as const)('in %s', (float) => {
  test.each(interpreted)('%s is what the interpreter says', (name) => {
    for (const style of styles) {
      const property = fc.property(arbitraryCase(name, { float, style }), (opCase) =>
        checkCase(opCase, float),
      );
      fc.assert(property, { numRuns: 200 });
    }
  });
});

test('random training graphs in f64 are what the interpreter says', { timeout: 120_000 }, () => {
  const property = fc.property(
    arbitraryProgram(),
    fc.integer({ min: 1, max: 4 }),
    fc.nat(2 ** 30),
    (program, batch, data) => {
      const roots = autodiff.run(program).functions.flatMap(rootsOf);
      const leaf = dataFor(program, batch, data);
      const found = evaluate(roots, { batch, leaf, float: 'f64' });
      const wanted = interpret(roots, { batch, leaf });
      for (const root of roots) {
        const numbers = wanted.get(root)?.data ?? [];
        const scale = Math.max(1, ...numbers.map(Math.abs));
        expect(found.get(root)?.data.length).toBe(numbers.length);
        numbers.forEach((number, i) => {
          const other = found.get(root)?.data[i] ?? Number.NaN;
          const near = Object.is(other, number) || Math.abs(other - number) <= 1e-12 * scale;
          if (!near) expect.fail(`${root.op}[${i}] is ${other} instead of ${number}`);
        });
      }
    },
  );
  fc.assert(property, { numRuns: 200 });
});

test('a graph of 10,000 values in a row is interpreted', () => {
  const o = createBuilder('f64');
  let value = o.input({ name: 'x', dtype: 'f64', shape: [] });
  for (let i = 0; i < 10_000; i++) value = o.add(o.neg(value), 1);
  expect(interpret([value], { batch: 1, leaf: () => [0.25] }).get(value)?.data).toEqual([0.25]);
});

test('random words are those of the known answers that come with the paper', () => {
  const ones = 0xffff_ffffn;
  const pi = [0x243f6a88n, 0x85a308d3n, 0x13198a2en, 0x03707344n] as const;
  expect(threefry([0n, 0n], [0n, 0n])).toEqual([0x6b200159n, 0x99ba4efen]);
  expect(threefry([ones, ones], [ones, ones])).toEqual([0x1cb996fcn, 0xbb002be7n]);
  expect(threefry([pi[2], pi[3]], [pi[0], pi[1]])).toEqual([0xc4923a9cn, 0x483df7a0n]);
});

afterAll(() => {
  publishCounts('interpreter', { ...counts, 'worst floats apart': Math.max(...worst.values()) });
  expect(counts.cases).toBeGreaterThanOrEqual(interpreted.length * 2 * styles.length * 200);
  expect(counts.sameBits).toBeGreaterThan(500_000);
});
