/** Penalties on weights: numbers to be added to the loss. */

import { errors } from '../../ir/errors.ts';
import type { Shape } from '../dsl/shapes.ts';
import type { Scalar, Tensor, TensorLike } from '../dsl/tensor.ts';
import { atDeclaration, checkNotNegative } from '../optim/checks.ts';
import { anyShape } from './any-shape.ts';

type Weights = readonly TensorLike<Shape, 'float'>[];

/** lambda times the sum of |w| over all elements of all weights; its gradient is lambda sgn(w), 0 at 0. */
export const l1 = (lambda: number, ...weights: Weights): Scalar =>
  penalty('l1', lambda, weights, (w) => w.abs());

/** lambda times the sum of w^2 over all elements of all weights; its gradient is 2 lambda w. */
export const l2 = (lambda: number, ...weights: Weights): Scalar =>
  penalty('l2', lambda, weights, (w) => w.square());

function penalty(
  name: string,
  lambda: number,
  weights: Weights,
  size: (w: Tensor<Shape>) => Tensor<Shape>,
): Scalar {
  atDeclaration(() => {
    checkNotNegative('lambda', lambda);
    if (weights.length === 0) throw errors.option(`weights of ${name}`, 'at least one tensor', 'none');
  });
  const sizes = weights.map((w) => size(anyShape(w)).sum());
  const [first, ...rest] = sizes;
  if (!first) throw errors.invalid('no weights');
  return rest.reduce((total, next) => total.add(next), first).mul(lambda);
}
