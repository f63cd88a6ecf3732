/** Names that the library suggests for its values; a name of the user's wins. */

import type { Shape } from '../dsl/shapes.ts';
import type { Kind, Tensor } from '../dsl/tensor.ts';

/** `tensor` itself, called `hint` in the emitted code unless the user calls it something else. */
export function hinted<S extends Shape, K extends Kind>(tensor: Tensor<S, K>, hint: string): Tensor<S, K> {
  tensor.recording.o.annotate(tensor.value, { hint });
  return tensor;
}
