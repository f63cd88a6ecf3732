/** Values that differ between training and its use: dropout, batch normalization. */

import { errors } from '../../ir/errors.ts';
import { sameShape, showType } from '../../ir/types.ts';
import { atCaller } from './recording.ts';
import type { Shape } from './shapes.ts';
import { type Tensor, type TensorLike, wrap } from './tensor.ts';

/** `training` in the training step, `inference` when evaluating and predicting; both of one shape. */
export function whenTraining<S extends Shape>(
  training: TensorLike<S, 'float'>,
  inference: TensorLike<NoInfer<S>, 'float'>,
): Tensor<S> {
  const { recording } = training;
  const leaf = atCaller(recording, (o) => {
    if (inference.recording !== recording) throw errors.foreignTensor('whenTraining');
    const [yes, no] = [training.value, inference.value];
    if (!sameShape(yes.shape, no.shape) || yes.dtype !== no.dtype)
      throw errors.shapesDiffer('whenTraining', showType(yes), showType(no));
    // An input that stands for either value until the model is packed. The user's names have no such character.
    const name = `\u2060either of ${yes.id} and ${no.id}`;
    const either = o.input({ name, dtype: yes.dtype, shape: yes.shape });
    recording.variants.set(either, { training: yes, inference: no });
    return either;
  });
  return wrap(recording, leaf, 'float');
}
