/**
 * Where a graph decides by a hair: the input of a floor, a sign, a comparison or the like so near to where its result jumps
 * that rounding alone may decide. An equation that is right up to rounding may then give another result, and is right.
 */

import { evaluate } from '../../ir/evaluate.ts';
import type { Program } from '../../ir/program.ts';
import { rootsOf } from '../../ir/program.ts';
import type { Tensor } from '../../ir/tensor.ts';
import { isFloat } from '../../ir/types.ts';
import { numberList, type Value } from '../../ir/value.ts';
import { groupsOf } from '../../src/oracle/arrays.ts';
import type { Leaf } from './numbers.ts';

/** Nearer than this, relative to the larger of 1 and the numbers, rounding may decide. */
const margin = 1e-9;

const near = (a: number, b: number): boolean =>
  Math.abs(a - b) <= margin * Math.max(1, Math.abs(a), Math.abs(b));

const pairwise: ReadonlySet<string> = new Set(['less', 'lessEqual', 'equal', 'maximum', 'minimum']);
const atZero: ReadonlySet<string> = new Set(['sign', 'abs', 'relu']);

/** True when some element of some value of the program is decided by less than the margin. */
export function decidesByAHair(program: Program, batch: number, leaf: Leaf): boolean {
  const values = evaluate(program.functions.flatMap(rootsOf), { batch, float: 'f64', leaf });
  return [...values.keys()].some((value) => isClose(value, values));
}

function isClose(value: Value, values: ReadonlyMap<Value, Tensor>): boolean {
  const [a, b] = value.inputs.map((input) => Array.from(values.get(input)?.data ?? []));
  const [input] = value.inputs;
  if (!a || !input || !isFloat(input.dtype)) return false;
  if (pairwise.has(value.op)) return a.some((x, i) => near(x, b?.[i] ?? Number.NaN));
  if (atZero.has(value.op)) return a.some((x) => near(x, 0));
  const truncates = value.op === 'floor' || (value.op === 'cast' && !isFloat(value.dtype));
  if (truncates) return a.some((x) => near(x, Math.round(x)));
  if (value.op !== 'reduceMax' && value.op !== 'argmax') return false;
  const axes = value.op === 'argmax' ? [Number(value.attrs.axis)] : numberList(value.attrs.axes);
  return groupsOf(values.get(input)?.shape ?? [], axes).some((group) => {
    const [first, second] = group.map((at) => a[at] ?? 0).sort((x, y) => y - x);
    return first !== undefined && second !== undefined && near(first, second);
  });
}
