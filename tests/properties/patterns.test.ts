/** The engine of equations: what a pattern matches, what it is built from, and what cannot be an equation. */

import { describe, expect, it } from 'vitest';
import { type Builder, createBuilder } from '../../ir/builder.ts';
import { showType } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import { type Equation, equations, instantiate, match, type Sides } from '../../passes/pattern.ts';
import { simplifyWith } from '../../passes/simplify.ts';
import { refusal } from '../dsl/support.ts';
import { inputOf, programOf, resultsOf } from './programs.ts';

const equation = (sides: Sides): Equation => {
  const [found] = equations('exact', { 'the equation': sides });
  if (!found) throw new Error('there is no equation');
  return found;
};

const o = createBuilder('f64');
const x = inputOf(o, 'x', [2, 3]);
const y = inputOf(o, 'y', [2, 3]);
const row = inputOf(o, 'row', [3]);

describe('a pattern matches', () => {
  it('an attribute that is written out only where it is the same', () => {
    const { left } = equation((p, { x }) => [p.sum(x, { axes: [1] }), x]);
    expect(match(left, o.sum(x, { axes: [1] }))?.terms.get('x')).toBe(x);
    expect(match(left, o.sum(x, { axes: [0] }))).toBeUndefined();
    expect(match(left, o.sum(x, { axes: [0, 1] }))).toBeUndefined();
  });

  it('any axes and sizes, but in all places the same', () => {
    const { left } = equation((p, { x, y, axes, dims }) => [
      p.add(p.broadcast(x, { axes, dims }), p.broadcast(y, { axes, dims })),
      x,
    ]);
    const stretched = (value: Value, axis: number, dim: number): Value =>
      o.broadcast(value, { axes: [axis], dims: [dim] });
    const column = inputOf(o, 'column', [2]);
    const square = inputOf(o, 'square', [3]);
    const same = match(left, o.add(stretched(row, 0, 2), stretched(square, 0, 2)));
    expect(same?.axes).toEqual([0]);
    expect(same?.dims).toEqual([2]);
    expect(match(left, o.add(stretched(row, 0, 2), stretched(column, 1, 3)))).toBeUndefined();
    const product = equation((p, { x, y, axes, dims }) => [
      p.matmul(p.broadcast(x, { axes, dims }), p.broadcast(y, { axes, dims })),
      x,
    ]).left;
    expect(match(product, o.matmul(stretched(row, 0, 3), stretched(square, 0, 3)))).toBeDefined();
    expect(match(product, o.matmul(stretched(row, 0, 2), stretched(square, 0, 3)))).toBeUndefined();
  });

  it('a term that occurs twice only where it is the same value twice', () => {
    const { left } = equation((p, { x }) => [p.sub(x, x), 0]);
    expect(match(left, o.sub(x, x))).toBeDefined();
    expect(match(left, o.sub(x, y))).toBeUndefined();
  });

  it('both orders of what may change places, and one order of what may not', () => {
    const sum = equation((p, { x, y }) => [p.add(p.neg(x), y), p.sub(y, x)]).left;
    expect(match(sum, o.add(y, o.neg(x)))?.terms.get('y')).toBe(y);
    const difference = equation((p, { x, y }) => [p.sub(p.neg(x), y), p.sub(y, x)]).left;
    expect(match(difference, o.sub(y, o.neg(x)))).toBeUndefined();
  });

  it('a number only where it is the same number to the bit', () => {
    const { left } = equation((p, { x }) => [p.mul(x, 0), 0]);
    const times = (factor: number): Value => o.make('mul', [row, o.fill(row, factor)], {});
    expect(match(left, times(0))).toBeDefined();
    expect(match(left, times(-0))).toBeUndefined();
    expect(match(left, o.mul(row, row))).toBeUndefined();
  });
});

describe('the right side of an equation', () => {
  const none = { terms: new Map(), axes: undefined, dims: undefined };
  const built = (sides: Sides, bindings = none): Value => instantiate(equation(sides).right, bindings, o, x);

  it('keeps the attributes that are written out', () => {
    const bindings = { ...none, terms: new Map([['x', x]]) };
    expect(
      built((p, { x }) => [x, p.broadcast(p.sum(x, { axes: [1] }), { axes: [1], dims: [3] })], bindings)
        .inputs,
    ).toEqual([o.sum(x, { axes: [1] })]);
  });

  it('moves nothing along axes and sizes that were not found', () => {
    const bindings = { ...none, terms: new Map([['x', x]]) };
    const value = built((p, { x, axes, dims }) => [x, p.broadcast(x, { axes, dims })], bindings);
    expect(showType(value)).toBe('f64[2, 3]');
  });

  it('is stretched to what it stands for, a number as well', () => {
    expect(showType(built((_p, { x }) => [x, 1]))).toBe('f64[2, 3]');
    expect(showType(built((_p, { x }) => [x, x], { ...none, terms: new Map([['x', row]]) }))).toBe(
      'f64[2, 3]',
    );
  });

  it('has no term of its own', async () => {
    const { message } = await refusal(() => built((_p, { x, y }) => [x, y]));
    expect(message).toBe('an equation uses y on the right only');
  });

  it('has no op that there is none of', async () => {
    const right = { kind: 'op', op: 'cube', args: [], attrs: {} } as const;
    expect((await refusal(() => instantiate(right, none, o, x))).message).toBe('there is no op "cube"');
  });
});

describe('rewriting', () => {
  const rewritten = (build: (b: Builder) => Value, sides: Sides, fired: string[] = []): Value | undefined => {
    const b = createBuilder('f64');
    const program = programOf(b, [build(b)]);
    return resultsOf(simplifyWith(program, [], [equation(sides)], (name) => fired.push(name)))[0];
  };

  it('ends where equations go in a circle', () => {
    const fired: string[] = [];
    const grows: Sides = (p, { x }) => [p.tanh(x), p.tanh(p.neg(p.tanh(x)))];
    expect(rewritten((b) => b.tanh(inputOf(b, 'x')), grows, fired)?.op).toBe('tanh');
    expect(fired.length).toBeGreaterThan(0);
    expect(fired.length).toBeLessThanOrEqual(64);
  });

  it('passes over an equation of which every value would be the left side', () => {
    expect(
      rewritten(
        (b) => b.tanh(inputOf(b, 'x')),
        (p, { x }) => [x, p.neg(x)],
      )?.op,
    ).toBe('tanh');
  });
});
