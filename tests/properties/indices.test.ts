/** Index expressions mean what they say, tried at every value of their variables. */

import './seed.ts';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import {
  addIndex,
  constIndex,
  type Index,
  indexVars,
  mulIndex,
  offsetOf,
  reshapeIndex,
  varIndex,
} from '../../ir/index-expr.ts';
import { publishCounts } from '../counts.ts';
import { indexAt } from '../oracle/accesses.ts';

const counts = { expressions: 0, positions: 0 };
const batch = 3;

/** An expression as it is built, and its value by plain arithmetic. */
interface Pair {
  readonly index: Index;
  readonly at: (variables: ReadonlyMap<string, number>) => number;
}

const variables = [
  ['i', 8],
  ['j', 5],
  ['k', 1],
] as const;

const leaf: fc.Arbitrary<Pair> = fc.oneof(
  fc.nat(9).map((value) => ({ index: constIndex(value), at: () => value })),
  fc
    .constantFrom(...variables)
    .map(
      ([name, extent]): Pair => ({ index: varIndex(name, extent), at: (values) => values.get(name) ?? 0 }),
    ),
);

const expression = fc.letrec<{ pair: Pair }>((tie) => ({
  pair: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.tuple(tie('pair'), tie('pair')).map(
      ([a, b]): Pair => ({
        index: addIndex(a.index, b.index),
        at: (values) => a.at(values) + b.at(values),
      }),
    ),
    fc.tuple(tie('pair'), fc.oneof(fc.nat(8), fc.constant('batch' as const))).map(
      ([a, by]): Pair => ({
        index: mulIndex(a.index, by),
        at: (values) => a.at(values) * (by === 'batch' ? batch : by),
      }),
    ),
  ),
})).pair;

function* everyAssignment(): Generator<ReadonlyMap<string, number>> {
  for (let i = 0; i < 8; i++)
    for (let j = 0; j < 5; j++)
      yield new Map([
        ['i', i],
        ['j', j],
        ['k', 0],
      ]);
}

test('5,000 sums and products have the value of their parts, wherever the loops stand', () => {
  fc.assert(
    fc.property(expression, ({ index, at }) => {
      counts.expressions++;
      expect([...indexVars(index)].every((name) => variables.some(([known]) => known === name))).toBe(true);
      for (const values of everyAssignment()) {
        counts.positions++;
        if (indexAt(index, values, batch) !== at(values))
          expect(indexAt(index, values, batch)).toBe(at(values));
      }
    }),
    { numRuns: 5_000 },
  );
});

/** A shape, and another of as many elements: the same factors, put together otherwise. */
const regrouped = fc
  .tuple(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 5 }), fc.nat(2 ** 16))
  .map(([factors, mask]) => {
    const group = (bits: number): number[] => {
      const dims: number[] = [];
      factors.forEach((factor, i) => {
        const last = dims.length - 1;
        const joined = (dims[last] ?? 9) * factor;
        if ((bits >> i) & 1 && last >= 0 && joined <= 8) dims[last] = joined;
        else dims.push(factor);
        if ((bits >> (i + 5)) & (factor % 2)) dims.push(1);
      });
      return dims;
    };
    return { to: group(mask), from: group(mask >> 3) };
  });

/** Every position in an array of `shape`, in row-major order. */
function positionsOf(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (positions, size) => positions.flatMap((p) => Array.from({ length: size }, (_, i) => [...p, i])),
    [[]],
  );
}

test('5,000 reshapes keep every element at its offset', () => {
  fc.assert(
    fc.property(regrouped, ({ to, from }) => {
      counts.expressions++;
      const names = to.map((_, axis) => `p${axis}`);
      const index = to.map((size, axis) => varIndex(names[axis] ?? '', size));
      const there = reshapeIndex(index, to, from);
      expect(there).toHaveLength(from.length);
      const offset = offsetOf(there, from);
      positionsOf(to).forEach((position, wanted) => {
        counts.positions++;
        const values = new Map(names.map((name, axis) => [name, position[axis] ?? 0] as const));
        const inside = there.every((part, axis) => indexAt(part, values, batch) < (from[axis] ?? 0));
        if (!inside || indexAt(offset, values, batch) !== wanted)
          expect.fail(
            `[${from}] seen as [${to}]: element ${wanted} is read at ${indexAt(offset, values, batch)}`,
          );
      });
    }),
    { numRuns: 5_000 },
  );
});

afterAll(() => {
  publishCounts('index expressions', counts);
  expect(counts.expressions).toBeGreaterThanOrEqual(10_000);
});
