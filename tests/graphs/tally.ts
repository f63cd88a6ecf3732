/** What has been seen of the compiler's language: graphs, ops, which op read which, equations, sizes. */

import { type Program, valuesOf } from '../../ir/program.ts';
import { isFloat } from '../../ir/types.ts';
import { consumersOf } from '../../ir/value.ts';
import { publishCounts } from '../counts.ts';
import type { Sample } from './sample.ts';

export interface Tally {
  readonly counts: Map<string, number>;
  readonly ops: Map<string, number>;
  /** How often the result of one op was read by another: `add -> mul`. */
  readonly pairs: Map<string, number>;
  /** How often each equation fired. */
  readonly equations: Map<string, number>;
  worstGradient: number;
}

export const createTally = (): Tally => ({
  counts: new Map(),
  ops: new Map(),
  pairs: new Map(),
  equations: new Map(),
  worstGradient: 0,
});

export const add = (map: Map<string, number>, key: string, times = 1): void => {
  map.set(key, (map.get(key) ?? 0) + times);
};

/** Takes note of what the graph of a sample is like. */
export function countSample(tally: Tally, { program, guarded, float, batch }: Sample): void {
  const { counts } = tally;
  add(counts, 'graphs');
  add(counts, guarded ? 'guarded' : 'unguarded');
  add(counts, `in ${float}`);
  add(counts, `batch ${batch}`);
  const values = valuesOf(program);
  const readers = consumersOf(values);
  add(counts, 'values', values.length);
  for (const value of values) {
    add(tally.ops, value.op);
    add(counts, `rank ${value.shape.length}`);
    for (const reader of readers.get(value) ?? []) add(tally.pairs, `${value.op} -> ${reader.op}`);
  }
  if (values.some(({ shape }) => shape.includes(0))) add(counts, 'with a size of 0');
  const forward = valuesOf({ ...program, functions: program.functions.slice(1, 2) } satisfies Program);
  const reads = consumersOf(forward);
  const isShared = (op: string): boolean =>
    forward.some(
      (value) =>
        (op === 'state') === (value.op === 'state') &&
        isFloat(value.dtype) &&
        (reads.get(value)?.length ?? 0) > 1,
    );
  if (isShared('state')) add(counts, 'with tied parameters');
  if (isShared('value')) add(counts, 'with diamonds');
}

/** Notes the counts of a tally for CI to hold to their floors. */
export function publishTally({ counts, ops, pairs, equations, worstGradient }: Tally): void {
  publishCounts('graphs', Object.fromEntries(counts));
  publishCounts('op uses', Object.fromEntries(ops));
  publishCounts('pairs of ops', Object.fromEntries(pairs));
  publishCounts('equations fired', Object.fromEntries(equations));
  publishCounts('graph gradients', { 'worst relative error': worstGradient });
}
