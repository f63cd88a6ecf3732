/** State that is read before a step and written after it: running statistics, moments, counters. */

import { errors } from '../../ir/errors.ts';
import type { InitSpec, StateRole } from '../../ir/program.ts';
import { sameShape, showType } from '../../ir/types.ts';
import { atCaller, checkDims, claimName, declareState, type Recording } from './recording.ts';
import type { Shape } from './shapes.ts';
import { isTensor, type Tensor, type TensorLike, wrap } from './tensor.ts';

/** An array that is remembered from step to step. */
export interface Slot<S extends Shape = Shape> {
  /** Its value before this step. */
  readonly value: Tensor<S>;
  /** What it is to be after this step; without a call it keeps its value. Evaluating and predicting change nothing. */
  set(next: TensorLike<S, 'float'>): void;
}

export interface SlotDeclaration {
  readonly role: Exclude<StateRole, 'parameter'>;
  readonly name: string;
  readonly shape: readonly number[];
  readonly init: InitSpec;
}

/** Throws located diagnostics for a name that is taken, an impossible shape or a second `set`. */
export function createSlot<S extends Shape>(
  recording: Recording,
  { role, name, shape, init }: SlotDeclaration,
): Slot<S> {
  const value = atCaller(recording, () => {
    claimName(recording, role, name);
    checkDims(`${role} "${name}"`, shape, false);
    return declareState(recording, role, name, [...shape], init);
  });
  return {
    value: wrap(recording, value, 'float'),
    set: (next) => {
      atCaller(recording, () => {
        if (!isTensor(next)) throw errors.dtype(`set of "${name}"`, String(next), 'a tensor');
        if (next.recording !== recording) throw errors.foreignTensor(`set of "${name}"`);
        if (recording.updates.some(({ state }) => state === name)) throw errors.setTwice(name);
        if (next.value.dtype !== value.dtype)
          throw errors.dtype(`set of "${name}"`, showType(next.value), 'a float');
        if (!sameShape(next.value.shape, value.shape))
          throw errors.shapesDiffer(
            `set of "${name}"`,
            showType(next.value),
            `the state, ${showType(value)},`,
          );
        recording.updates.push({ state: name, value: next.value });
      });
    },
  };
}
