/** Replaces leaves of a graph by other values of it: how one model gets several variants. */

import type { Builder } from './builder.ts';
import { errors } from './errors.ts';
import { isOpName } from './ops/index.ts';
import { reachable, type Value } from './value.ts';

export interface Replacement {
  readonly value: Value;
  /** `deep`: leaves are replaced in `value` as well. `final`: it is taken as it stands. */
  readonly mode: 'deep' | 'final';
}

export interface SubstituteOptions {
  /** Must have been made before the leaf where it is `deep`. */
  readonly replacementOf: (leaf: Value) => Replacement | undefined;
  /** Values that do not take over the name of what they stand for, because they stand for something else already. */
  readonly nameless?: ReadonlySet<Value>;
}

/** The values that `roots` become. Notes follow; what reaches no replaced leaf stays the same value. */
export function substitute(
  o: Builder,
  roots: Iterable<Value>,
  { replacementOf, nameless = new Set() }: SubstituteOptions,
): (root: Value) => Value {
  const sources = (value: Value): readonly Value[] => {
    const replacement = replacementOf(value);
    if (!replacement) return value.inputs;
    return replacement.mode === 'deep' ? [replacement.value] : [];
  };
  const map = new Map<Value, Value>();
  const mapped = (value: Value): Value => {
    const found = map.get(value);
    if (!found) throw errors.invalid(`${value.op} is read before it is substituted`);
    return found;
  };
  for (const value of reachable(roots, sources)) {
    const replacement = replacementOf(value);
    const result = replacement
      ? replacement.mode === 'deep'
        ? mapped(replacement.value)
        : replacement.value
      : remake(o, value, value.inputs.map(mapped));
    const { name, ...note } = o.noteOf(value);
    if (result !== value)
      o.annotate(result, nameless.has(result) || name === undefined ? note : { ...note, name });
    map.set(value, result);
  }
  return mapped;
}

function remake(o: Builder, value: Value, inputs: readonly Value[]): Value {
  if (inputs.every((input, i) => input === value.inputs[i])) return value;
  const { op } = value;
  if (!isOpName(op)) throw errors.invalid(`there is no op "${op}"`);
  const { name: _, ...unnamed } = o.noteOf(value);
  return o.within(unnamed, () => o.make(op, inputs, value.attrs));
}
