/** Turns scalar expressions into statements: reductions become loops over an accumulator, shared parts become variables. */

import { indexVars } from '../ir/index-expr.ts';
import type { Statement } from '../ir/kernel.ts';
import type { Reduce, Scalar } from '../ir/scalar.ts';
import type { DType } from '../ir/types.ts';
import { partsOf } from '../ir/walk.ts';
import { nestLoops } from './loops.ts';

/** Variables of one block: names are never used twice. */
export interface Names {
  fresh(stem: string): string;
}

export function createNames(): Names {
  const used = new Map<string, number>();
  return {
    fresh(stem) {
      const count = (used.get(stem) ?? 0) + 1;
      used.set(stem, count);
      return count === 1 ? stem : `${stem}${count}`;
    },
  };
}

export const local = (name: string, dtype: DType): Scalar => ({ kind: 'local', name, dtype });

/** A pure expression equal to `scalar`; what must come before it is appended to `into`. */
export function toExpression(
  scalar: Scalar,
  names: Names,
  into: Statement[],
  known = new Map<Scalar, Scalar>(),
): Scalar {
  const counts = countUses(scalar);
  const visit = (node: Scalar): Scalar => {
    const before = known.get(node);
    if (before) return before;
    const result = spell(node);
    // Loads and numbers are cheap to repeat; anything computed is not.
    const shared = (counts.get(node) ?? 0) > 1 && node.kind === 'apply';
    if (!shared) {
      known.set(node, result);
      return result;
    }
    const name = names.fresh('t');
    into.push({ kind: 'let', name, value: result, mutable: false });
    const variable = local(name, node.dtype);
    known.set(node, variable);
    return variable;
  };
  const spell = (node: Scalar): Scalar => {
    if (node.kind === 'reduce') return accumulate(node, names, into, known);
    if (node.kind !== 'apply') return node;
    return { ...node, args: node.args.map(visit) };
  };
  return visit(scalar);
}

/** How often each node is read, within one loop level: a reduction's body is a level of its own. */
function countUses(root: Scalar): ReadonlyMap<Scalar, number> {
  const counts = new Map<Scalar, number>();
  const visit = (node: Scalar): void => {
    counts.set(node, (counts.get(node) ?? 0) + 1);
    if (counts.get(node) === 1 && node.kind === 'apply') for (const arg of node.args) visit(arg);
  };
  visit(root);
  return counts;
}

/** The loop of a reduction, appended to `into`; its result as an expression. */
function accumulate(
  node: Reduce,
  names: Names,
  into: Statement[],
  known: ReadonlyMap<Scalar, Scalar>,
): Scalar {
  if (node.reduce === 'argmax') return accumulateArgmax(node, names, into, known);
  const body: Statement[] = [];
  const name = names.fresh(node.reduce === 'sum' ? 'sum' : 'max');
  const total = local(name, node.dtype);
  const start: Scalar = node.start ?? {
    kind: 'number',
    value: node.reduce === 'sum' ? 0 : lowest(node.dtype),
    dtype: node.dtype,
  };
  const element = toExpression(node.body, names, body, new Map(known));
  const fn = node.reduce === 'sum' ? 'add' : 'max';
  body.push({ kind: 'set', name, value: { kind: 'apply', fn, args: [total, element], dtype: node.dtype } });
  into.push({ kind: 'let', name, value: start, mutable: true }, ...nestLoops([node.over], body));
  return total;
}

function accumulateArgmax(
  node: Reduce,
  names: Names,
  into: Statement[],
  known: ReadonlyMap<Scalar, Scalar>,
): Scalar {
  const { dtype } = node.body;
  const [largest, best, candidate] = [names.fresh('largest'), names.fresh('best'), names.fresh('candidate')];
  const body: Statement[] = [];
  const element = toExpression(node.body, names, body, new Map(known));
  const position: Scalar =
    node.over.kind === 'const'
      ? { kind: 'number', value: 0, dtype: 'i32' }
      : { kind: 'index', index: node.over, dtype: 'i32' };
  body.push(
    { kind: 'let', name: candidate, value: element, mutable: false },
    {
      kind: 'if',
      condition: {
        kind: 'apply',
        fn: 'less',
        args: [local(largest, dtype), local(candidate, dtype)],
        dtype: 'bool',
      },
      body: [
        { kind: 'set', name: largest, value: local(candidate, dtype) },
        { kind: 'set', name: best, value: position },
      ],
    },
  );
  into.push(
    { kind: 'let', name: largest, value: { kind: 'number', value: lowest(dtype), dtype }, mutable: true },
    { kind: 'let', name: best, value: { kind: 'number', value: 0, dtype: 'i32' }, mutable: true },
    ...nestLoops([node.over], body),
  );
  return local(best, 'i32');
}

const lowest = (dtype: DType): number => (dtype === 'i32' ? -(2 ** 31) : Number.NEGATIVE_INFINITY);

/** The loop variables that an expression depends on. */
export function scalarVars(scalar: Scalar): ReadonlySet<string> {
  const vars = new Set<string>();
  for (const part of partsOf([scalar])) {
    if (part.kind === 'load') for (const index of part.index) indexVars(index, vars);
    else if (part.kind === 'index') indexVars(part.index, vars);
  }
  return vars;
}

/** Every reduction in an expression. */
export const reductionsIn = (scalar: Scalar): Reduce[] =>
  partsOf([scalar]).filter((part): part is Reduce => part.kind === 'reduce');

/** `scalar` with some parts replaced: those for which `replace` gives something. Sharing is kept. */
export function mapScalar(
  scalar: Scalar,
  replace: (node: Scalar) => Scalar | undefined,
  done = new Map<Scalar, Scalar>(),
): Scalar {
  const known = done.get(scalar);
  if (known) return known;
  const go = (node: Scalar): Scalar => mapScalar(node, replace, done);
  const replaced = replace(scalar);
  const result =
    replaced ??
    (scalar.kind === 'apply'
      ? { ...scalar, args: scalar.args.map(go) }
      : scalar.kind === 'reduce'
        ? { ...scalar, body: go(scalar.body) }
        : scalar);
  done.set(scalar, result);
  return result;
}
