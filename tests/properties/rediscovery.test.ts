/** The compiler finds the stable form of a cross-entropy, and its gradient (p - y) / m, in what a user wrote. */

import './seed.ts';
import { describe, expect, test } from 'vitest';
import { type Builder, createBuilder } from '../../ir/builder.ts';
import type { InputDecl, Program } from '../../ir/program.ts';
import type { Float } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import { verifyProgram } from '../../ir/verify.ts';
import { autodiff } from '../../passes/autodiff.ts';
import { simplify } from '../../passes/simplify.ts';
import { stabilize } from '../../passes/stabilize.ts';
import { expectNear } from './compare.ts';
import { bind, inputOf, type Leaf, programOf, resultsOf, total, valuesAt } from './programs.ts';

type Probability = (o: Builder, z: Value) => Value;
type Loss = (o: Builder, p: Value, y: Value) => Value;

const classes = 3;
const mean = (o: Builder, x: Value): Value => o.div(total(o, x), o.batchSize({ dtype: o.float }));

const sigmoids: readonly (readonly [string, Probability])[] = [
  ['sigmoid(z)', (o, z) => o.sigmoid(z)],
  ['1 / (1 + exp(-z))', (o, z) => o.div(1, o.add(1, o.exp(o.neg(z))))],
  ['exp(z) / (1 + exp(z))', (o, z) => o.div(o.exp(z), o.add(1, o.exp(z)))],
];

const binaryLosses: readonly (readonly [string, Loss])[] = [
  [
    'mean(-y ln p - (1 - y) ln(1 - p))',
    (o, p, y) => mean(o, o.sub(o.mul(o.neg(y), o.log(p)), o.mul(o.sub(1, y), o.log(o.sub(1, p))))),
  ],
  [
    '-mean(y ln p + (1 - y) ln(1 - p))',
    (o, p, y) => o.neg(mean(o, o.add(o.mul(y, o.log(p)), o.mul(o.sub(1, y), o.log(o.sub(1, p)))))),
  ],
  [
    'mean(-(y ln p + (1 - y) ln(1 - p)))',
    (o, p, y) => mean(o, o.neg(o.add(o.mul(y, o.log(p)), o.mul(o.sub(1, y), o.log(o.sub(1, p)))))),
  ],
];

const rows = (o: Builder, x: Value): Value => o.broadcast(x, { axes: [1], dims: [classes] });
const softmaxOf = (o: Builder, z: Value): Value => {
  const e = o.exp(z);
  return o.div(e, rows(o, o.sum(e, { axes: [1] })));
};

const softmaxes: readonly (readonly [string, Probability])[] = [
  ['e / sum(e), e = exp(z)', softmaxOf],
  [
    'e / sum(e), e = exp(z - max(z))',
    (o, z) => softmaxOf(o, o.sub(z, rows(o, o.reduceMax(z, { axes: [1] })))),
  ],
];

const crossEntropies: readonly (readonly [string, Loss])[] = [
  ['mean(-sum(y ln p))', (o, p, y) => mean(o, o.neg(o.sum(o.mul(y, o.log(p)), { axes: [1] })))],
  ['-mean(sum(y ln p))', (o, p, y) => o.neg(mean(o, o.sum(o.mul(y, o.log(p)), { axes: [1] })))],
  ['-sum(y ln p) / m', (o, p, y) => mean(o, o.neg(o.mul(y, o.log(p))))],
];

/** The value as nested op names, leaves by their names. */
const structure = (value: Value): string =>
  value.op === 'input' ? String(value.attrs.name) : `${value.op}(${value.inputs.map(structure).join(', ')})`;

/** The loss and its gradient at the logits. */
function programWith(float: Float, probability: Probability, loss: Loss, binary: boolean): Program {
  const o = createBuilder(float);
  const z = inputOf(o, 'z', binary ? ['batch'] : ['batch', classes]);
  const y = binary
    ? inputOf(o, 'y', ['batch'])
    : o.oneHot(inputOf(o, 'label', ['batch'], 'i32'), { classes, dtype: float });
  const value = loss(o, probability(o, z), y);
  const program = programOf(o, [value, o.grad(value, z)]);
  const declare = (decl: InputDecl): InputDecl =>
    decl.name === 'label' ? { ...decl, role: 'label', classes } : decl;
  return { ...program, inputs: program.inputs.map(declare) };
}

