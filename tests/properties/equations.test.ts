/** Every equation of the compiler holds: the exact ones in every bit, the others wherever both sides are finite. */

import './seed.ts';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type Builder, createBuilder } from '../../ir/builder.ts';
import { CompileError } from '../../ir/errors.ts';
import { type DType, elementCount, type Float, isFloat, type Shape } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import { simplifyEquations } from '../../passes/equations/index.ts';
import { stability } from '../../passes/equations/stability.ts';
import { type Equation, instantiate, type Pattern } from '../../passes/pattern.ts';
import { simplifyWith } from '../../passes/simplify.ts';
import { drawNumbers, randomFrom, type Style, specialValues } from '../arbitraries/draw.ts';
import { publishCounts } from '../counts.ts';
import { expectNear, expectSameBits } from './compare.ts';
import { bind, type Leaf, programOf, resultsOf, valuesAt } from './programs.ts';

const equations: readonly Equation[] = [...simplifyEquations, ...stability];
const named = equations.map((equation) => [equation.name, equation] as const);
const exact = named.filter(([, { exactness }]) => exactness === 'exact');
const finite = named.filter(([, { exactness }]) => exactness === 'finite');

/** Variables of a pattern; those that are stretched (and not reduced again) are the smaller ones. */
function variablesOf(pattern: Pattern, small: boolean, into: Map<string, boolean>): Map<string, boolean> {
  if (pattern.kind === 'variable') into.set(pattern.name, small || (into.get(pattern.name) ?? false));
  if (pattern.kind !== 'op') return into;
  const reduces = ['sum', 'logSumExp', 'reduceMax'].includes(pattern.op);
  for (const arg of pattern.args) variablesOf(arg, pattern.op === 'broadcast' || (small && !reduces), into);
  return into;
}

const usesAxes = (pattern: Pattern): boolean =>
  pattern.kind === 'op' && ('axes' in pattern.attrs || pattern.args.some(usesAxes));

interface Instance {
  readonly o: Builder;
  readonly left: Value;
  readonly right: Value;
  readonly variables: readonly Value[];
}

/** Both sides over inputs of `dtype`: lists of `rows` elements, or `rows` times `columns` where axes matter. */
function instanceOf(equation: Equation, dtype: DType, rows: number, columns: number): Instance {
  const o = createBuilder(isFloat(dtype) ? dtype : 'f32');
  const sizes = variablesOf(equation.left, false, new Map());
  const matrix = usesAxes(equation.left);
  const shapeOf = (small: boolean): Shape => (matrix && !small ? [rows, columns] : [rows]);
  const variables = [...sizes].map(([name, small]) => o.input({ name, dtype, shape: shapeOf(small) }));
  const terms = new Map(variables.map((value) => [String(value.attrs.name), value]));
  const bindings = { terms, axes: matrix ? [1] : undefined, dims: matrix ? [columns] : undefined };
  const any = o.input({ name: 'like', dtype, shape: shapeOf(false) });
  // A reduction at the root of the left side leaves the smaller shape.
  const reduces = equation.left.kind === 'op' && ['logSumExp', 'log'].includes(equation.left.op) && matrix;
  const left = attempt(
    () => instantiate(equation.left, bindings, o, any),
    reduces,
    () => {
      const like = o.input({ name: 'like', dtype, shape: [rows] });
      return instantiate(equation.left, bindings, o, like);
    },
  );
  return { o, left, right: instantiate(equation.right, bindings, o, left), variables };
}

/** `first`, or `second` when the shape that `first` stretches to is not that of the equation. */
function attempt(first: () => Value, mayFail: boolean, second: () => Value): Value {
  if (!mayFail) return first();
  try {
    return first();
  } catch (thrown) {
    if (!(thrown instanceof CompileError)) throw thrown;
    return second();
  }
}

function both({ left, right }: Instance, leaf: Leaf, float: Float): readonly ArrayLike<number>[] {
  return valuesAt([left, right], 1, leaf, float).map((tensor) => tensor.data);
}

const combinations = specialValues.length ** 3;

