/** Which values are computed into memory, and which where they are read: kernel by kernel, before there are loops. */

import { describe, expect, it } from 'vitest';
import { type Builder, createBuilder } from '../../ir/builder.ts';
import type { InputDecl, Program, StateDecl } from '../../ir/program.ts';
import type { Value } from '../../ir/value.ts';
import { fuse } from '../../passes/fuse.ts';

interface Leaves {
  readonly x: Value;
  readonly v: Value;
  readonly s: Value;
}

/** Outputs of a program over x [batch, 6] and the states v [6, 6] and s []. */
type Build = (o: Builder, leaves: Leaves) => readonly Value[];

function programOf(build: Build): Program {
  const o = createBuilder('f32');
  const x = o.input({ name: 'x', dtype: 'f32', shape: ['batch', 6] });
  const v = o.state({ name: 'v', dtype: 'f32', shape: [6, 6] });
  const s = o.state({ name: 's', dtype: 'f32', shape: [] });
  const inputs: readonly InputDecl[] = [{ name: 'x', role: 'input', dtype: 'f32', shape: ['batch', 6] }];
  const state = (name: string, shape: readonly number[]): StateDecl => ({
    name,
    role: 'parameter',
    dtype: 'f32',
    shape,
    init: { kind: 'constant', value: 0 },
  });
  const results = build(o, { x, v, s }).map((value, i) => ({ name: `r${i}`, value }));
  return {
    name: 'fused',
    float: 'f32',
    maxBatch: 4,
    inputs,
    states: [state('v', [6, 6]), state('s', [])],
    functions: [{ name: 'predict', results, updates: [] }],
    notes: o.notes,
  };
}

/** The ops at the roots of the kernels, those of one block in brackets. */
const kernelsOf = (build: Build): string =>
  fuse(programOf(build))
    .blocks.map(({ kernels }) => {
      const ops = kernels.map(({ root }) => root.op).join(' ');
      return kernels.length > 1 ? `(${ops})` : ops;
    })
    .join(' ');

const named = (o: Builder, value: Value, name = 'seen'): Value => {
  o.annotate(value, { name });
  return value;
};
const rows = (o: Builder, x: Value): Value => o.broadcast(x, { axes: [1], dims: [6] });
const turned = (o: Builder, x: Value): Value => o.transpose(x, { perm: [1, 0] });
const rowSum = (o: Builder, x: Value): Value => o.sum(x, { axes: [1] });

describe('a value is computed where it is read', () => {
  it.each<[string, Build, string]>([
    ['when one element of one reader needs it', (o, { x }) => [o.tanh(o.exp(x))], 'tanh'],
    [
      'when it only compares, however many read it',
      (o, { x }) => {
        const mask = o.less(x, 0);
        return [o.select(mask, x, 1), o.select(mask, 2, x)];
      },
      'select select',
    ],
    [
      'when it is cheap arithmetic of numbers and states, however many read it',
      (o, { x, s }) => {
        const rest = o.sub(1, s);
        return [o.mul(o.exp(x), rest), o.mul(o.tanh(x), rest)];
      },
      'mul mul',
    ],
    [
      'when it is a function of numbers alone, however many read it',
      (o, { x }) => {
        const root = o.sqrt(o.constant({ value: 2, dtype: 'f32', shape: [] }));
        return [o.mul(x, root), o.div(x, root)];
      },
      'mul div',
    ],
    ['when its reader goes through it in another order', (o, { x }) => [turned(o, o.exp(x))], 'transpose'],
    ['when its reader adds it up', (o, { x }) => [rowSum(o, o.exp(x))], 'sum'],
    ['when it is a sum of which its reader takes one element', (o, { x }) => [o.exp(rowSum(o, x))], 'exp'],
    [
      'when it is a product and its reader takes element by element',
      (o, { x, v }) => [o.exp(o.matmul(x, v))],
      'exp',
    ],
  ])('%s', (_, build, kernels) => {
    expect(kernelsOf(build)).toBe(kernels);
  });
});

