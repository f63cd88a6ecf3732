/** Gradients as values of the model: for penalties on them, or to look at them. */

import { errors } from '../../ir/errors.ts';
import { showType } from '../../ir/types.ts';
import { atCaller } from './recording.ts';
import type { Shape } from './shapes.ts';
import { isTensor, type Scalar, type Tensor, type TensorLike, wrap } from './tensor.ts';

/**
 * The derivative of one number by every element of `at`, which it was computed from; 0 where it was not. It is a value
 * like any other: it can be an output, be part of the loss, and be differentiated again.
 */
export function gradient<S extends Shape>(of: Scalar, at: TensorLike<S, 'float'>): Tensor<S> {
  const { recording } = of;
  const value = atCaller(recording, (o) => {
    if (!isTensor(at) || at.recording !== recording) throw errors.foreignTensor('gradient');
    if (of.value.shape.length > 0) throw errors.rank('gradient', showType(of.value), 'one number');
    return o.grad(of.value, at.value);
  });
  return wrap(recording, value, 'float');
}
