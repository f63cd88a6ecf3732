/** What an optimizer is: a function from a parameter and its gradient to the parameter's next value. */

import type { Shape } from '../dsl/shapes.ts';
import type { Slot } from '../dsl/slot.ts';
import type { Scalar, Tensor } from '../dsl/tensor.ts';

/** What a schedule may look at besides the number of the step. */
export interface ScheduleContext {
  /** `loss` or a metric of the model, for the batch of this step and before its update. */
  metric(name: string): Scalar;
  /** A number as a tensor, for what a method cannot start with. */
  constant(value: number): Scalar;
  /** One number that is remembered from step to step. */
  state(name: string, initial: number): Slot<readonly []>;
}

/** An expression of the step number (from 0), compiled into the step. */
export type Schedule = (t: Scalar, context: ScheduleContext) => Scalar;

/** A number, fixed or scheduled. */
export type Hyperparameter = number | Schedule;

interface StepContext {
  readonly name: string;
  readonly parameter: Tensor<Shape>;
  /** The number of this step, from 0. */
  readonly step: Scalar;
  /** The optimizer's momentum at this step; 0 if it has none. */
  readonly momentum: Scalar;
  /** A number by its name, which the emitted code calls it by. */
  constant(name: string, value: number): Scalar;
  /** State of the parameter's shape that lives as long as it; starts at `initial`. One name, one slot. */
  slot(name: string, initial?: number): Slot;
}

/** What the point is made of at which the gradient of a parameter is taken. */
export type LookAheadContext = StepContext;

/** What the next value of a parameter is made of. */
export interface UpdateContext extends StepContext {
  readonly gradient: Tensor<Shape>;
  /** The learning rate of this step. */
  readonly rate: Scalar;
  /**
   * What an average with the optimizer's momentum, started at 0, is to be divided by: 1 - momentum^t, t from 1; for a
   * scheduled momentum 1 less the product of its values so far, which is state then.
   */
  momentumCorrection(): Scalar;
}

/** How a parameter follows from its gradient; one of your own is an object of this form. */
export interface Optimizer {
  readonly name: string;
  readonly learningRate: Hyperparameter;
  /** Reported by every step beside the learning rate. */
  readonly momentum?: Hyperparameter;
  /**
   * Where the gradient of a parameter is taken; at the parameter itself unless given. The forward pass of the step
   * runs there, and so its loss and metrics are those of the look-ahead.
   */
  readonly lookAhead?: (context: LookAheadContext) => Tensor<Shape>;
  /** What becomes of all gradients together before any update, such as clipping their norm. */
  readonly gradients?: (gradients: readonly Tensor<Shape>[]) => readonly Tensor<Shape>[];
  /** The parameter's next value. */
  readonly update: (context: UpdateContext) => Tensor<Shape>;
}
