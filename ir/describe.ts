/** A value written as an expression over what has a name: for comments, messages and derivations. */

import { atom, type Notation } from './notation.ts';
import type { Op } from './op.ts';
import { opOf } from './ops/index.ts';
import type { Note, Value } from './value.ts';

/** Deeper than this a person reads no formula; the rest becomes an ellipsis. */
const maxDepth = 8;

/** The expression of `value`; operands that `nameOf` knows are written by name. */
export function describe(
  value: Value,
  nameOf: (value: Value) => string | Notation | undefined,
  depth = 0,
): Notation {
  if (depth > maxDepth) return atom('...', '\\dots');
  const operands = value.inputs.map((input) => {
    const name = nameOf(input);
    if (name === undefined) return describe(input, nameOf, depth + 1);
    return asScalar(typeof name === 'string' ? atom(name) : name, input);
  });
  return asScalar((opOf(value.op).notation as Op['notation'])(operands, value.attrs), value);
}

/** Notations know no shapes; whether something is a single number is told them here. */
const asScalar = (notation: Notation, value: Value): Notation =>
  isUniform(value) ? { ...notation, scalar: true } : notation;

/** One number, or the same number everywhere. */
const isUniform = ({ op, shape, inputs: [x] }: Value): boolean =>
  shape.length === 0 || op === 'constant' || (op === 'broadcast' && x !== undefined && isUniform(x));

/** What a value is called: by its note, or, for an input or a state, by itself. */
export function knownName(notes: ReadonlyMap<Value, Note>, value: Value): string | undefined {
  const own = typeof value.attrs.name === 'string' ? value.attrs.name : undefined;
  return notes.get(value)?.name ?? own;
}

/** A name in a text for people: as it is where it could be a variable, else quoted, so that it stays in its line. */
export const shownName = (name: string): string => (/^[\w$.]+$/.test(name) ? name : JSON.stringify(name));
