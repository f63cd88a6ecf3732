/** Dropout, and the random numbers that it draws. */

import { errors } from '../../ir/errors.ts';
import { stepNumber } from '../dsl/model.ts';
import { atCaller } from '../dsl/recording.ts';
import type { Shape } from '../dsl/shapes.ts';
import { type Scalar, type Tensor, type TensorLike, wrap } from '../dsl/tensor.ts';
import { whenTraining } from '../dsl/variants.ts';
import { atDeclaration } from '../optim/checks.ts';
import { anyShape } from './any-shape.ts';
import { hinted } from './hinted.ts';

/**
 * Uniform numbers in [0, 1) of the shape of `x`, others in every step. Each is a function of the seed, the step, this
 * call and the element's position: the same on every target, however the batch is cut into pieces.
 */
export function randomUniform<S extends Shape>(x: TensorLike<S>): Tensor<S> {
  const { recording } = x;
  const stream = recording.counters.get('random') ?? 0;
  recording.counters.set('random', stream + 1);
  const value = atCaller(recording, (o) => {
    const seed = o.input({ name: 'seed', dtype: 'i32', shape: [] });
    const step = o.input({ name: 'step', dtype: 'i32', shape: [] });
    return o.uniform(seed, step, { stream, shape: x.value.shape, dtype: recording.float });
  });
  return wrap(recording, value, 'float');
}

/** A scheduled share of 0 would be divided by; the random numbers are multiples of this one. */
const smallest = 2 ** -24;

/** What `dropout` is made with. */
export interface DropoutOptions {
  /** The probability of keeping an element, above 0 and at most 1; or an expression of the step number (from 0). */
  readonly keep: number | ((t: Scalar) => Scalar);
}

/**
 * In training, each element is 0 with probability 1 - keep and x / keep otherwise, so that the expectation is x;
 * elsewhere the identity. Srivastava et al., Dropout, 2014 (inverted, as in the seed).
 */
export function dropout<S extends Shape>(x: Tensor<S>, { keep }: DropoutOptions): Tensor<S> {
  atDeclaration(() => {
    if (!(typeof keep === 'function' || (typeof keep === 'number' && keep > 0 && keep <= 1)))
      throw errors.hyperparameter('keep', 'a probability above 0 and at most 1, or a schedule', keep);
  });
  if (keep === 1) return x;
  const { recording } = x;
  const share =
    typeof keep === 'number' ? keep : hinted(keep(stepNumber(recording)).maximum(smallest), 'keep');
  // In f64 too the probability as f32 has it: a draw may lie between both, and the masks are to be the same.
  const limit = typeof share === 'number' && recording.float === 'f64' ? Math.fround(share) : share;
  const mask = hinted(anyShape(randomUniform(x)).less(limit), 'mask');
  const dropped = mask.select(anyShape(hinted(x, 'beforeDropout')).div(share), 0);
  return whenTraining<S>(wrap(recording, dropped.value, 'float'), x);
}
