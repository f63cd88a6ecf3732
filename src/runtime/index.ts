/** The runtime's public API: what generated code, pages and command lines import. */

export type { Column, NumericArray } from './columns.ts';
export { InputError, type InputErrorCode, type InputErrorDetails, type Replay } from './errors.ts';
export type { Progress } from './fit.ts';
export { initialize } from './initialize.ts';
export type {
  Batch,
  InitSpec,
  InputLayout,
  Layout,
  LayoutDim,
  Metrics,
  OutputLayout,
  Outputs,
  Program,
  State,
  StateLayout,
  TrainerModule,
  TypedArray,
} from './module.ts';
export type { FitOptions } from './options.ts';
export { inverseNormal, normal01, threefry2x32, uniform01 } from './random.ts';
export { decodeSafetensors, encodeSafetensors, type SafetensorsFile, type Tensor } from './safetensors.ts';
export { shuffle } from './shuffle.ts';
export {
  createTrainer,
  type Data,
  type EvaluateOptions,
  type Inputs,
  type LoadOptions,
  type Trainer,
  type TrainerOptions,
} from './trainer.ts';
export type { InitialValues } from './weights.ts';