/** The k-th variable runs through all special values as often as needed for every combination to occur. */
const specialsOf = (k: number, size: number): number[] =>
  Array.from({ length: size }, (_, i) =>
    Math.fround(specialValues[Math.floor(i / specialValues.length ** k) % specialValues.length] ?? 0),
  );

/** Any bit pattern of a float32. */
function patternsOf(size: number, seed: number): Float32Array {
  const random = randomFrom(seed);
  return new Float32Array(Uint32Array.from({ length: size }, () => Math.floor(random() * 2 ** 32)).buffer);
}

const randomLeaf =
  (instance: Instance, style: Style, seed: number): Leaf =>
  (leaf) => {
    const random = randomFrom(seed + 1_000 * instance.variables.indexOf(leaf));
    return drawNumbers(elementCount(leaf.shape, 1), 'nonzero', leaf.dtype, style, random);
  };

describe.each(exact)('the exact equation %s', (name, equation) => {
  test('holds in every bit for all combinations of special values', () => {
    const instance = instanceOf(equation, 'f32', combinations, 16);
    const leaf: Leaf = (value) => {
      const size = elementCount(value.shape, 1);
      return specialsOf(value.shape.length === 2 ? 0 : instance.variables.indexOf(value), size);
    };
    const [left = [], right = []] = both(instance, leaf, 'f32');
    expectSameBits(right, left, name);
  });

  test('holds in every bit for random bit patterns', () => {
    const instance = instanceOf(equation, 'f32', 10_000, 2);
    const leaf: Leaf = (value) =>
      patternsOf(elementCount(value.shape, 1), 7 + instance.variables.indexOf(value));
    const [left = [], right = []] = both(instance, leaf, 'f32');
    expectSameBits(right, left, name);
  });
});

test.each(finite)('the equation %s holds up to rounding', (name, equation) => {
  let compared = 0;
  let elements = 0;
  const instance = instanceOf(equation, 'f64', 12, 5);
  fc.assert(
    fc.property(fc.nat(2 ** 30), (seed) => {
      const [left = [], right = []] = both(instance, randomLeaf(instance, 'smooth', seed), 'f64');
      const found = expectNear(right, left, name);
      expect(found, `${name} keeps what is finite`).toBe(Array.from(left).filter(Number.isFinite).length);
      compared += found;
      elements += left.length;
    }),
    { numRuns: 200 },
  );
  expect(compared).toBeGreaterThan(0.1 * elements);
});

/** Equations of ops that also take whole numbers; there they hold in every bit, whatever their tag. */
const whole = named.filter(([, equation]) => {
  try {
    return instanceOf(equation, 'i32', 2, 2).left.dtype === 'i32';
  } catch (thrown) {
    if (thrown instanceof CompileError) return false;
    throw thrown;
  }
});

test('equations that take whole numbers are those without floats in them', () => {
  expect(whole.length).toBeGreaterThan(15);
});

test.each(whole)('%s holds for whole numbers, wrapping around', (name, equation) => {
  const instance = instanceOf(equation, 'i32', 2_000, 2);
  const [left = [], right = []] = both(instance, randomLeaf(instance, 'any', 3), 'f32');
  expectSameBits(right, left, name);
});

test.each(named)('%s rewrites its left side', (name, equation) => {
  const { o, left, right, variables } = instanceOf(equation, 'f64', 4, 3);
  const fired: string[] = [];
  const rewritten = simplifyWith(programOf(o, [left]), [], [equation], (which) => fired.push(which));
  expect(fired).toContain(name);
  const leaf = bind(
    Object.fromEntries(
      variables.map((value, i) => [
        String(value.attrs.name),
        drawNumbers(elementCount(value.shape, 1), 'positive', 'f64', 'smooth', randomFrom(i)),
      ]),
    ),
  );
  const [found] = valuesAt(resultsOf(rewritten), 1, leaf);
  const [expected] = valuesAt([right], 1, leaf);
  expectSameBits(found?.data ?? [], expected?.data ?? [], name);
});

afterAll(() => {
  publishCounts('equations', {
    exact: exact.length,
    finite: finite.length,
    'combinations of special values': exact.length * combinations,
    'random bit patterns': exact.length * 10_000,
  });
});
