/** Layers: matrix products, normalizations and reductions. */

import type { Shape } from '../../../ir/types.ts';
import {
  argument,
  axisOf,
  type Context,
  chained,
  expression,
  float,
  type Handler,
  int,
  made,
  receiver,
  repeated,
  tensor,
  weights,
  wholeNumbers,
} from '../context.ts';
import { type Expression, refusal, showNumber, type Val } from '../values.ts';
import { combined } from './elementwise.ts';
import { reshaped } from './shapes.ts';

/** Of matrices alone. */
function product(c: Context, x: Expression, y: Expression): Expression {
  const [rows, inner] = x.shape;
  const [same, columns] = y.shape;
  if (x.shape.length !== 2 || y.shape.length !== 2 || rows === undefined || columns === undefined)
    throw refusal(`it multiplies [${x.shape}] and [${y.shape}], which are not two matrices`);
  if (inner !== same) throw refusal(`shapes [${x.shape}] and [${y.shape}] do not fit together`);
  return made(`${receiver(c, x)}.matmul(${argument(c, y)})`, [rows, columns], false);
}

export const matmul: Handler = (c) => product(c, tensor(c, 0), tensor(c, 1));

const turned = (c: Context, x: Expression, wanted: boolean): Expression =>
  wanted ? chained(c, x, 'transpose()', [...x.shape].reverse()) : x;

const scaled = (c: Context, x: Expression, by: number): Expression =>
  by === 1 ? x : chained(c, x, `mul(${showNumber(by)})`);

export const gemm: Handler = (c) => {
  const x = turned(c, tensor(c, 0), int(c, 'transA', 0) !== 0);
  const y = turned(c, tensor(c, 1), int(c, 'transB', 0) !== 0);
  const result = scaled(c, product(c, x, y), float(c, 'alpha', 1));
  const bias = c.optional(2);
  const beta = float(c, 'beta', 1);
  if (bias === undefined || beta === 0) return result;
  if (beta === 1) return combined(c, 'add', result, bias);
  return combined(c, 'add', result, scaled(c, expression(c, bias, 'zero'), beta));
};

/** As it is in use: with the statistics of the training that was, which stay. */
export const batchNormalization: Handler = (c) => {
  const x = tensor(c, 0);
  if (int(c, 'training_mode', 0) !== 0) throw refusal('it is in training');
  if (x.shape.length < 2) throw refusal(`it normalizes [${x.shape}], which has no features`);
  const shape: Shape = [x.shape[1] ?? 1, ...x.shape.slice(2).map(() => 1)];
  const part = (i: number, what: string, start: 'one' | 'zero', frozen?: boolean): string => {
    const found = c.writer.parameter(weights(c, i, what), start, frozen);
    if (found.shape.join() !== `${x.shape[1]}`) throw refusal(`its ${what} is not one number per feature`);
    const aligned = reshaped(c, found, shape);
    return aligned.kind === 'expression' ? aligned.text : '';
  };
  const [scale, bias] = [part(1, 'scale', 'one'), part(2, 'bias', 'zero')];
  const [mean, variance] = [part(3, 'mean', 'zero', true), part(4, 'variance', 'one', true)];
  const deviation = `${variance}.add(${showNumber(float(c, 'epsilon', 1e-5))}).sqrt()`;
  return chained(c, { ...x, raw: false }, `sub(${mean}).div(${deviation}).mul(${scale}).add(${bias})`);
};

/** Over the last axis, where each sample is normalized by its own mean and variance. */
export const layerNormalization: Handler = (c) => {
  const x = repeated(c, tensor(c, 0));
  const axis = axisOf(int(c, 'axis', -1), x.shape.length);
  if (axis !== x.shape.length - 1) throw refusal('it normalizes several axes together');
  const mean = chained(c, x, `mean(${axis}, { keep: true })`);
  const centred = repeated(c, made(`${x.text}.sub(${mean.text})`, x.shape, false));
  const variance = `${centred.text}.square().mean(${axis}, { keep: true })`;
  const deviation = `${variance}.add(${showNumber(float(c, 'epsilon', 1e-5))}).sqrt()`;
  const normalized = made(`${centred.text}.div(${deviation})`, x.shape, false);
  const scale = combined(c, 'mul', normalized, c.input(1));
  const bias = c.optional(2);
  return bias === undefined ? scale : combined(c, 'add', scale, bias);
};

interface Reduction {
  /** Before and after the sum, mean or maximum along an axis. */
  readonly before?: string;
  readonly method: 'sum' | 'mean' | 'max' | 'logSumExp';
  readonly after?: string;
}

export const reduction =
  ({ before, method, after }: Reduction): Handler =>
  (c) => {
    const x = tensor(c, 0);
    const given = wholeNumbers(c, 1, 'axes') ?? [];
    const noop = given.length === 0 && int(c, 'noop_with_empty_axes', 0) !== 0;
    const all = x.shape.map((_, axis) => axis);
    const axes = noop ? [] : given.length === 0 ? all : given.map((axis) => axisOf(axis, x.shape.length));
    const keep = int(c, 'keepdims', 1) !== 0;
    if (method === 'logSumExp' && axes.length !== 1) throw refusal('it adds up several axes');
    const first = before === undefined ? x : chained(c, x, before);
    const reduced = along(
      c,
      first,
      method,
      [...new Set(axes)].sort((a, b) => b - a),
      keep,
    );
    return after === undefined ? reduced : chained(c, reduced, after);
  };

/** One axis after the other, the last first, so that the others keep their places. */
function along(
  c: Context,
  x: Expression,
  method: Reduction['method'],
  axes: readonly number[],
  keep: boolean,
): Expression {
  return axes.reduce((result, axis) => {
    const shape = keep
      ? result.shape.map((dim, i) => (i === axis ? 1 : dim))
      : result.shape.filter((_, i) => i !== axis);
    return {
      ...chained(c, result, `${method}(${axis}${keep ? ', { keep: true }' : ''})`, shape),
      raw: false,
    };
  }, x);
}

/** The mean of all axes after the features. */
export const globalAverage: Handler = (c) => {
  const x = tensor(c, 0);
  const axes = x.shape
    .map((_, axis) => axis)
    .slice(2)
    .reverse();
  return along(c, x, 'mean', axes, true);
};

/** What is left out in training alone, and what changes nothing. */
export const identity: Handler = (c): Val => c.input(0);
