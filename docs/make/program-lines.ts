/** A program as equations between named values, and what changed from one to the next. */

import { describe, knownName } from '../../ir/describe.ts';
import { type Program, valuesOf } from '../../ir/program.ts';
import type { Value } from '../../ir/value.ts';

/** Deeper than comments go: nothing is left out. */
const deeper = -30;

/** `z = x @ w + b`, in the order of computation; updates with an arrow, after everything else. */
export function linesOf(program: Program): readonly string[] {
  const nameOf = (value: Value): string | undefined => knownName(program.notes, value);
  const text = (value: Value): string => describe(value, nameOf, deeper).text;
  const updates = program.functions.flatMap((fn) => fn.updates);
  const isUpdate = new Set(updates.map(({ value }) => value));
  const isLeaf = ({ op }: Value): boolean => ['input', 'state', 'constant'].includes(op);
  const named = valuesOf(program).flatMap((value) => {
    const name = nameOf(value);
    return name === undefined || isLeaf(value) || isUpdate.has(value) ? [] : [`${name} = ${text(value)}`];
  });
  return [...named, ...updates.map(({ state, value }) => `${state} <- ${text(value)}`)];
}

/** All lines, those that went marked with -, those that came with +. */
export function differenceOf(before: readonly string[], after: readonly string[]): readonly string[] {
  const lengths = commonLengths(before, after);
  const result: string[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, next] = [before[i], after[j]];
    if (old !== undefined && old === next) {
      result.push(`  ${old}`);
      i++;
      j++;
    } else if (next === undefined || (old !== undefined && at(lengths, i + 1, j) >= at(lengths, i, j + 1))) {
      result.push(`- ${old}`);
      i++;
    } else {
      result.push(`+ ${next}`);
      j++;
    }
  }
  return result;
}

const at = (lengths: readonly (readonly number[])[], i: number, j: number): number => lengths[i]?.[j] ?? 0;

/** The length of the longest common subsequence of what follows each pair of lines. */
function commonLengths(a: readonly string[], b: readonly string[]): readonly (readonly number[])[] {
  const lengths = a.map(() => b.map(() => 0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = lengths[i];
      if (row === undefined) continue;
      row[j] =
        a[i] === b[j]
          ? at(lengths, i + 1, j + 1) + 1
          : Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1));
    }
  }
  return lengths;
}
