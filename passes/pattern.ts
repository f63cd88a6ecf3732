/** Equations as data: both sides are patterns over the op algebra, matched and instantiated by one engine. */

import type { Algebra, Builder } from '../ir/builder.ts';
import { errors } from '../ir/errors.ts';
import { opNames, opOf } from '../ir/ops/index.ts';
import type { Dim } from '../ir/types.ts';
import type { Attrs, AttrValue, Value } from '../ir/value.ts';

export type Pattern =
  | { readonly kind: 'variable'; readonly name: VariableName }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'op'; readonly op: string; readonly args: readonly Pattern[]; readonly attrs: Attrs };

const variableNames = ['w', 'x', 'y', 'z'] as const;
type VariableName = (typeof variableNames)[number];

/** What an equation may mention: terms, and the axes and sizes of movements and reductions. */
export interface Variables<T> {
  readonly w: T;
  readonly x: T;
  readonly y: T;
  readonly z: T;
  readonly axes: readonly number[];
  readonly dims: readonly Dim[];
}

/** `(o, { x, y }) => [left, right]`: rewritten from left to right. */
export type Sides = <T>(o: Algebra<T>, variables: Variables<T>) => readonly [T, T | number];

/** `exact`: equal in every bit for all inputs. `finite`: equal up to rounding where both sides are finite. */
export type Exactness = 'exact' | 'finite';

export interface Equation {
  readonly name: string;
  readonly exactness: Exactness;
  readonly left: Pattern;
  readonly right: Pattern;
}

/** Stand-ins for attributes in patterns, recognised by identity. */
const anyAxes: readonly number[] = [];
const anyDims: readonly Dim[] = [];

export interface Bindings {
  readonly terms: ReadonlyMap<string, Value>;
  readonly axes: readonly number[] | undefined;
  readonly dims: AttrValue | undefined;
}

const none: Bindings = { terms: new Map(), axes: undefined, dims: undefined };

const toPattern = (term: Pattern | number): Pattern =>
  typeof term === 'number' ? { kind: 'number', value: term } : term;

const isPattern = (term: Pattern | number | Attrs | undefined): term is Pattern | number =>
  typeof term === 'number' || (term !== undefined && typeof term.kind === 'string');

function patternAlgebra(): Algebra<Pattern> {
  const method =
    (op: string) =>
    (...terms: readonly (Pattern | number | Attrs)[]): Pattern => {
      const { arity } = opOf(op);
      const attrs = terms[arity];
      const args = terms.slice(0, arity).filter(isPattern).map(toPattern);
      return { kind: 'op', op, args, attrs: attrs !== undefined && !isPattern(attrs) ? attrs : {} };
    };
  const entries: Iterable<readonly unknown[]> = opNames.map((op) => [op, method(op)]);
  return Object.fromEntries(entries);
}

const variable = (name: VariableName): Pattern => ({ kind: 'variable', name });

/** Reads equations, one per line of `table`, named by their text. */
export function equations(exactness: Exactness, table: Readonly<Record<string, Sides>>): readonly Equation[] {
  const o = patternAlgebra();
  const variables: Variables<Pattern> = {
    w: variable('w'),
    x: variable('x'),
    y: variable('y'),
    z: variable('z'),
    axes: anyAxes,
    dims: anyDims,
  };
  return Object.entries(table).map(([name, sides]) => {
    const [left, right] = sides(o, variables);
    return { name, exactness, left, right: toPattern(right) };
  });
}

const commutative: ReadonlySet<string> = new Set(['add', 'mul', 'maximum', 'minimum', 'equal', 'and', 'or']);

type Continue = (bindings: Bindings) => Bindings | undefined;

/** The bindings under which `pattern` is `value`, trying both orders of commutative operands. */
export const match = (pattern: Pattern, value: Value): Bindings | undefined =>
  mayMatch(pattern, value) ? matchTerm(pattern, value, none, (bindings) => bindings) : undefined;

/** A quick look at the ops one level down, which rules out most values before anything is bound. */
const mayMatch = (pattern: Pattern, value: Value): boolean =>
  pattern.kind !== 'op' ||
  (pattern.op === value.op &&
    pattern.args.every((arg) => {
      const op = arg.kind === 'op' ? arg.op : arg.kind === 'number' ? 'constant' : undefined;
      return op === undefined || value.inputs.some((input) => input.op === op);
    }));

function matchTerm(pattern: Pattern, value: Value, bound: Bindings, next: Continue): Bindings | undefined {
  if (pattern.kind === 'variable') {
    const known = bound.terms.get(pattern.name);
    if (known) return known === value ? next(bound) : undefined;
    return next({ ...bound, terms: new Map(bound.terms).set(pattern.name, value) });
  }
  if (pattern.kind === 'number') {
    return value.op === 'constant' && Object.is(value.attrs.value, pattern.value) ? next(bound) : undefined;
  }
  if (value.op !== pattern.op) return undefined;
  const withAttrs = matchAttrs(pattern.attrs, value.attrs, bound);
  if (!withAttrs) return undefined;
  const straight = matchAll(pattern.args, value.inputs, withAttrs, next);
  if (straight || !commutative.has(value.op)) return straight;
  return matchAll(pattern.args, [...value.inputs].reverse(), withAttrs, next);
}

function matchAll(
  patterns: readonly Pattern[],
  values: readonly Value[],
  bound: Bindings,
  next: Continue,
): Bindings | undefined {
  const [pattern, ...patternsLeft] = patterns;
  const [value, ...valuesLeft] = values;
  if (!pattern || !value) return next(bound);
  return matchTerm(pattern, value, bound, (b) => matchAll(patternsLeft, valuesLeft, b, next));
}

const sameList = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function matchAttrs(wanted: Attrs, found: Attrs, bound: Bindings): Bindings | undefined {
  let result = bound;
  for (const [name, attr] of Object.entries(wanted)) {
    const value = found[name];
    if (attr === anyAxes && Array.isArray(value)) {
      if (result.axes && !sameList(result.axes, value)) return undefined;
      result = { ...result, axes: value.map(Number) };
    } else if (attr === anyDims && value !== undefined) {
      if (result.dims && !sameList(result.dims, value)) return undefined;
      result = { ...result, dims: value };
    } else if (!sameList(attr, value)) return undefined;
  }
  return result;
}

/** Builds `pattern` with the terms that `bindings` holds; `like` gives a bare number its type. */
export function instantiate(pattern: Pattern, bindings: Bindings, o: Builder, like: Value): Value {
  const term = build(pattern, bindings, o);
  return typeof term === 'number' ? o.fill(like, term) : o.stretch(term, like.shape);
}

function build(pattern: Pattern, bindings: Bindings, o: Builder): Value | number {
  if (pattern.kind === 'number') return pattern.value;
  if (pattern.kind === 'variable') {
    const value = bindings.terms.get(pattern.name);
    if (!value) throw errors.invalid(`an equation uses ${pattern.name} on the right only`);
    return value;
  }
  const attrs: Record<string, AttrValue> = {};
  for (const [name, attr] of Object.entries(pattern.attrs)) {
    attrs[name] = attr === anyAxes ? (bindings.axes ?? []) : attr === anyDims ? (bindings.dims ?? []) : attr;
  }
  const args = pattern.args.map((arg) => build(arg, bindings, o));
  const method: unknown = Reflect.get(o, pattern.op);
  if (typeof method !== 'function') throw errors.invalid(`there is no op "${pattern.op}"`);
  return Object.keys(attrs).length > 0 ? method(...args, attrs) : method(...args);
}
