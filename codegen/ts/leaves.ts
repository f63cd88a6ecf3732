/** What a block reads from outside of the arena's intermediate values. */

import type { Statement } from '../../ir/kernel.ts';
import { type Scalar, scalarInputs } from '../../ir/scalar.ts';
import type { Value } from '../../ir/value.ts';

/** Inputs and states that `statements` load, in order of id. */
export function loadedLeaves(statements: readonly Statement[]): Value[] {
  const found = new Set<Value>();
  const seen = new Set<Scalar>();
  const read = (scalar: Scalar): void => {
    if (seen.has(scalar)) return;
    seen.add(scalar);
    if (scalar.kind === 'load' && (scalar.from.op === 'input' || scalar.from.op === 'state'))
      found.add(scalar.from);
    for (const input of scalarInputs(scalar)) read(input);
  };
  const walk = (statement: Statement): void => {
    if (statement.kind === 'for' || statement.kind === 'if') statement.body.forEach(walk);
    if (statement.kind === 'if') read(statement.condition);
    if (statement.kind !== 'for' && statement.kind !== 'if' && statement.kind !== 'fill')
      read(statement.value);
  };
  statements.forEach(walk);
  return [...found].sort((a, b) => a.id - b.id);
}
