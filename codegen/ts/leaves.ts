/** What a block reads from outside of the arena's intermediate values. */

import type { Statement } from '../../ir/kernel.ts';
import type { Value } from '../../ir/value.ts';
import { loadsIn } from '../../ir/walk.ts';

/** Inputs and states that `statements` load, in order of id. */
export function loadedLeaves(statements: readonly Statement[]): Value[] {
  const loaded = new Set(loadsIn(statements).map(({ from }) => from));
  return [...loaded].filter(({ op }) => op === 'input' || op === 'state').sort((a, b) => a.id - b.id);
}

/** The step number and the seed come with each call, not with the data. */
export const isCallScalar = (value: Value, name: 'step' | 'seed'): boolean =>
  value.op === 'input' && value.shape.length === 0 && value.attrs.name === name;
