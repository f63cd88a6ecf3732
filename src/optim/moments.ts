/** Moments of the gradient: the averages that optimizers are made of. */

import type { Shape } from '../dsl/shapes.ts';
import type { Scalar, Tensor } from '../dsl/tensor.ts';
import type { UpdateContext } from './optimizer.ts';

/** v = beta v + (1 - beta) x, kept in the slot `name`. */
function average({ slot }: UpdateContext, name: string, beta: Scalar, x: Tensor<Shape>): Tensor<Shape> {
  const { value, set } = slot(name);
  // Written with the tensors first, which have the shape; 1 - beta as -beta + 1 for want of a number to start with.
  const next = value.mul(beta).add(x.mul(beta.neg().add(1)));
  set(next);
  return next;
}

/** The average of the gradient, with the optimizer's momentum as beta. */
export const firstMoment = (context: UpdateContext, name: string): Tensor<Shape> =>
  average(context, name, context.momentum, context.gradient);

/** The average of the squared gradient. */
export const secondMoment = (context: UpdateContext, name: string, beta: Scalar): Tensor<Shape> =>
  average(context, name, beta, context.gradient.square());
