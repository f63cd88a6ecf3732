/** From a line of an emitted trainer back to the model: the value, the rule, the forward line, and the user's line. */

import type { Origin } from '../codegen/targets.ts';
import { describe, knownName } from '../ir/describe.ts';
import type { Program } from '../ir/program.ts';
import type { Role, Site, Value } from '../ir/value.ts';

export interface Provenance {
  /** A line of the trainer, counted from 1. */
  readonly line: number;
  /** The graph's value that the line stores, or that the lines around it are about, and what it is. */
  readonly value: Value;
  readonly name: string | undefined;
  readonly formula: string;
  /** Whether the line itself stores it: others are comments, loops and parts of expressions. */
  readonly stores: boolean;
  readonly role: Role;
  /** For what a gradient rule has made: the op whose rule it was, and the forward line it was applied to. */
  readonly rule: string | undefined;
  readonly of: string | undefined;
  /** The line of the model. */
  readonly site: Site | undefined;
}

export function provenanceOf(origins: readonly Origin[], { notes }: Program): readonly Provenance[] {
  const nameOf = (value: Value): string | undefined => knownName(notes, value);
  const known = new Map<Value, Omit<Provenance, 'line' | 'stores'>>();
  const about = (value: Value): Omit<Provenance, 'line' | 'stores'> => {
    const found = known.get(value);
    if (found !== undefined) return found;
    const { role = 'forward', rule, of, site } = notes.get(value) ?? {};
    const made = {
      value,
      name: nameOf(value),
      formula: describe(value, nameOf).text,
      role,
      rule,
      of: of?.(),
      site,
    };
    known.set(value, made);
    return made;
  };
  return origins.map(({ line, value, stores }) => ({ ...about(value), line, stores }));
}