const derived = (program: Program): Program => simplify.run(autodiff.run(simplify.run(program)));

function finished(program: Program): Program {
  const stable = stabilize.run(derived(program));
  verifyProgram(stable, { ops: ['grad', 'logSumExp'] });
  return stable;
}

function expectResults(
  program: Program,
  leaf: Leaf,
  batch: number,
  expected: readonly (readonly number[])[],
) {
  const found = valuesAt(resultsOf(finished(program)), batch, leaf, program.float);
  const tolerance = program.float === 'f32' ? 1e-6 : 1e-12;
  expected.forEach((numbers, i) => {
    const data = found[i]?.data ?? [];
    expect(expectNear(data, numbers, `result ${i}`, tolerance)).toBe(numbers.length);
  });
}

const combine = <A, B>(as: readonly (readonly [string, A])[], bs: readonly (readonly [string, B])[]) =>
  as.flatMap(([a, first]) => bs.map(([b, second]) => [a, b, first, second] as const));

const floats: readonly Float[] = ['f32', 'f64'];

describe.each(combine(sigmoids, binaryLosses))('p = %s and the loss %s', (_p, _loss, probability, loss) => {
  test('has the gradient (p - y) / m at the logits', () => {
    const [, gradient] = resultsOf(derived(programWith('f64', probability, loss, true)));
    expect(gradient && structure(gradient)).toBe('div(sub(sigmoid(z), y), broadcast(batchSize()))');
  });

  test.each(floats)('is finite and right for logits of any size (%s)', (float) => {
    const z = [1e4, 1e4, -1e4, -1e4, 0, 2];
    const y = [0, 1, 0, 1, 0.5, 1];
    const perSample = z.map((a, i) => Math.max(a, 0) - a * (y[i] ?? 0) + Math.log1p(Math.exp(-Math.abs(a))));
    const gradient = z.map((a, i) => (1 / (1 + Math.exp(-a)) - (y[i] ?? 0)) / z.length);
    const sum = perSample.reduce((a, b) => a + b, 0) / z.length;
    expectResults(programWith(float, probability, loss, true), bind({ z, y }), z.length, [[sum], gradient]);
  });
});

describe.each(combine(softmaxes, crossEntropies))(
  'p = %s and the loss %s',
  (_p, _loss, probability, loss) => {
    test('has the gradient (p - y) / m at the logits', () => {
      const [, gradient] = resultsOf(derived(programWith('f64', probability, loss, false)));
      const softmax = 'exp(sub(z, broadcast(logSumExp(z))))';
      expect(gradient && structure(gradient)).toBe(
        `div(sub(${softmax}, oneHot(label)), broadcast(batchSize()))`,
      );
    });

    test.each(floats)('is finite and right for logits of any size (%s)', (float) => {
      const logits = [
        [1e4, -1e4, 0],
        [1e4, -1e4, 0],
        [1, 2, 3],
        [-1e4, -1e4, -1e4],
      ];
      const label = [0, 1, 2, 1];
      const softmax = logits.map((row) => {
        const e = row.map((a) => Math.exp(a - Math.max(...row)));
        return e.map((a) => a / e.reduce((x, y) => x + y));
      });
      const losses = logits.map((row, i) => {
        const shifted = row.map((a) => a - Math.max(...row));
        return Math.log(shifted.reduce((x, y) => x + Math.exp(y), 0)) - (shifted[label[i] ?? 0] ?? 0);
      });
      const gradient = softmax.flatMap((row, i) => row.map((p, c) => (p - (c === label[i] ? 1 : 0)) / 4));
      const sum = losses.reduce((a, b) => a + b) / 4;
      const leaf = bind({ z: logits.flat(), label });
      expectResults(programWith(float, probability, loss, false), leaf, 4, [[sum], gradient]);
    });
  },
);
