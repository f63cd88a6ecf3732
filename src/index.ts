/** The public interface: declare a model, compile it. */

export { CompileError, type Diagnostic, showDiagnostic } from '../ir/errors.ts';
export { type Compiled, type CompileOptions, compile } from './compile.ts';
export {
  type ClassLabel,
  type Initializer,
  type Model,
  type ModelContext,
  type ModelOptions,
  type ModelResult,
  model,
} from './dsl/model.ts';
export type { Dim, Shape } from './dsl/shapes.ts';
export type { Kind, Scalar, Tensor, TensorLike } from './dsl/tensor.ts';
export { relu, sigmoid, softmax, tanh } from './nn/activations.ts';
export { type DenseOptions, dense } from './nn/dense.ts';
export {
  constant,
  glorotNormal,
  kaimingNormal,
  normal,
  uniform,
  xavierNormal,
  zeros,
} from './nn/initializers.ts';
export { binaryCrossEntropy, meanSquaredError, softmaxCrossEntropy } from './nn/losses.ts';
export { accuracy, binaryAccuracy } from './nn/metrics.ts';
export { type GradientDescentOptions, gradientDescent } from './optim/gradient-descent.ts';
export type { LearningRate, Optimizer, Slot, UpdateContext } from './optim/optimizer.ts';
