/** A program: what flows in, what is remembered, and the functions that compute results and the next state. */

import type { DType, Float, Shape } from './types.ts';
import { type Note, reachable, type Value } from './value.ts';

export interface InputDecl {
  readonly name: string;
  readonly role: 'input' | 'label';
  readonly dtype: DType;
  readonly shape: Shape;
  /** For a class label: valid values are 0 to classes - 1. */
  readonly classes?: number;
}

/** How the initial value of a state is drawn; the runtime does it from the seed. */
export type InitSpec =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly std: number }
  /** Computed per feature from the training data of an input, before the first step. */
  | { readonly kind: 'fitted'; readonly input: string; readonly statistic: FittedStatistic };

export type FittedStatistic = 'min' | 'max' | 'mean' | 'variance';

/**
 * `parameter`: trained by gradients, or frozen. `statistic`: what the model itself remembers, such as running means.
 * `slot`: what the optimizer or a schedule remembers.
 */
export type StateRole = 'parameter' | 'statistic' | 'slot';

export interface StateDecl {
  readonly name: string;
  readonly role: StateRole;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly init: InitSpec;
}

export interface Result {
  readonly name: string;
  readonly value: Value;
}

export interface Update {
  readonly state: string;
  readonly value: Value;
}

export interface ProgramFunction {
  readonly name: 'step' | 'evaluate' | 'predict';
  readonly results: readonly Result[];
  /** Next state; all updates see the state as it was before the call. */
  readonly updates: readonly Update[];
}

export interface Program {
  readonly name: string;
  readonly float: Float;
  /** Largest number of samples a call may bring. */
  readonly maxBatch: number;
  readonly inputs: readonly InputDecl[];
  readonly states: readonly StateDecl[];
  readonly functions: readonly ProgramFunction[];
  readonly notes: ReadonlyMap<Value, Note>;
}

/** What `fn` must compute. */
export const rootsOf = (fn: ProgramFunction): Value[] => [
  ...fn.results.map((result) => result.value),
  ...fn.updates.map((update) => update.value),
];

/** Every value of the program, inputs before readers. */
export const valuesOf = (program: Program): Value[] => reachable(program.functions.flatMap(rootsOf));

/** The program with every root replaced; `notes` describe the new values. */
export function mapRoots(
  program: Program,
  notes: ReadonlyMap<Value, Note>,
  map: (value: Value) => Value,
): Program {
  return {
    ...program,
    notes,
    functions: program.functions.map((fn) => ({
      ...fn,
      results: fn.results.map((result) => ({ ...result, value: map(result.value) })),
      updates: fn.updates.map((update) => ({ ...update, value: map(update.value) })),
    })),
  };
}
