/** Small programs, each of which takes the compiler down another path from kernels to loops and to memory. */

import { type Builder, createBuilder } from '../../ir/builder.ts';
import type { InputDecl, Program, ProgramFunction, Result, StateDecl, Update } from '../../ir/program.ts';
import { elementCount, type Float } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import { trace } from '../../src/dsl/trace.ts';
import {
  accuracy,
  adam,
  dense,
  type Model,
  model,
  momentum,
  relu,
  softmax,
  softmaxCrossEntropy,
} from '../../src/index.ts';
import { runPipeline } from '../../src/pipeline.ts';

export const maxBatch = 5;

/** What programs are made of: x [batch, 11], y [batch, 11], v [11, 5] and u [5], the last two of them states. */
export interface Leaves {
  readonly x: Value;
  readonly y: Value;
  readonly v: Value;
  readonly u: Value;
}

/** What a program computes: outputs of `predict`, and the next values of states; u is halved unless said otherwise. */
interface Parts {
  readonly outputs: Readonly<Record<string, Value>>;
  readonly updates?: Readonly<Record<string, Value>>;
}

export type Build = (o: Builder, leaves: Leaves) => Parts;

const shapes = { x: ['batch', 11], y: ['batch', 11], v: [11, 5], u: [5] } as const;

/** The program of what `build` computes; its outputs, added up, are what evaluating gives. */
export function programOf(build: Build, float: Float): Program {
  const o = createBuilder(float);
  const input = (name: 'x' | 'y'): Value => o.input({ name, dtype: float, shape: shapes[name] });
  const state = (name: 'v' | 'u'): Value => o.state({ name, dtype: float, shape: shapes[name] });
  const u = state('u');
  const { outputs, updates = { u: o.mul(u, 0.5) } } = build(o, {
    x: input('x'),
    y: input('y'),
    v: state('v'),
    u,
  });
  const sumOf = (value: Value): Value => o.sum(value, { axes: value.shape.map((_, axis) => axis) });
  const results = Object.entries(outputs).map(([name, value]): Result => ({ name, value }));
  const inputs: readonly InputDecl[] = [
    { name: 'x', role: 'input', dtype: float, shape: shapes.x },
    { name: 'y', role: 'input', dtype: float, shape: shapes.y },
  ];
  const init = { kind: 'constant', value: 0 } as const;
  const states: readonly StateDecl[] = [
    { name: 'v', role: 'parameter', dtype: float, shape: shapes.v, init },
    { name: 'u', role: 'parameter', dtype: float, shape: shapes.u, init },
  ];
  const functions: readonly ProgramFunction[] = [
    {
      name: 'step',
      results: [],
      updates: Object.entries(updates).map(([name, value]): Update => ({ state: name, value })),
    },
    {
      name: 'evaluate',
      results: results
        .filter(({ value }) => value.dtype === float)
        .map(({ name, value }) => ({ name, value: sumOf(value) })),
      updates: [],
    },
    { name: 'predict', results, updates: [] },
  ];
  return { name: 'small', float, maxBatch, inputs, states, functions, notes: o.notes };
}

const transposed = (o: Builder, x: Value): Value => o.transpose(x, { perm: [1, 0] });
const overRows = (o: Builder, row: Value): Value => o.broadcast(row, { axes: [0], dims: ['batch'] });
const overColumns = (o: Builder, column: Value): Value => o.broadcast(column, { axes: [1], dims: [11] });

