/** Each structural rule fires where it should and keeps the numbers: exact ones every bit of them. */

import './seed.ts';
import { describe, expect, test } from 'vitest';
import { type Builder, createBuilder } from '../../ir/builder.ts';
import type { InputDecl, Program } from '../../ir/program.ts';
import { elementCount, type Float, type Shape } from '../../ir/types.ts';
import { reachable, type Value } from '../../ir/value.ts';
import { verifyProgram } from '../../ir/verify.ts';
import { movement } from '../../passes/equations/movement.ts';
import { simplifyWith } from '../../passes/simplify.ts';
import { drawNumbers, randomFrom, type Style } from '../arbitraries/draw.ts';
import { expectNear, expectSameBits } from './compare.ts';
import { bind, inputOf, type Leaf, programOf, resultsOf, valuesAt } from './programs.ts';

type Build = (o: Builder) => Value;

const x = (o: Builder, ...shape: (number | 'batch')[]): Value => inputOf(o, 'x', shape);
const y = (o: Builder, ...shape: (number | 'batch')[]): Value => inputOf(o, 'y', shape);
const filled = (o: Builder, value: number, shape: Shape): Value =>
  o.constant({ value, dtype: o.float, shape });
const label = (o: Builder): Value => inputOf(o, 'label', ['batch'], 'i32');

/** For each rule, values at whose root it applies. */
const examples: Readonly<Record<string, readonly Build[]>> = {
  'f(constants) = constant': [
    (o) => o.add(filled(o, 0.1, [3]), filled(o, 0.2, [3])),
    (o) => o.neg(filled(o, 0, [2, 0])),
    (o) => o.exp(filled(o, -200, ['batch'])),
    (o) => o.cast(filled(o, Number.NaN, [2]), { dtype: 'bool' }),
    (o) => o.select(o.less(filled(o, 1, []), 2), filled(o, -0, []), 3),
    (o) => o.mul(o.constant({ value: 2_000_000_011, dtype: 'i32', shape: [] }), 2_000_000_011),
    (o) => o.relu(filled(o, -0, [2])),
  ],
  'movement(constant) = constant': [
    (o) => o.broadcast(filled(o, 3, [2]), { axes: [0], dims: ['batch'] }),
    (o) => o.reshape(filled(o, -0, [2, 3]), { shape: [6] }),
    (o) => o.transpose(filled(o, 3, ['batch', 3]), { perm: [1, 0] }),
  ],
  'movement that moves nothing = x': [
    (o) => o.transpose(x(o, 2, 3), { perm: [0, 1] }),
    (o) => o.reshape(x(o, 'batch', 3), { shape: ['batch', 3] }),
    (o) => o.broadcast(x(o, 2), { axes: [], dims: [] }),
    (o) => o.cast(x(o, 2), { dtype: o.float }),
    (o) => o.sum(x(o, 2), { axes: [] }),
    (o) => o.reduceMax(x(o, 2), { axes: [] }),
  ],
  'logsumexp over no axes = x': [
    (o) => o.logSumExp(x(o, 2), { axes: [] }),
    (o) => o.logSumExp(x(o, 'batch', 0), { axes: [] }),
  ],
  'sum(x) over axes of size 1 = reshape(x)': [
    (o) => o.sum(x(o, 'batch', 1), { axes: [1] }),
    (o) => o.sum(x(o, 2, 1, 3, 1), { axes: [1, 3] }),
    (o) => o.sum(x(o, 2, 1, 3, 4), { axes: [1, 2] }),
  ],
  'movement(movement(x)) = movement(x)': [
    (o) => o.reshape(o.reshape(x(o, 'batch', 4), { shape: ['batch', 2, 2] }), { shape: ['batch', 1, 4, 1] }),
    (o) => o.transpose(o.transpose(x(o, 2, 3, 4), { perm: [1, 2, 0] }), { perm: [2, 1, 0] }),
    (o) => o.broadcast(o.broadcast(x(o, 3), { axes: [0], dims: [2] }), { axes: [1], dims: ['batch'] }),
    (o) => o.broadcast(o.broadcast(x(o, 3), { axes: [1], dims: [2] }), { axes: [0, 2], dims: [4, 1] }),
  ],
  'f(broadcast(x), broadcast(y)) = broadcast(f(x, y))': [
    (o) => o.exp(o.broadcast(x(o, 3), { axes: [0], dims: [2] })),
    (o) => o.add(spread(o, x(o, 3)), spread(o, y(o, 3))),
    (o) => o.mul(spread(o, x(o, 3)), 3),
    (o) => o.select(o.less(spread(o, x(o, 3)), 0), spread(o, x(o, 3)), spread(o, y(o, 3))),
    (o) => o.cast(spread(o, x(o, 3)), { dtype: 'i32' }),
  ],
  'sum(broadcast(x)) = count * sum(x)': [
    (o) => o.sum(filled(o, 0.1, ['batch', 3, 2]), { axes: [0, 2] }),
    (o) => o.sum(filled(o, 0.1, [3, 0]), { axes: [1] }),
    (o) => o.sum(spread(o, x(o, 3)), { axes: [0] }),
    (o) => o.sum(spread(o, x(o, 3)), { axes: [0, 1] }),
    (o) => o.sum(o.broadcast(x(o, 3), { axes: [0, 2], dims: ['batch', 5] }), { axes: [0, 1] }),
    (o) => o.sum(o.broadcast(x(o, 3, 4), { axes: [1], dims: [0] }), { axes: [1, 2] }),
    (o) => o.sum(o.broadcast(x(o, 3), { axes: [0, 2], dims: [4, 5] }), { axes: [2] }),
    (o) => o.sum(o.broadcast(x(o, 3), { axes: [0, 2], dims: [4, 5] }), { axes: [0] }),
    (o) => o.sum(o.broadcast(x(o, 3, 2), { axes: [0, 2], dims: [4, 5] }), { axes: [0, 1] }),
  ],
  'sum(onehot(label)) = 1': [
    (o) => o.sum(o.oneHot(label(o), { classes: 4, dtype: o.float }), { axes: [1] }),
    (o) => o.sum(o.oneHot(label(o), { classes: 9, dtype: o.float }), { axes: [1] }),
  ],
  'sum(-x) = -sum(x)': [
    (o) => o.sum(o.neg(x(o, 'batch', 4)), { axes: [0] }),
    (o) => o.sum(o.neg(x(o, 2, 3)), { axes: [0, 1] }),
    (o) => o.sum(o.neg(truth(o)), { axes: [1] }),
  ],
  'sum(x / broadcast(y)) = sum(x) / y, where sum(x) is known': [
    (o) => o.sum(o.div(truth(o), columns(o, y(o, 'batch'))), { axes: [1] }),
    (o) => o.sum(o.mul(columns(o, y(o, 'batch')), truth(o)), { axes: [1] }),
    (o) => o.sum(o.mul(truth(o), o.broadcast(y(o), { axes: [0, 1], dims: ['batch', 4] })), { axes: [1] }),
  ],
};

