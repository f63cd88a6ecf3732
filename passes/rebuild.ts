/** Copies a program value by value into a new builder: the walk that all graph passes share. */

import type { Builder } from '../ir/builder.ts';
import { errors } from '../ir/errors.ts';
import { mapRoots, type Program, valuesOf } from '../ir/program.ts';
import { copy } from '../ir/substitute.ts';
import type { Value } from '../ir/value.ts';

/** Looks up the new value of an old one. */
export type Renamed = (old: Value) => Value;

/**
 * Rebuilds `program` with `o`, inputs first. `replace` may return another value for an old one;
 * otherwise it is copied. Notes follow their values; what nothing needs is left behind.
 */
export function rebuild(
  program: Program,
  o: Builder,
  replace: (old: Value, renamed: Renamed) => Value | undefined = () => undefined,
): Program {
  const map = new Map<Value, Value>();
  const renamed: Renamed = (old) => {
    const value = map.get(old);
    if (!value) throw errors.invalid(`${old.op} is read before it is built`);
    return value;
  };
  for (const old of valuesOf(program)) {
    const note = program.notes.get(old) ?? { role: 'forward' };
    const { name: _, ...unnamed } = note; // a name belongs to the result alone, not to what is made on the way
    const value = o.within(unnamed, () => replace(old, renamed) ?? copy(o, old, old.inputs.map(renamed)));
    o.annotate(value, note);
    map.set(old, value);
  }
  return mapRoots(program, o.notes, renamed);
}
