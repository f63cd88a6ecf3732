/** The public interface: declare a model, compile it. */

export { CompileError, type Diagnostic, showDiagnostic } from '../ir/errors.ts';
export { type Compiled, type CompileOptions, compile } from './compile.ts';
export { explainNonFinite, type Origin, showOrigin } from './diagnose.ts';
export { gradient } from './dsl/gradient.ts';
export {
  type ClassLabel,
  type Initializer,
  type Model,
  type ModelContext,
  type ModelOptions,
  type ModelResult,
  model,
  type ParamOptions,
} from './dsl/model.ts';
export type { Dim, Shape } from './dsl/shapes.ts';
export type { Slot } from './dsl/slot.ts';
export type { Kind, Scalar, Tensor, TensorLike } from './dsl/tensor.ts';
export { whenTraining } from './dsl/variants.ts';
export {
  elu,
  type GeluOptions,
  gelu,
  leakyRelu,
  prelu,
  relu,
  selu,
  sigmoid,
  silu,
  softmax,
  softplus,
  tanh,
} from './nn/activations.ts';
export { type BatchNormOptions, batchNorm } from './nn/batch-norm.ts';
export { type DenseOptions, dense } from './nn/dense.ts';
export { type DropoutOptions, dropout, randomUniform } from './nn/dropout.ts';
export { type EwaOptions, ewa } from './nn/ewa.ts';
export {
  constant,
  glorotNormal,
  glorotUniform,
  type KaimingOptions,
  kaimingNormal,
  kaimingUniform,
  normal,
  uniform,
  xavierNormal,
  zeros,
} from './nn/initializers.ts';
export { binaryCrossEntropy, meanSquaredError, softmaxCrossEntropy } from './nn/losses.ts';
export { accuracy, binaryAccuracy } from './nn/metrics.ts';
export { minMax, zScore } from './nn/normalization.ts';
export { l1, l2 } from './nn/regularizers.ts';
export { type AdamOptions, type AdamWOptions, adam, adamax, adamW, nadam } from './optim/adam.ts';
export { clipByNorm } from './optim/clip-by-norm.ts';
export { type GradientDescentOptions, gradientDescent } from './optim/gradient-descent.ts';
export { type MomentumOptions, momentum } from './optim/momentum.ts';
export { type NesterovOptions, nesterov } from './optim/nesterov.ts';
export type {
  Hyperparameter,
  LookAheadContext,
  Optimizer,
  Schedule,
  ScheduleContext,
  UpdateContext,
} from './optim/optimizer.ts';
export { type RmspropOptions, rmsprop } from './optim/rmsprop.ts';
export { type Piece, piecewise, product, type WarmUpOptions, warmUp } from './optim/schedules/compose.ts';
export { type CosineOptions, cosine } from './optim/schedules/cosine.ts';
export { type CyclicOptions, cyclic, cyclicMomentum } from './optim/schedules/cyclic.ts';
export { type ExponentialDecayOptions, exponentialDecay } from './optim/schedules/exponential-decay.ts';
export {
  type HalvingOnMetricOptions,
  type HalvingOnPlateauOptions,
  type HalvingOptions,
  halving,
  halvingOnMetric,
  halvingOnPlateau,
} from './optim/schedules/halving.ts';
export {
  type OneCycleMomentumOptions,
  type OneCycleOptions,
  oneCycle,
  oneCycleMomentum,
} from './optim/schedules/one-cycle.ts';
export { type WeightDecayOptions, weightDecay } from './optim/weight-decay.ts';