describe('a value is computed into memory', () => {
  it.each<[string, Build, string]>([
    [
      'when it is a result',
      (o, { x }) => {
        const e = o.exp(x);
        return [e, o.tanh(e)];
      },
      '(exp tanh)',
    ],
    ['when the user named it', (o, { x }) => [o.tanh(named(o, o.exp(x)))], 'exp tanh'],
    [
      'when it is a mask that the user named',
      (o, { x }) => [o.select(named(o, o.less(x, 0)), x, 1)],
      'less select',
    ],
    [
      'when two kernels read it',
      (o, { x }) => {
        const e = o.exp(x);
        return [o.tanh(e), o.sqrt(e)];
      },
      '(exp tanh) sqrt',
    ],
    [
      'when a state is put through more than cheap arithmetic for two readers',
      (o, { x, s }) => {
        const e = o.exp(s);
        return [o.mul(x, e), o.div(x, e)];
      },
      '(exp mul) div',
    ],
    [
      'when it is a sum of numbers for two readers',
      (o, { x }) => {
        const total = o.sum(o.constant({ value: 2, dtype: 'f32', shape: [3] }), { axes: [0] });
        return [o.mul(x, total), o.div(x, total)];
      },
      '(sum mul) div',
    ],
    [
      'when its reader needs it again and again',
      (o, { x }) => [o.mul(x, rows(o, rowSum(o, x)))],
      '(sum mul)',
    ],
    ['when its reader is a product', (o, { x, v }) => [o.matmul(o.exp(x), v)], '(exp matmul)'],
    [
      'when it is a sum that its reader adds up',
      (o, { x }) => [o.sum(o.exp(rowSum(o, x)), { axes: [0] })],
      'sum',
    ],
    [
      'when it is a product that its reader turns around',
      (o, { x, v }) => [o.exp(turned(o, o.matmul(x, v)))],
      '(matmul exp)',
    ],
    [
      'when it is a product that its reader adds up',
      (o, { x, v }) => [rowSum(o, o.matmul(x, v))],
      '(matmul sum)',
    ],
    [
      'when it is one of two products that are multiplied',
      (o, { x, v }) => [o.mul(o.matmul(x, v), o.matmul(x, o.neg(v)))],
      '(matmul mul)',
    ],
    [
      'when it is read both in place and turned around',
      (o, { v }) => {
        const e = o.exp(v);
        return [o.add(e, turned(o, e))];
      },
      '(exp add)',
    ],
  ])('%s', (_, build, kernels) => {
    expect(kernelsOf(build)).toBe(kernels);
  });

  it('when it belongs to a gradient and its reader to an update', () => {
    const parts = (o: Builder, { s }: Leaves): readonly Value[] => {
      const gradient = o.within({ role: 'backward' }, () => o.exp(s));
      return [o.within({ role: 'update' }, () => o.sub(s, gradient))];
    };
    expect(kernelsOf(parts)).toBe('exp sub');
  });

  it('but a named mask of a gradient is not: nobody looks at it', () => {
    const parts = (o: Builder, { x }: Leaves): readonly Value[] => {
      const mask = o.within({ role: 'backward', name: 'dmask' }, () => o.less(x, 0));
      return [o.select(mask, x, 1)];
    };
    expect(kernelsOf(parts)).toBe('select');
  });

  it('when its reader has as many operations as one loop may have', () => {
    const long = (o: Builder, { x }: Leaves): readonly Value[] => {
      let value = x;
      for (let i = 0; i < 60; i++) value = o.tanh(o.mul(value, 0.5));
      return [value];
    };
    const [block] = fuse(programOf(long)).blocks;
    expect(block?.kernels.length).toBeGreaterThan(1);
    for (const { inlined } of block?.kernels ?? []) {
      expect([...inlined].filter(({ op }) => op !== 'constant').length).toBeLessThanOrEqual(49);
    }
  });
});

describe('a block', () => {
  /** exp(x), which a value of another role reads and, by way of that one, what reads both. */
  const circle =
    (links: number): Build =>
    (o, { x }) => {
      const e = o.exp(x);
      const others = [o.within({ role: 'backward' }, () => named(o, o.tanh(e), 'other'))];
      for (const other of others)
        if (others.length <= links) others.push(named(o, o.sqrt(other), `link${others.length}`));
      return [o.add(e, others[links] ?? e), ...others];
    };

  it('does not take in what it would have to wait for itself', () => {
    expect(kernelsOf(circle(0))).toBe('exp tanh add');
    expect(kernelsOf(circle(1))).toBe('exp tanh sqrt add');
    expect(kernelsOf(circle(5))).toBe('exp tanh sqrt sqrt sqrt sqrt sqrt add');
  });

  it('holds eight kernels at most', () => {
    const many = (o: Builder, { x }: Leaves): readonly Value[] => {
      let value = x;
      for (let i = 0; i < 12; i++) value = o.mul(o.exp(value), rows(o, rowSum(o, o.exp(value))));
      return [value];
    };
    const sizes = fuse(programOf(many)).blocks.map(({ kernels }) => kernels.length);
    expect(Math.max(...sizes)).toBe(8);
    expect(sizes.length).toBeGreaterThan(1);
  });

  it('has the name of what it is about, or that of its last value', () => {
    const blocks = fuse(programOf((o, { x }) => [named(o, o.exp(x), 'e'), o.tanh(x)])).blocks;
    expect(blocks.map(({ name }) => name)).toEqual(['e', 't4']);
    expect(blocks.map(({ role, usedBy }) => [role, [...usedBy]])).toEqual([
      ['forward', ['predict']],
      ['forward', ['predict']],
    ]);
  });
});
