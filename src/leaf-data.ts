/** What the leaves of a program hold when it is evaluated on the data of a trainer. */

import { errors } from '../ir/errors.ts';
import type { Value } from '../ir/value.ts';
import type { Batch, State } from './runtime/module.ts';

/** The numbers of an input or a state, by its value in the graph. */
export type Leaf = (value: Value) => ArrayLike<number>;

/** A batch, the state, and the two numbers of a call, which alone have no axis of samples. */
export function leafOf(columns: Batch, state: State, t: number, seed: number): Leaf {
  return ({ op, attrs, shape }) => {
    const name = String(attrs.name);
    if (op === 'input' && shape.length === 0) return [name === 'seed' ? seed | 0 : t];
    const found = op === 'state' ? state[name] : columns[name];
    if (!found) throw errors.invalid(`there are no data for ${name}`);
    return found;
  };
}
