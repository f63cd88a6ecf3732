/** Central differences of a graph along a direction, and whether they can be trusted there. */

import { evaluate } from '../../ir/evaluate.ts';
import type { Value } from '../../ir/value.ts';
import { groupsOf, numbersOf } from './arrays.ts';
import type { Direction, DualBindings } from './dual.ts';

/** The two estimates agree when they differ by no more than this, relative to the larger of 1 and their size. */
const agreement = 5e-7;

export type Difference =
  | { readonly kind: 'converged'; readonly derivative: number }
  | { readonly kind: 'skipped'; readonly reason: 'kink' | 'disagreement' };

type Evaluation = ReturnType<typeof evaluate>;

/** The derivative of the only element of `root` along `direction`, in f64, with `step` and a tenth of it. */
export function centralDifference(
  root: Value,
  bindings: DualBindings,
  direction: Direction,
  step = 1e-4,
): Difference {
  const at = (t: number): Evaluation =>
    evaluate([root], {
      batch: bindings.batch,
      float: 'f64',
      leaf(value) {
        const toward = direction(value);
        const from = bindings.leaf(value);
        return toward ? Float64Array.from(from, (x, i) => x + t * (toward[i] ?? 0)) : from;
      },
    });
  const decisions = (t: number): string => decisionsOf(at(t)).join();
  const here = decisions(0);
  if (decisions(-10 * step) !== here || decisions(10 * step) !== here) {
    return { kind: 'skipped', reason: 'kink' };
  }
  const value = (t: number): number => at(t).get(root)?.data[0] ?? Number.NaN;
  const slope = (h: number): number => (value(h) - value(-h)) / (2 * h);
  const [coarse, fine] = [slope(step), slope(step / 10)];
  const near = Math.abs(coarse - fine) <= agreement * Math.max(1, Math.abs(fine));
  return near ? { kind: 'converged', derivative: fine } : { kind: 'skipped', reason: 'disagreement' };
}

/** Which way every kinked op of a graph went: equal lists on both sides of a point mean no kink in between. */
function decisionsOf(values: Evaluation): number[] {
  const decisions: number[] = [];
  for (const [value, tensor] of values) {
    const [a, b] = value.inputs.map((input) => values.get(input));
    if (!a) continue;
    const pairs = Array.from(a.data, (x, i) => Math.sign(x - (b?.data[i] ?? 0)));
    if (['abs', 'relu', 'sign'].includes(value.op)) decisions.push(...pairs);
    if (['maximum', 'minimum', 'less', 'lessEqual', 'equal'].includes(value.op)) decisions.push(...pairs);
    if (value.op === 'floor' || (value.op === 'cast' && value.dtype !== value.inputs[0]?.dtype)) {
      decisions.push(...Array.from(tensor.data));
    }
    if (value.op !== 'reduceMax' && value.op !== 'argmax') continue;
    const axes = value.op === 'argmax' ? [Number(value.attrs.axis)] : numbersOf(value.attrs.axes);
    for (const group of groupsOf(a.shape, axes)) {
      const elements = group.map((offset) => a.data[offset] ?? 0);
      decisions.push(elements.indexOf(Math.max(...elements)), tiesAt(elements));
    }
  }
  return decisions;
}

const tiesAt = (elements: readonly number[]): number =>
  elements.filter((element) => element === Math.max(...elements)).length;
