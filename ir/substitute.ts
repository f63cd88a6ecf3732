/** Replaces values of a graph by others: how one model gets several variants. */

import type { Builder } from './builder.ts';
import { errors } from './errors.ts';
import { isOpName } from './ops/index.ts';
import { reachable, type Value } from './value.ts';

/** `deep`: values are replaced in it as well. `final`: it is taken as it stands. `around`: made of what stands there. */
export type Replacement =
  | { readonly mode: 'deep' | 'final'; readonly value: Value }
  | { readonly mode: 'around'; readonly wrap: (value: Value) => Value };

export interface SubstituteOptions {
  /** Must have been made before the value it replaces where it is `deep`. */
  readonly replacementOf: (value: Value) => Replacement | undefined;
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
    if (!replacement || replacement.mode === 'around') return value.inputs;
    return replacement.mode === 'deep' ? [replacement.value] : [];
  };
  const map = new Map<Value, Value>();
  const mapped = (value: Value): Value => {
    const found = map.get(value);
    if (!found) throw errors.invalid(`${value.op} is read before it is substituted`);
    return found;
  };
  const replaced = (value: Value): Value => {
    const replacement = replacementOf(value);
    if (replacement?.mode === 'final') return replacement.value;
    if (replacement?.mode === 'deep') return mapped(replacement.value);
    const { name: _, ...unnamed } = o.noteOf(value);
    return o.within(unnamed, () => {
      const inputs = value.inputs.map(mapped);
      const same = inputs.every((input, i) => input === value.inputs[i]) ? value : copy(o, value, inputs);
      return replacement?.mode === 'around' ? replacement.wrap(same) : same;
    });
  };
  for (const value of reachable(roots, sources)) {
    const result = replaced(value);
    const { name, ...note } = o.noteOf(value);
    if (result !== value)
      o.annotate(result, nameless.has(result) || name === undefined ? note : { ...note, name });
    map.set(value, result);
  }
  return mapped;
}

/** The same op on other inputs. */
export function copy(o: Builder, { op, attrs }: Value, inputs: readonly Value[]): Value {
  if (!isOpName(op)) throw errors.invalid(`there is no op "${op}"`);
  return o.make(op, inputs, attrs);
}
