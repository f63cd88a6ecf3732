/** A tensor whose shape the types no longer follow: inside functions that work for every shape. */

import type { Shape } from '../dsl/shapes.ts';
import { type Tensor, type TensorLike, wrap } from '../dsl/tensor.ts';

export const anyShape = (x: TensorLike<Shape, 'float'>): Tensor<Shape> => wrap(x.recording, x.value, 'float');
