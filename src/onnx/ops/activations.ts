/** Activation functions: by the names that the library has for them, and spelled out where it has none. */

import {
  argument,
  axisOf,
  type Context,
  called,
  chained,
  expression,
  float,
  type Handler,
  int,
  made,
  repeated,
  tensor,
  text,
} from '../context.ts';
import { type Expression, type Last, refusal, showNumber, staticCount } from '../values.ts';

/** A function of the library; `option` is an attribute that is its second argument unless it has the usual value. */
export const activation =
  (name: string, option?: readonly [attribute: string, onnxDefault: number, ours: number]): Handler =>
  (c) => {
    const x = tensor(c, 0);
    if (option === undefined) return called(c, name, x);
    const [attribute, onnxDefault, ours] = option;
    const value = float(c, attribute, onnxDefault);
    return called(c, name, x, value === ours ? '' : `, ${showNumber(value)}`);
  };

export const sigmoid: Handler = (c) => {
  const x = repeated(c, tensor(c, 0));
  return called(c, 'sigmoid', x, '', { op: 'sigmoid', logits: x });
};

/** Older versions take all axes from the given one on as one, which is the same for the last. */
function softmaxAxis(c: Context, { shape }: Expression): number {
  const axis = axisOf(int(c, 'axis', c.opset < 13 ? 1 : -1), shape.length);
  if (c.opset < 13 && axis !== shape.length - 1) throw refusal('it takes several axes as one');
  return axis;
}

const normalized =
  (op: Exclude<Last['op'], 'sigmoid'>): Handler =>
  (c) => {
    const x = repeated(c, tensor(c, 0));
    const axis = softmaxAxis(c, x);
    const isLast = axis === x.shape.length - 1;
    const last: Last = { op, logits: x };
    if (isLast && op === 'softmax') return called(c, 'softmax', x, '', last);
    const logs = `${x.text}.sub(${x.text}.logSumExp(${axis}, { keep: true }))`;
    const result = made(op === 'softmax' ? `${logs}.exp()` : logs, x.shape, false);
    return isLast ? { ...result, last } : result;
  };

export const softmax: Handler = normalized('softmax');
export const logSoftmax: Handler = normalized('logSoftmax');

export const selu: Handler = (c) => {
  const near = (name: string, usual: number) => Math.abs(float(c, name, usual) - usual) < 1e-5;
  if (!near('alpha', 1.6732632423543772) || !near('gamma', 1.0507009873554805))
    throw refusal('its alpha or gamma is not the usual one');
  return called(c, 'selu', tensor(c, 0));
};

export const gelu: Handler = (c) => {
  const approximate = text(c, 'approximate', 'none');
  if (approximate !== 'none' && approximate !== 'tanh') throw refusal('it is of an unknown approximation');
  return called(c, 'gelu', tensor(c, 0), approximate === 'tanh' ? ", { approximate: 'tanh' }" : '');
};

/** One slope, or one for each feature. */
export const prelu: Handler = (c) => {
  const x = tensor(c, 0);
  const slope = expression(c, c.input(1), 'slope');
  const features = x.shape[x.shape.length - 1];
  const last = Number(slope.shape[slope.shape.length - 1] ?? 1);
  if (staticCount(slope.shape) !== last || ![1, features].includes(last))
    throw refusal('it has slopes for other axes than the last');
  const flat = slope.shape.length > 1 ? chained(c, slope, `reshape([${last}])`, [last]) : slope;
  return called(c, 'prelu', x, `, ${argument(c, flat)}`);
};

/** alpha (e^(x/alpha) - 1) below 0. */
export const celu: Handler = (c) => {
  const alpha = float(c, 'alpha', 1);
  const x = tensor(c, 0);
  const scaled = alpha === 1 ? x : chained(c, x, `div(${showNumber(alpha)})`);
  const result = called(c, 'elu', scaled);
  return alpha === 1 ? result : chained(c, result, `mul(${showNumber(alpha)})`);
};

const hard = (c: Context, x: Expression, alpha: number, beta: number): Expression =>
  chained(c, x, `mul(${showNumber(alpha)}).add(${showNumber(beta)}).maximum(0).minimum(1)`);

export const hardSigmoid: Handler = (c) =>
  hard(c, tensor(c, 0), float(c, 'alpha', 0.2), float(c, 'beta', 0.5));

export const hardSwish: Handler = (c) => {
  const x = repeated(c, tensor(c, 0));
  return chained(c, x, `mul(${hard(c, x, 1 / 6, 0.5).text})`);
};

export const mish: Handler = (c) => {
  const x = repeated(c, tensor(c, 0));
  return chained(c, x, `mul(${x.text}.softplus().tanh())`);
};

export const swish: Handler = (c) => {
  const alpha = float(c, 'alpha', 1);
  const x = repeated(c, tensor(c, 0));
  if (alpha === 1) return called(c, 'silu', x);
  return chained(c, x, `mul(${x.text}.mul(${showNumber(alpha)}).sigmoid())`);
};

export const softsign: Handler = (c) => {
  const x = repeated(c, tensor(c, 0));
  return chained(c, x, `div(${x.text}.abs().add(1))`);
};

/** x where it is above alpha, else 0. */
export const thresholdedRelu: Handler = (c) => {
  const x = repeated(c, tensor(c, 0));
  return made(`${x.text}.greater(${showNumber(float(c, 'alpha', 1))}).select(${x.text}, 0)`, x.shape, false);
};