export const builds = {
  'a product of matrices with three terms left over': (o, { x, v }) => ({ outputs: { z: o.matmul(x, v) } }),
  'a product by a transposed matrix': (o, { x, v }) => ({
    outputs: { z: o.matmul(o.matmul(x, v), transposed(o, v)) },
  }),
  'a product over the samples': (o, { x, y, v }) => ({
    outputs: { z: o.neg(x) },
    updates: { v: o.matmul(o.matmul(transposed(o, x), y), v) },
  }),
  'a product, an offset and a function of both': (o, { x, v, u }) => ({
    outputs: { z: o.tanh(o.add(o.matmul(x, v), overRows(o, u))) },
  }),
  'a softmax of rows': (o, { x }) => {
    const e = o.exp(o.sub(x, overColumns(o, o.reduceMax(x, { axes: [1] }))));
    return { outputs: { p: o.div(e, overColumns(o, o.sum(e, { axes: [1] }))) } };
  },
  'sums of rows that are read in two places': (o, { x, y }) => {
    const sums = overColumns(o, o.sum(o.mul(x, y), { axes: [1] }));
    return { outputs: { p: o.div(o.add(x, o.tanh(sums)), o.exp(sums)) } };
  },
  'rows divided by what all rows add up to': (o, { x, y }) => {
    const e = o.exp(o.mul(x, y));
    return { outputs: { p: o.div(e, overRows(o, o.sum(e, { axes: [0] }))) } };
  },
  'the largest of negative numbers, and where it is': (o, { x }) => {
    const below = o.sub(o.neg(o.abs(x)), 3);
    return {
      outputs: { largest: o.reduceMax(below, { axes: [1] }), where: o.argmax(below, { axis: 1 }) },
    };
  },
  'a matrix and its transpose': (o, { v }) => {
    const square = o.exp(o.matmul(transposed(o, v), o.tanh(v)));
    return { outputs: { both: o.sub(square, o.mul(transposed(o, square), 0.5)) } };
  },
  'a stored matrix and its transpose': (o, { v }) => {
    const square = o.exp(o.matmul(transposed(o, v), o.tanh(v)));
    o.annotate(square, { name: 'square' });
    return { outputs: { both: o.sub(square, o.mul(transposed(o, square), 0.5)) } };
  },
  'a product of a function of a matrix': (o, { x, v }) => ({ outputs: { z: o.matmul(o.tanh(x), v) } }),
  'a choice by a stored mask': (o, { x, y }) => {
    const mask = o.less(x, y);
    o.annotate(mask, { name: 'mask' });
    return { outputs: { chosen: o.select(mask, 2, 3), other: o.tanh(y) } };
  },
  'a value that its block reads before and after another is computed from it': (o, { x }) => {
    const e = o.exp(x);
    o.annotate(e, { name: 'e' });
    const s = o.tanh(e);
    return { outputs: { sum: o.add(o.mul(e, overRows(o, o.sum(s, { axes: [0] }))), s) } };
  },
  'differences within differences and quotients within quotients': (o, { x, y }) => ({
    outputs: {
      d: o.sub(x, o.sub(y, o.sub(x, o.mul(y, y)))),
      q: o.div(x, o.div(o.add(o.abs(y), 1), o.add(o.mul(x, x), 2))),
    },
  }),
  'a sum of sums over the samples and the features': (o, { x, y }) => {
    const products = o.mul(x, y);
    const total = o.sum(products, { axes: [0, 1] });
    return { outputs: { shares: o.div(products, overRows(o, overColumns1(o, total))) } };
  },
  'a long chain in which each value is read twice': (o, { x }) => {
    let value = o.exp(x);
    for (let i = 0; i < 6; i++) {
      const rows = overColumns(o, o.sum(value, { axes: [1] }));
      value = o.add(o.div(value, rows), overRows(o, o.sum(o.mul(value, value), { axes: [0] })));
    }
    return { outputs: { value } };
  },
  'a chain of values that are there to be seen': (o, { x }) => {
    let value = x;
    for (let i = 0; i < 6; i++) {
      value = o.tanh(o.mul(value, 1.5));
      o.annotate(value, { name: `link${i}` });
    }
    return { outputs: { value } };
  },
  'results of several sizes that die at several times': (o, { x, v, u }) => {
    const a = o.exp(o.matmul(x, v));
    const b = o.exp(o.matmul(a, transposed(o, v)));
    const c = o.exp(o.matmul(b, v));
    const columns = o.sum(c, { axes: [0] });
    return { outputs: { a, c, mix: o.add(o.mul(columns, u), o.sum(a, { axes: [0] })) } };
  },
  'a state updated from itself in place': (o, { v }) => ({
    outputs: { w: o.neg(v) },
    updates: { v: o.mul(v, 0.9) },
  }),
  'a state that is read, whole, by what replaces it': (o, { v }) => ({
    outputs: { w: o.neg(v) },
    updates: { v: o.matmul(o.matmul(v, transposed(o, v)), v) },
  }),
  'two states that each need the old value of the other': (o, { v, u }) => ({
    outputs: { w: o.neg(v) },
    updates: {
      v: o.add(v, o.broadcast(o.mul(u, 2), { axes: [0], dims: [11] })),
      u: o.add(u, o.sum(v, { axes: [0] })),
    },
  }),
  'an update that is a result as well': (o, { v, x }) => {
    const next = o.mul(v, 0.5);
    return { outputs: { z: o.matmul(x, next) }, updates: { v: next } };
  },
} satisfies Readonly<Record<string, Build>>;

/** One number for all samples, as a row of them. */
const overColumns1 = (o: Builder, x: Value): Value => o.broadcast(x, { axes: [0], dims: [11] });

const network = (optimizer: Parameters<typeof model>[2]['optimizer']): Model =>
  model(
    'network',
    (m) => {
      const x = m.input('x', ['batch', 11]);
      const label = m.label('label', { classes: 3 });
      const logits = dense(relu(dense(x, 9)), 3);
      const loss = softmaxCrossEntropy(logits, label);
      return { loss, metrics: { accuracy: accuracy(logits, label) }, outputs: { p: softmax(logits) } };
    },
    { batch: maxBatch, optimizer },
  );

/** Whole models, as they are traced. */
export const models = {
  'a network with momentum': network(momentum({ learningRate: 0.1 })),
  'a network with Adam': network(adam({ learningRate: 0.1 })),
} as const;

/** Each program by what it is, before any pass has seen it. */
export const smallPrograms = (float: Float): readonly (readonly [string, Program])[] => [
  ...Object.entries(builds).map(([name, build]) => [name, programOf(build, float)] as const),
  ...Object.entries(models).map(([name, model]) => [name, trace(model, { float }).program] as const),
];

/** The program of this name, planned. */
export function plannedOf(name: keyof typeof builds | keyof typeof models, float: Float = 'f32') {
  const [, program] = smallPrograms(float).find(([other]) => other === name) ?? [];
  if (!program) throw new Error(`There is no small program "${name}".`);
  return runPipeline(program, { verify: true }).planned;
}

/** Numbers of either sign for each leaf, others for each; labels are classes. */
export const dataFor =
  (program: Program, batch: number) =>
  ({ attrs }: Value): readonly number[] => {
    const name = String(attrs.name);
    if (name === 'step' || name === 'seed') return [3];
    const declared = [...program.inputs, ...program.states].find((decl) => decl.name === name);
    const size = elementCount(declared?.shape ?? [], batch);
    const phase = [...name].reduce((sum, character) => sum + character.charCodeAt(0), 0);
    return Array.from({ length: size }, (_, i) =>
      declared?.dtype === 'i32' ? (i * 2) % 3 : Math.fround(0.8 * Math.sin(1.7 * i + phase) + 0.1),
    );
  };
