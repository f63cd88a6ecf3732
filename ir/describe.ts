/** A value written as an expression over what has a name: for comments, messages and derivations. */

import { atom, type Notation } from './notation.ts';
import type { Op } from './op.ts';
import { opOf } from './ops/index.ts';
import type { Value } from './value.ts';

/** Deeper than this a person reads no formula; the rest becomes an ellipsis. */
const maxDepth = 8;

/** The expression of `value`; operands that `nameOf` knows are written by name. */
export function describe(value: Value, nameOf: (value: Value) => string | undefined, depth = 0): Notation {
  if (depth > maxDepth) return atom('...', '\\dots');
  const operands = value.inputs.map((input) => {
    const name = nameOf(input);
    return name === undefined ? describe(input, nameOf, depth + 1) : atom(name);
  });
  return (opOf(value.op).notation as Op['notation'])(operands, value.attrs);
}

/** A name in a text for people: as it is where it could be a variable, else quoted, so that it stays in its line. */
export const shownName = (name: string): string => (/^[\w$.]+$/.test(name) ? name : JSON.stringify(name));