const spread = (o: Builder, value: Value): Value => o.broadcast(value, { axes: [0], dims: [2] });
const columns = (o: Builder, value: Value): Value => o.broadcast(value, { axes: [1], dims: [4] });
const truth = (o: Builder): Value => o.oneHot(label(o), { classes: 4, dtype: o.float });

const batch = 3;
const drawn =
  (style: Style, seed: number): Leaf =>
  (leaf) => {
    const random = randomFrom(seed + String(leaf.attrs.name).length);
    const size = elementCount(leaf.shape, batch);
    const domain = leaf.dtype === 'i32' ? 'index' : 'nonzero';
    return drawNumbers(size, domain, leaf.dtype, style, random).map((v) =>
      leaf.dtype === 'i32' ? v % 4 : v,
    );
  };

/** A program with `classes` declared for its label. */
function labelled(o: Builder, value: Value): Program {
  const program = programOf(o, [value]);
  const declare = (decl: InputDecl): InputDecl =>
    decl.name === 'label' ? { ...decl, role: 'label', classes: 4 } : decl;
  return { ...program, inputs: program.inputs.map(declare) };
}

describe.each(movement.map((rule) => [rule.name, rule] as const))('%s', (name, rule) => {
  const builds = examples[name] ?? [];
  // The rule about known sums needs the rules by which a sum becomes known.
  const helpers = name.startsWith('sum(x /') ? movement : [rule];
  const floats: readonly Float[] = rule.exactness === 'exact' ? ['f32', 'f64'] : ['f64'];

  test('has examples', () => {
    expect(builds.length).toBeGreaterThan(1);
  });

  test.each(builds.map((build, i) => [i, build] as const))(
    'example %i: fires and keeps the numbers',
    (i, build) => {
      for (const float of floats) {
        const o = createBuilder(float);
        const program = labelled(o, build(o));
        const fired: string[] = [];
        const rewritten = simplifyWith(program, helpers, [], (which) => fired.push(which));
        expect(fired).toContain(name);
        verifyProgram(rewritten);
        for (let seed = 0; seed < 20; seed++) {
          const leaf = drawn(rule.exactness === 'exact' ? 'any' : 'smooth', 100 * seed);
          const [before] = valuesAt(resultsOf(program), batch, leaf, float);
          const [after] = valuesAt(resultsOf(rewritten), batch, leaf, float);
          expect(after?.shape).toEqual(before?.shape);
          expect(after?.dtype).toBe(before?.dtype);
          if (rule.exactness === 'exact')
            expectSameBits(after?.data ?? [], before?.data ?? [], `${name} ${i}`);
          else {
            const finite = Array.from(before?.data ?? []).filter(Number.isFinite).length;
            expect(expectNear(after?.data ?? [], before?.data ?? [], `${name} ${i}`)).toBe(finite);
          }
        }
      }
    },
  );
});

