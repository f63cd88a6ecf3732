/** The named values of a program as formulas over each other. */

import { describe, knownName } from '../../ir/describe.ts';
import type { Notation } from '../../ir/notation.ts';
import { type Program, rootsOf, valuesOf } from '../../ir/program.ts';
import { consumersOf, reachable, type Site, type Value } from '../../ir/value.ts';
import { gradientName, named } from './tex-names.ts';

export interface Formulas {
  /** The names of gradients, with those of what they are gradients at. */
  readonly gradients: ReadonlyMap<string, string>;
  /** Every named value that is computed, in the order of computation. */
  readonly named: ReadonlyMap<string, Value>;
  /** Inputs and states. */
  leaves(): Iterable<Value>;
  nameOf(value: Value): string | undefined;
  /** The name of a value in TeX. */
  symbol(value: Value): string;
  /** What a value is, in terms of other named values. */
  formula(value: Value): Notation;
  siteOf(value: Value): Site | undefined;
  /** Everything that the loss is computed from, and the loss. */
  readonly lossPath: ReadonlySet<Value>;
  /** What else has a name and is computed from `value` without another name between. */
  readersOf(value: Value): readonly Value[];
}

/** So deep a formula is written out before an ellipsis; comments, which have one line, are cut earlier. */
const deeper = -10;

export function formulasOf(program: Program): Formulas {
  const step = program.functions.find(({ name }) => name === 'step');
  const values = step === undefined ? valuesOf(program) : reachable(rootsOf(step));
  const { notes } = program;
  const nameOf = (value: Value): string | undefined => knownName(notes, value);
  const isBackward = (value: Value): boolean => notes.get(value)?.role === 'backward';
  const names = new Set(values.flatMap((value) => nameOf(value) ?? []));
  const byGradient = new Map([...names].map((name) => [gradientName(name), name]));
  const atOf = (value: Value): string | undefined =>
    isBackward(value) ? byGradient.get(nameOf(value) ?? '') : undefined;
  const notation = (value: Value): Notation | undefined => {
    const name = nameOf(value);
    return name === undefined ? undefined : named(name, value, atOf(value));
  };
  const readers = consumersOf(values);
  const isComputed = ({ op }: Value): boolean => !['constant', 'input', 'state'].includes(op);
  const computed = new Map(
    values.flatMap((value) => {
      const name = nameOf(value);
      return name === undefined || !isComputed(value) ? [] : [[name, value] as const];
    }),
  );
  const loss = computed.get('loss');
  return {
    gradients: new Map(
      values.flatMap((value) => {
        const [name, at] = [nameOf(value), atOf(value)];
        return name === undefined || at === undefined ? [] : [[name, at] as const];
      }),
    ),
    named: computed,
    lossPath: new Set(loss === undefined ? [] : reachable([loss])),
    leaves: () => values.filter(({ op }) => op === 'input' || op === 'state'),
    nameOf,
    symbol: (value) => notation(value)?.tex ?? '?',
    formula: (value) => describe(value, notation, deeper),
    siteOf: (value) => notes.get(value)?.site,
    readersOf(value) {
      const found = new Set<Value>();
      const seen = new Set<Value>();
      for (const stack = [...(readers.get(value) ?? [])]; stack.length > 0; ) {
        const reader = stack.pop();
        if (reader === undefined || seen.has(reader)) continue;
        seen.add(reader);
        if (nameOf(reader) !== undefined) found.add(reader);
        else stack.push(...(readers.get(reader) ?? []));
      }
      return [...found].sort((a, b) => b.id - a.id);
    },
  };
}
