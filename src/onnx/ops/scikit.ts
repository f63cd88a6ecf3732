/** What converters of scikit-learn write: the operators of ai.onnx.ml that are linear algebra. */

import {
  type Context,
  called,
  chained,
  type Handler,
  int,
  list,
  made,
  receiver,
  repeated,
  tensor,
  text,
} from '../context.ts';
import { type Expression, refusal, type Weights } from '../values.ts';

/** Numbers of an attribute as an array of the model. */
function attribute(c: Context, name: string, shape: readonly number[]): Weights | undefined {
  const numbers = list(c, name);
  if (numbers === undefined || numbers.length === 0) return undefined;
  const size = shape.reduce((product, dim) => product * dim, 1);
  if (numbers.length !== size) throw refusal(`it has ${numbers.length} ${name}, and not ${size}`);
  return { kind: 'weights', name, shape, numbers: Float32Array.from(numbers), trained: true };
}

function features(x: Expression): number {
  const size = x.shape[1];
  if (x.shape.length === 2 && typeof size === 'number') return size;
  throw refusal(`it takes [${x.shape}], which is not samples by features`);
}

/** x W^T + b, with a row of W for each of `rows` results. */
function linear(c: Context, rows: number): Expression {
  const x = tensor(c, 0);
  const w = attribute(c, 'coefficients', [rows, features(x)]);
  if (w === undefined) throw refusal('it has no coefficients');
  const [b, parameter] = [attribute(c, 'intercepts', [rows]), c.writer.parameter(w, 'matrix')];
  const product = made(
    `${receiver(c, x)}.matmul(${parameter.text}.transpose())`,
    [x.shape[0] ?? 'batch', rows],
    false,
  );
  return b === undefined ? product : chained(c, product, `add(${c.writer.parameter(b, 'zero').text})`);
}

export const linearRegressor: Handler = (c) => {
  if (text(c, 'post_transform', 'NONE') !== 'NONE') throw refusal('it transforms its results');
  return linear(c, int(c, 'targets', 1));
};

/** Two rows of which one is the other with its signs turned: two ways to say the same score. */
function isMirrored(c: Context, rows: number): boolean {
  const mirrored = (numbers: readonly number[] | undefined): boolean => {
    const half = (numbers ?? []).length / 2;
    return (numbers ?? []).slice(0, half).every((x, i) => x === -(numbers?.[half + i] ?? Number.NaN));
  };
  return rows === 2 && mirrored(list(c, 'coefficients')) && mirrored(list(c, 'intercepts'));
}

/** The label, which is left out, and the scores. */
export const linearClassifier: Handler = (c) => {
  const rows = (list(c, 'coefficients') ?? []).length / features(tensor(c, 0));
  if (!Number.isInteger(rows) || rows < 2)
    throw refusal('it does not have a row of coefficients for each class');
  const transform = text(c, 'post_transform', 'NONE');
  const scores = linear(c, rows);
  if (transform === 'NONE') return [undefined, scores];
  const name = (x: Expression): Expression => c.writer.bind(x, 'logits');
  if (transform === 'SOFTMAX') return [undefined, softmax(c, name(scores))];
  if (transform !== 'LOGISTIC')
    throw refusal('its results are transformed by neither a softmax nor a sigmoid');
  // sigmoid(s) = softmax of -s/2 and s/2.
  if (isMirrored(c, rows)) return [undefined, softmax(c, name(chained(c, scores, 'mul(0.5)')))];
  const logits = name(scores);
  return [undefined, called(c, 'sigmoid', logits, '', { op: 'sigmoid', logits })];
};

const softmax = (c: Context, logits: Expression): Expression =>
  called(c, 'softmax', logits, '', { op: 'softmax', logits });

/** What the inputs are scaled by belongs to the data: it stays as it is. */
export const scaler: Handler = (c) => {
  const x = tensor(c, 0);
  const part = (name: string, method: 'sub' | 'mul', start: 'zero' | 'one'): string => {
    const count = list(c, name)?.length === 1 ? 1 : features(x);
    const found = attribute(c, name, [count]);
    return found === undefined ? '' : `${method}(${c.writer.parameter(found, start, true).text})`;
  };
  const methods = [part('offset', 'sub', 'zero'), part('scale', 'mul', 'one')].filter((one) => one !== '');
  return methods.length === 0 ? x : chained(c, x, methods.join('.'));
};

const norms: ReadonlyMap<string, string> = new Map([
  ['L1', 'abs().sum(1, { keep: true }).maximum(1e-30)'],
  ['L2', 'square().sum(1, { keep: true }).sqrt().maximum(1e-30)'],
  ['MAX', 'max(1, { keep: true })'],
]);

export const normalizer: Handler = (c) => {
  const x = repeated(c, tensor(c, 0));
  const norm = text(c, 'norm', 'MAX');
  features(x);
  // A softmax adds up to 1 already.
  if (norm === 'L1' && x.last?.op === 'softmax') return x;
  const size = norms.get(norm);
  if (size === undefined) throw refusal('it has an unknown norm');
  return { ...chained(c, x, `div(${x.text}.${size})`), raw: false };
};

/** Names of classes, which a model has numbers for. */
export const leftOut: Handler = (c) => c.node.outputs.map(() => undefined);
