/** Activation functions. Those with a kink at 0 have there the derivative from the left, as relu has 0. */

import { errors } from '../../ir/errors.ts';
import type { Shape } from '../dsl/shapes.ts';
import { type Tensor, wrap } from '../dsl/tensor.ts';
import { atDeclaration, checkFinite } from '../optim/checks.ts';
import { anyShape } from './any-shape.ts';

/** Gives the result of a computation whose shape is that of `x` its type back. */
const like = <S extends Shape>(x: Tensor<S>, y: Tensor<Shape>): Tensor<S> =>
  wrap(x.recording, y.value, 'float');

/** max(x, 0); derivative 0 at 0. */
export const relu = <S extends Shape>(x: Tensor<S>): Tensor<S> => x.relu();

/** 1 / (1 + e^-x): from 0 to 1. */
export const sigmoid = <S extends Shape>(x: Tensor<S>): Tensor<S> => x.sigmoid();

/** From -1 to 1. */
export const tanh = <S extends Shape>(x: Tensor<S>): Tensor<S> => x.tanh();

/** ln(1 + e^x): a smooth relu. */
export const softplus = <S extends Shape>(x: Tensor<S>): Tensor<S> => x.softplus();

/** e^x / sum of e^x along the last axis: each row a probability distribution. Safe for logits of any size. */
export function softmax<S extends Shape>(x: Tensor<S>): Tensor<S> {
  const plain = anyShape(x);
  return like(x, plain.sub(plain.logSumExp(x.shape.length - 1, { keep: true })).exp());
}

/** x above 0, slope * x elsewhere; derivative `slope` at 0. Maas et al., Rectifier nonlinearities, 2013. */
export function leakyRelu<S extends Shape>(x: Tensor<S>, slope = 0.01): Tensor<S> {
  atDeclaration(() => checkFinite('slope', slope));
  const plain = anyShape(x);
  return like(x, plain.greater(0).select(plain, plain.mul(slope)));
}

/**
 * x above 0, slope * x elsewhere, with a slope that is learnt: a parameter of one number, or of one per feature.
 * He et al., Delving deep into rectifiers, 2015, who start it at 0.25.
 */
export function prelu<S extends Shape>(x: Tensor<S>, slope: Tensor<readonly number[]>): Tensor<S> {
  atDeclaration(() => {
    const features = x.shape[x.shape.length - 1];
    const fits =
      slope.shape.length === 0 || (slope.shape.length === 1 && [1, features].includes(slope.shape[0]));
    if (fits) return;
    throw errors.shapesDiffer('prelu', `a slope [${slope.shape.join(', ')}]`, `x [${x.shape.join(', ')}]`);
  });
  const plain = anyShape(x);
  return like(x, plain.greater(0).select(plain, plain.mul(anyShape(slope))));
}

/** x above 0, alpha (e^x - 1) elsewhere. Clevert et al., Exponential linear units, 2016. */
export function elu<S extends Shape>(x: Tensor<S>, alpha = 1): Tensor<S> {
  atDeclaration(() => checkFinite('alpha', alpha));
  const plain = anyShape(x);
  const positive = plain.greater(0);
  // The branch not taken must stay finite: its gradient is multiplied by 0, and 0 times infinity is not 0.
  const below = positive.select(0, plain).expm1();
  return like(x, positive.select(plain, below.mul(alpha)));
}

const seluAlpha = 1.6732632423543772;
const seluScale = 1.0507009873554805;

/** 1.0507 elu(x, 1.6733): keeps mean 0 and variance 1. Klambauer et al., Self-normalizing networks, 2017. */
export const selu = <S extends Shape>(x: Tensor<S>): Tensor<S> =>
  like(x, anyShape(elu(x, seluAlpha)).mul(seluScale));

/** Which of its two forms `gelu` has. */
export interface GeluOptions {
  /** `none`: x Phi(x) with the error function. `tanh`: the approximation that some trained models were made with. */
  readonly approximate?: 'none' | 'tanh';
}

/** x Phi(x), Phi the cumulative normal distribution. Hendrycks & Gimpel, Gaussian error linear units, 2016. */
export function gelu<S extends Shape>(x: Tensor<S>, { approximate = 'none' }: GeluOptions = {}): Tensor<S> {
  atDeclaration(() => {
    if (approximate !== 'none' && approximate !== 'tanh')
      throw errors.option('approximate', "'none' or 'tanh'", approximate);
  });
  const plain = anyShape(x);
  const half = plain.mul(0.5);
  if (approximate === 'none') return like(x, half.mul(plain.mul(Math.SQRT1_2).erf().add(1)));
  const inner = plain.add(plain.mul(plain).mul(plain).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
  return like(x, half.mul(inner.tanh().add(1)));
}

/** x sigmoid(x), also called swish. Elfwing et al., Sigmoid-weighted linear units, 2018. */
export const silu = <S extends Shape>(x: Tensor<S>): Tensor<S> =>
  like(x, anyShape(x).mul(anyShape(x).sigmoid()));
