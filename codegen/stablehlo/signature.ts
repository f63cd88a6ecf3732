/** What each exported function takes and gives, in order: what the text and the description beside it have in common. */

import { errors } from '../../ir/errors.ts';
import type { InputDecl, Program, ProgramFunction, StateDecl } from '../../ir/program.ts';
import type { Value } from '../../ir/value.ts';
import { scalarOf, type TensorType, typeOf } from './tensors.ts';

export type FunctionName = ProgramFunction['name'];

export interface Argument {
  /** `t` counts the steps from 0. */
  readonly kind: 'state' | 'column' | 't' | 'seed';
  readonly name: string;
  readonly type: TensorType;
}

export interface Result {
  readonly kind: 'state' | 'result';
  readonly name: string;
  readonly type: TensorType;
  /** What is to be computed; a state that no update changes is given back as it was. */
  readonly value: Value | undefined;
}

export interface Signature {
  readonly arguments: readonly Argument[];
  readonly results: readonly Result[];
}

/** The step gives all of the state back, in its order, and then what it reports. */
export function signatureOf(program: Program, name: FunctionName, batch: number): Signature {
  const fn = program.functions.find((candidate) => candidate.name === name);
  if (fn === undefined) throw errors.invalid(`the program has no function ${name}`);
  const updates = new Map(fn.updates.map(({ state, value }) => [state, value]));
  const states = name === 'step' ? program.states : [];
  return {
    arguments: [
      ...program.states.map((state) => stateArgument(state)),
      ...program.inputs
        .filter(({ role }) => name !== 'predict' || role === 'input')
        .map((input) => columnArgument(input, batch)),
      { kind: 't', name: 't', type: scalarOf('i32') },
      { kind: 'seed', name: 'seed', type: scalarOf('i32') },
    ],
    results: [
      ...states.map(
        (state): Result => ({ ...stateArgument(state), kind: 'state', value: updates.get(state.name) }),
      ),
      ...fn.results.map(
        (result): Result => ({
          kind: 'result',
          name: result.name,
          type: numeric(typeOf(result.value, batch)),
          value: result.value,
        }),
      ),
    ],
  };
}

/** Bools come out as numbers, as they do from every trainer. */
const numeric = (type: TensorType): TensorType => (type.dtype === 'bool' ? { ...type, dtype: 'i32' } : type);

const stateArgument = ({ name, shape, dtype }: StateDecl): Argument => ({
  kind: 'state',
  name,
  type: { shape, dtype },
});

const columnArgument = (input: InputDecl, batch: number): Argument => ({
  kind: 'column',
  name: input.name,
  type: typeOf(input, batch),
});