/** What all structural rules make of a value. */
const simplified = (build: Build): Value => {
  const o = createBuilder('f64');
  const [result] = resultsOf(simplifyWith(labelled(o, build(o)), movement, []));
  if (!result) throw new Error('the result is gone');
  return result;
};

describe('rules leave alone what they would break', () => {
  const oneHot = (o: Builder, index: Value, classes: number): Value =>
    o.sum(o.oneHot(index, { classes, dtype: 'f64' }), { axes: [index.shape.length] });

  test.each<[string, Build]>([
    ['an index that was computed', (o) => oneHot(o, o.argmax(x(o, 'batch', 5), { axis: 1 }), 5)],
    ['an index that no one checks', (o) => oneHot(o, inputOf(o, 'free', ['batch'], 'i32'), 5)],
    ['a label of more classes than columns', (o) => oneHot(o, label(o), 2)],
  ])('the sum of a one-hot row of %s', (_what, build) => {
    expect(reachable([simplified(build)]).map(({ op }) => op)).toContain('oneHot');
  });

  test('how often each label occurs', () => {
    const counts = simplified((o) => o.sum(truth(o), { axes: [0] }));
    expect(reachable([counts]).map(({ op }) => op)).toContain('oneHot');
  });

  test('what is divided by a row of a one-hot matrix', () => {
    const quotients = simplified((o) => o.sum(o.div(columns(o, y(o, 'batch')), truth(o)), { axes: [1] }));
    expect(reachable([quotients]).map(({ op }) => op)).toContain('oneHot');
  });

  test('a sum of what was reduced along the same axis before', () => {
    const total = simplified((o) => o.sum(o.reduceMax(x(o, 2, 3), { axes: [0] }), { axes: [0] }));
    expect(reachable([total]).map(({ op }) => op)).toEqual(['input', 'reduceMax', 'sum']);
  });

  test('a transposition that keeps one axis where it is', () => {
    expect(simplified((o) => o.transpose(x(o, 2, 3, 3), { perm: [0, 2, 1] })).op).toBe('transpose');
  });

  test('a sum of whole numbers stays one', () => {
    const build: Build = (o) => o.sum(spread(o, inputOf(o, 'x', [3], 'i32')), { axes: [0] });
    expect(simplified(build).op).toBe('sum');
  });

  test('whole numbers can be negated, also by rewriting', () => {
    const o = createBuilder('f32');
    const whole = inputOf(o, 'x', [3], 'i32');
    const results = valuesAt([o.neg(whole)], 1, bind({ x: [3, 0, -(2 ** 31)] }), 'f32');
    expect(Array.from(results[0]?.data ?? [])).toEqual([-3, 0, -(2 ** 31)]);
  });
});
