/** What the same value is called at every stage, so that panes and stages can be linked. */

import { knownName } from '../../ir/describe.ts';
import { type Program, valuesOf } from '../../ir/program.ts';
import { reachable, showAttrs, type Value } from '../../ir/value.ts';
import type { Key } from './inspection.ts';

/** Keys of one program's values, those that were made on the way included. */
export type KeyOf = (value: Value) => Key;

export interface Keys {
  of(program: Program): KeyOf;
}

/**
 * A value with a name is called by it, whatever it is made of at this stage; any other by its op and the keys of its
 * inputs. So a value keeps its key when something is changed beneath a name, and gets another when it is rewritten.
 */
export function createKeys(): Keys {
  const numbers = new Map<string, Key>();
  const numbered = (signature: string): Key => {
    const known = numbers.get(signature) ?? `%${numbers.size}`;
    numbers.set(signature, known);
    return known;
  };
  return {
    of(program) {
      const keys = namedKeys(program);
      const done = ({ inputs }: Value): readonly Value[] => inputs.filter((input) => !keys.has(input));
      return (value) => {
        if (!keys.has(value))
          for (const one of reachable([value], done)) {
            const name = knownName(program.notes, one);
            const key = name ?? numbered(signatureOf(one, (input) => keys.get(input) ?? '?'));
            if (!keys.has(one)) keys.set(one, key);
          }
        return keys.get(value) ?? '?';
      };
    },
  };
}

/** The op with its attributes and operands, the operands by their keys. */
export const signatureOf = ({ op, attrs, inputs, shape, dtype }: Value, keyOf: KeyOf): string =>
  `${op}{${showAttrs(attrs)}}(${inputs.map(keyOf).join(' ')}) ${dtype}[${shape.join()}]`;

/** The next value of a state is called like the state: it gets a prime, as in mathematics. */
function namedKeys(program: Program): Map<Value, Key> {
  const keys = new Map<Value, Key>();
  const taken = new Set<Key>();
  for (const value of valuesOf(program)) {
    const name = knownName(program.notes, value);
    if (name === undefined) continue;
    let key = name;
    while (taken.has(key)) key += '′';
    taken.add(key);
    keys.set(value, key);
  }
  return keys;
}
