/** Ops refuse operands of types and shapes that they have no meaning for, and say what they expected. */

import { describe, expect, it } from 'vitest';
import { createBuilder } from '../../ir/builder.ts';
import { showDiagnostic, warnings } from '../../ir/errors.ts';
import { nth } from '../../ir/op.ts';
import { opOf, ops } from '../../ir/ops/index.ts';
import type { DType, Shape } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import { autodiff } from '../../passes/autodiff.ts';
import { gradientsOf, inputOf, programOf } from '../properties/programs.ts';
import { refusal } from './support.ts';

const o = createBuilder('f32');
const x = inputOf(o, 'x', ['batch', 3]);
const typed = (name: string, dtype: DType, shape: Shape = ['batch', 3]): Value =>
  inputOf(o, name, shape, dtype);
const whole = typed('whole', 'i32');
const mask = typed('mask', 'bool');
const double = typed('double', 'f64');

describe('an op', () => {
  it.each<[string, () => unknown, string]>([
    ['not of a float', () => o.not(x), 'not: expected a bool, got x f32[batch, 3].'],
    ['add of bools', () => o.add(mask, mask), 'add: expected a number, got mask bool[batch, 3].'],
    ['exp of whole numbers', () => o.exp(whole), 'exp: expected a float, got whole i32[batch, 3].'],
    ['add of two precisions', () => o.add(x, double), 'add: expected f32, got double f64[batch, 3].'],
    [
      'add of a float and a whole number',
      () => o.add(x, whole),
      'add: expected f32, got whole i32[batch, 3].',
    ],
    [
      'add of a whole number and 0.5',
      () => o.add(whole, 0.5),
      'add: expected whole numbers, got 0.5 beside integers.',
    ],
    ['select by a float', () => o.select(x, x, x), 'select: expected a bool, got x f32[batch, 3].'],
    [
      'select between two types',
      () => o.select(mask, x, whole),
      'select: expected f32, got whole i32[batch, 3].',
    ],
    [
      'matmul of two precisions',
      () => o.matmul(x, typed('w', 'f64', [3, 2])),
      'matmul: expected f32, got w f64[3, 2].',
    ],
    [
      'matmul of whole numbers',
      () => o.matmul(whole, typed('v', 'i32', [3, 2])),
      'matmul: expected a float, got whole i32[batch, 3].',
    ],
    [
      'matmul of whole numbers and 0.5',
      () => o.matmul(whole, 0.5),
      'matmul: expected a float, got whole i32[batch, 3].',
    ],
    [
      'oneHot of a float',
      () => o.oneHot(x, { classes: 3, dtype: 'f32' }),
      'oneHot: expected class indices (i32), got x f32[batch, 3].',
    ],
    ['sum of a mask', () => o.sum(mask, { axes: [0] }), 'sum: expected a number, got mask bool[batch, 3].'],
  ])('%s is refused', async (_, run, message) => {
    expect(await refusal(run)).toMatchObject({ code: 'dtype/mismatch', message });
  });

  it.each<[string, () => unknown, string]>([
    ['broadcast along an axis twice', () => o.broadcast(x, { axes: [0, 0], dims: [1, 2] }), '[0,0]'],
    [
      'broadcast along axes in descending order',
      () => o.broadcast(x, { axes: [1, 0], dims: [1, 2] }),
      '[1,0]',
    ],
    ['broadcast along an axis beyond the last', () => o.broadcast(x, { axes: [3], dims: [1] }), '[3]'],
    ['broadcast along an axis before the first', () => o.broadcast(x, { axes: [-1], dims: [1] }), '[-1]'],
    ['broadcast with a size too few', () => o.broadcast(x, { axes: [0, 1], dims: [1] }), '[0,1]'],
    ['transpose of an axis twice', () => o.transpose(x, { perm: [1, 1] }), 'order [1,1]'],
    ['transpose of an axis too few', () => o.transpose(x, { perm: [0] }), 'order [0]'],
    ['transpose of an axis beyond the last', () => o.transpose(x, { perm: [1, 2] }), 'order [1,2]'],
  ])('%s is refused', async (_, run, axis) => {
    const diagnostic = await refusal(run);
    expect(diagnostic.code).toBe('shape/axis');
    expect(diagnostic.message).toContain(`x f32[batch, 3] has no axis ${axis}, or it is named twice.`);
  });

  it('that there is none of is not found', async () => {
    expect((await refusal(() => opOf('cube'))).message).toBe('there is no op "cube"');
  });

  it('says which operand is missing', async () => {
    expect((await refusal(() => nth([x], 1))).message).toBe('operand 1 is missing');
  });

  it('without a gradient rule is named where a gradient asks for it', async () => {
    const { grad } = ops.tanh;
    Object.assign(ops.tanh, { grad: null });
    try {
      const loss = o.sum(o.tanh(x), { axes: [0, 1] });
      const diagnostic = await refusal(() => autodiff.run(programOf(o, [o.grad(loss, x)])));
      expect(diagnostic).toMatchObject({ code: 'grad/rule', message: 'tanh has no gradient rule.' });
    } finally {
      Object.assign(ops.tanh, { grad });
    }
  });
});

it('the gradient of a loss at itself is 1, and at what is made after it 0', () => {
  const b = createBuilder('f64');
  const loss = b.sum(b.exp(inputOf(b, 'x', [2])), { axes: [0] });
  const gradients = gradientsOf(b, loss, [loss, b.neg(loss)]);
  expect(gradients.map(({ op, attrs }) => [op, attrs.value])).toEqual([
    ['constant', 1],
    ['constant', 0],
  ]);
});

it('a gradient taken at what was made of whole numbers goes no further', () => {
  const b = createBuilder('f64');
  const count = inputOf(b, 'count', [2], 'i32');
  const float = b.cast(count, { dtype: 'f64' });
  const loss = b.sum(b.mul(float, 3), { axes: [0] });
  const [gradient] = gradientsOf(b, loss, [float]);
  expect(gradient?.dtype).toBe('f64');
  expect(gradient?.inputs.some((input) => input.dtype === 'i32')).toBe(false);
});

describe('a diagnostic on one line', () => {
  const { code, severity, message, help = '' } = warnings.unusedInput('x');

  it('begins with the place, and ends with the help', () => {
    const site = { file: 'a.ts', line: 3 };
    expect(showDiagnostic({ code, severity, message, help, site })).toBe(
      'a.ts:3: warning[input/unused]: input "x" is never read.\n  Use it, or remove it.',
    );
  });

  it('has neither where neither is known', () => {
    expect(showDiagnostic({ code, severity, message })).toBe(
      'warning[input/unused]: input "x" is never read.',
    );
  });
});
