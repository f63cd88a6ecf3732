/** A value of the graph: one application of one op, immutable, shared by everything equal to it. */

import type { DType, Shape } from './types.ts';

export type AttrValue = string | number | boolean | readonly (string | number)[];
export type Attrs = { readonly [name: string]: AttrValue };
/** A list attribute; empty when it is absent. */
export const listOf = (attr: AttrValue | undefined): readonly (string | number)[] =>
  typeof attr === 'object' ? attr : [];

/** A list attribute as numbers; empty when it is absent. */
export const numberList = (attr: AttrValue | undefined): number[] => listOf(attr).map(Number);

/** For ops without attributes. */
export type NoAttrs = { readonly [K in never]: never };

export interface Value {
  /** Creation order, which is a topological order: inputs have smaller ids. */
  readonly id: number;
  readonly op: string;
  readonly inputs: readonly Value[];
  readonly attrs: Attrs;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Where in the user's model a value was written. */
export interface Site {
  readonly file: string;
  readonly line: number;
}

export type Role = 'forward' | 'backward' | 'update';

/** What is known about a value besides its meaning: for names, comments and diagnostics. */
export interface Note {
  readonly name?: string;
  /** What a library function calls its value, where the user gives it no name. */
  readonly hint?: string;
  readonly role: Role;
  readonly site?: Site;
  /** For a backward value: the op whose gradient rule made it. */
  readonly rule?: string;
  /** For a backward value: what the forward line computes, as text, which is long work for what is seldom asked. */
  readonly of?: () => string;
}

/**
 * Every value that `roots` need, inputs first (by id). `inputsOf` may see other inputs, of smaller ids, than a value
 * has. Iterative: graphs are 10,000 values deep.
 */
export function reachable(
  roots: Iterable<Value>,
  inputsOf: (value: Value) => readonly Value[] = ({ inputs }) => inputs,
): Value[] {
  const seen = new Set<Value>();
  const stack = [...roots];
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (seen.has(value)) continue;
    seen.add(value);
    for (const input of inputsOf(value)) stack.push(input);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}

/** For each value of `values`, the values among them that read it (once per operand position). */
export function consumersOf(values: readonly Value[]): Map<Value, Value[]> {
  const consumers = new Map<Value, Value[]>(values.map((value) => [value, []]));
  for (const value of values) for (const input of value.inputs) consumers.get(input)?.push(value);
  return consumers;
}

/** An attribute in text that parses back to the same bits. */
export function showAttr(attr: AttrValue): string {
  if (typeof attr === 'number') return Object.is(attr, -0) ? '-0' : String(attr);
  if (typeof attr === 'object') return `[${attr.map(showAttr).join(', ')}]`;
  return JSON.stringify(attr);
}

export function showAttrs(attrs: Attrs): string {
  const names = Object.keys(attrs);
  if (names.length === 0) return '';
  return names
    .sort()
    .map((name) => `${name}: ${showAttr(attrs[name] ?? '')}`)
    .join(', ');
}
