/** Activation functions. */

import type { Shape } from '../dsl/shapes.ts';
import { type Tensor, wrap } from '../dsl/tensor.ts';
import { anyShape } from './any-shape.ts';

/** max(x, 0), with gradient 0 at 0. */
export const relu = <S extends Shape>(x: Tensor<S>): Tensor<S> => x.relu();

/** 1 / (1 + e^-x): from 0 to 1. */
export const sigmoid = <S extends Shape>(x: Tensor<S>): Tensor<S> => x.sigmoid();

/** From -1 to 1. */
export const tanh = <S extends Shape>(x: Tensor<S>): Tensor<S> => x.tanh();

/** e^x / sum of e^x along the last axis: each row a probability distribution. Safe for logits of any size. */
export function softmax<S extends Shape>(x: Tensor<S>): Tensor<S> {
  const plain = anyShape(x);
  const y = plain.sub(plain.logSumExp(x.shape.length - 1, { keep: true })).exp();
  return wrap(x.recording, y.value, 'float');
}
