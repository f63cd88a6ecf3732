/**
 * Purpose: apply equations bottom-up until none applies.
 * Needs: shield; runs before differentiation (so that losses find their stable form) and after.
 * Ensures: equal values are one value; gradients of cross-entropies have the form (p - y) / m.
 */

import { type Builder, createBuilder } from '../ir/builder.ts';
import { opNames } from '../ir/ops/index.ts';
import type { Program } from '../ir/program.ts';
import type { Value } from '../ir/value.ts';
import { simplifyEquations, simplifyRules } from './equations/index.ts';
import type { Rule } from './equations/movement.ts';
import type { GraphPass } from './pass.ts';
import { type Equation, instantiate, match } from './pattern.ts';
import { rebuild } from './rebuild.ts';

export const simplify: GraphPass = {
  name: 'simplify',
  doc: 'Rewrites values by equations, from the inputs up, until none applies.',
  needs: ['shield'],
  removes: [],
  run: (program) => simplifyWith(program, simplifyRules, simplifyEquations),
};

/** Longest chain of rewrites at one value; a cycle among equations would otherwise not end. */
const maxDepth = 64;

/** Called with the name of each equation that fires. */
export type Trace = (name: string, from: Value, to: Value) => void;

export function simplifyWith(
  program: Program,
  rules: readonly Rule[],
  equations: readonly Equation[],
  trace?: Trace,
): Program {
  const candidates = byRoot(rules, equations);
  let depth = 0;
  const rewrite = (value: Value, o: Builder): Value => {
    if (depth >= maxDepth) return value;
    depth++;
    try {
      for (const candidate of candidates.get(value.op) ?? []) {
        const better = candidate.apply(o, value, program);
        if (!better || better === value) continue;
        o.annotate(better, o.noteOf(value));
        trace?.(candidate.name, value, better);
        return better;
      }
      return value;
    } finally {
      depth--;
    }
  };
  return rebuild(program, createBuilder(program.float, rewrite));
}

type Candidate = Pick<Rule, 'name' | 'apply'>;

/** Candidates by the op at the root of what they rewrite: those for that op first, then those for any. */
function byRoot(
  rules: readonly Rule[],
  equations: readonly Equation[],
): ReadonlyMap<string, readonly Candidate[]> {
  const table = new Map<string, Candidate[]>(opNames.map((op) => [op, []]));
  for (const rule of rules) for (const root of rule.roots ?? []) table.get(root)?.push(rule);
  for (const { name, left, right } of equations) {
    if (left.kind !== 'op') continue;
    table.get(left.op)?.push({
      name,
      apply(o, value) {
        const bindings = match(left, value);
        return bindings && instantiate(right, bindings, o, value);
      },
    });
  }
  for (const rule of rules) if (!rule.roots) for (const list of table.values()) list.push(rule);
  return table;
}
