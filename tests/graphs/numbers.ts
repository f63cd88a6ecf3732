/** What a program computes, as named lists of numbers, and how two such computations differ. */

import { evaluate } from '../../ir/evaluate.ts';
import type { Program } from '../../ir/program.ts';
import type { Value } from '../../ir/value.ts';
import type { Numbers } from '../pipeline/run-emitted.ts';

export type Leaf = (value: Value) => ArrayLike<number>;

/** All results and next states of `program` by the evaluator, each value computed once. */
export function numbersOf(program: Program, batch: number, leaf: Leaf): Numbers {
  const wanted = program.functions.flatMap((fn) => [
    ...fn.results.map(({ name, value }) => ({ key: `${fn.name}.${name}`, value })),
    ...fn.updates.map(({ state, value }) => ({ key: `state.${state}`, value })),
  ]);
  const roots = wanted.map(({ value }) => value);
  const values = evaluate(roots, { batch, float: program.float, leaf });
  return new Map(wanted.map(({ key, value }) => [key, Array.from(values.get(value)?.data ?? [])] as const));
}

/** What rewriting in f64 may change: this much of the largest number of a result, or of 1. */
export const rewritingTolerance = 1e-11;

/** The first number that is not near enough, as text. What overflows on either side is not compared. */
export function firstFarNumber(found: Numbers, wanted: Numbers): string | undefined {
  for (const [key, numbers] of wanted) {
    const other = found.get(key) ?? [];
    if (other.length !== numbers.length)
      return `${key} has ${other.length} numbers instead of ${numbers.length}`;
    const scale = Math.max(1, ...numbers.map(Math.abs));
    const at = numbers.findIndex((x, i) => !(Math.abs((other[i] ?? 0) - x) <= rewritingTolerance * scale));
    if (at >= 0) return `${key}[${at}] is ${other[at]} instead of ${numbers[at]}`;
  }
  return undefined;
}

export const allFinite = (numbers: Numbers): boolean =>
  [...numbers.values()].every((list) => list.every(Number.isFinite));
