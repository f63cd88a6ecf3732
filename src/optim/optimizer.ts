/** What an optimizer is: a function from a parameter and its gradient to the parameter's next value. */

import { errors } from '../../ir/errors.ts';
import type { Shape } from '../dsl/shapes.ts';
import type { Scalar, Tensor } from '../dsl/tensor.ts';

/** Something an optimizer remembers for one parameter, of the parameter's shape. */
export interface Slot {
  /** Its value before this step. */
  readonly value: Tensor<Shape>;
  /** What it is to be after this step. */
  set(next: Tensor<Shape>): void;
}

export interface UpdateContext {
  readonly parameter: Tensor<Shape>;
  readonly gradient: Tensor<Shape>;
  /** The learning rate of this step. */
  readonly rate: Scalar;
  /** The number of this step, from 0. */
  readonly step: Scalar;
  /** Declares state that lives as long as the parameter; starts at `initial`. */
  slot(name: string, initial?: number): Slot;
}

/** A learning rate: fixed, or an expression of the step number (from 0), compiled into the step. */
export type LearningRate = number | ((step: Scalar) => Scalar);

export interface Optimizer {
  readonly name: string;
  readonly learningRate: LearningRate;
  readonly update: (context: UpdateContext) => Tensor<Shape>;
}

/** Throws a diagnostic unless `rate` is a finite number from 0 or a schedule. */
export function checkRate(rate: LearningRate): void {
  const fits = typeof rate === 'function' || (typeof rate === 'number' && Number.isFinite(rate) && rate >= 0);
  if (!fits) throw errors.hyperparameter('learningRate', 'a finite number from 0, or a schedule', rate);
}
