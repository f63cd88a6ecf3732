/** Which expressions can be computed for four neighbouring elements at once. */

import { strideOf } from './affine.ts';
import { type Index, offsetOf } from './index-expr.ts';
import type { Statement } from './kernel.ts';
import type { Scalar } from './scalar.ts';
import type { Value } from './value.ts';
import { expressionsOf, loadsOf, partsOf } from './walk.ts';

const shifts: ReadonlySet<string> = new Set(['shiftLeft', 'shiftRight', 'shiftRightUnsigned']);

/** True when each part of `scalar` reads the same element or its neighbour as `variable` moves on; `known` parts aside. */
export const fitsLanes = (scalar: Scalar, variable: string, known?: Scalar): boolean =>
  known === scalar || partsOf([scalar]).every((part) => part === known || isPart(part, variable, known));

function isPart(part: Scalar, variable: string, known: Scalar | undefined): boolean {
  if (part.dtype === 'f64') return false;
  switch (part.kind) {
    case 'number':
    case 'batch':
    case 'local':
      return true;
    case 'index':
      return strideOf(part.index, variable) !== undefined;
    case 'load': {
      // What a sum that is there already was made of is not read again.
      if (known?.kind === 'reduce' && partsOf([known]).includes(part)) return true;
      const stride = strideOf(offsetOf(part.index, part.from.shape), variable);
      return stride === 0 || stride === 1;
    }
    case 'apply':
      return !shifts.has(part.fn) || part.args[1]?.kind === 'number';
    case 'reduce':
      return false;
  }
}

/** Whether four turns of the loop can be made at once: each turn writes its own elements and reads no other's. */
export function isLoopOverLanes({
  variable,
  from,
  step,
  to,
  body,
}: Extract<Statement, { kind: 'for' }>): boolean {
  if (step !== 1 || from.extent !== 0) return false;
  if (typeof to.extent === 'number' && to.extent * (to.times ?? 1) < 4) return false;
  const written = new Map<Value, string>();
  for (const statement of body) {
    if (statement.kind === 'let' && !statement.mutable) continue;
    if (statement.kind !== 'store') return false;
    const offset = offsetOf(statement.index, statement.to.shape);
    const { dtype } = statement.to;
    if ((dtype !== 'f32' && dtype !== 'i32') || strideOf(offset, variable) !== 1) return false;
    const key = accessKey(statement.to, statement.index);
    if (written.has(statement.to) && written.get(statement.to) !== key) return false;
    written.set(statement.to, key);
  }
  const expressions = body.flatMap(expressionsOf);
  if (written.size === 0 || !expressions.every((x) => fitsLanes(x, variable))) return false;
  return loadsOf(expressions).every(({ from: value, index }) => {
    const own = written.get(value);
    return own === undefined || own === accessKey(value, index);
  });
}

/** Equal for accesses to one element. */
export const accessKey = (value: Value, index: readonly Index[]): string =>
  `${value.id}:${JSON.stringify(offsetOf(index, value.shape))}`;
