/** Gradient clipping. */

import type { Shape } from '../dsl/shapes.ts';
import type { Scalar, Tensor } from '../dsl/tensor.ts';
import { atDeclaration, checkPositive } from './checks.ts';
import type { Optimizer } from './optimizer.ts';

/**
 * `optimizer` on gradients that are scaled down together when their norm, the root of the sum of squares over all
 * parameters, is above `maxNorm`. Where the squares overflow (f32: gradients beyond 1e19) the norm is infinite and they
 * become 0; an infinite gradient gives NaN, which ends the training. Pascanu et al., On the difficulty of training recurrent neural networks, 2013.
 */
export function clipByNorm(optimizer: Optimizer, maxNorm: number): Optimizer {
  atDeclaration(() => checkPositive('maxNorm', maxNorm));
  return {
    ...optimizer,
    gradients(gradients) {
      const given = optimizer.gradients?.(gradients) ?? gradients;
      const norm = normOf(given);
      if (!norm) return given;
      // Exactly 1 up to the limit, also where the norm is 0.
      const excess = norm.maximum(maxNorm).div(maxNorm).named('excess');
      return given.map((gradient) => gradient.div(excess));
    },
  };
}

function normOf(gradients: readonly Tensor<Shape>[]): Scalar | undefined {
  const [first, ...rest] = gradients.map((gradient) => gradient.square().sum());
  return (
    first &&
    rest
      .reduce((total, next) => total.add(next), first)
      .sqrt()
      .named('norm')
  );
}
