/** What a program computes according to the evaluator, and what an emitted module computes: to be compared bit for bit. */

import { evaluate } from '../../ir/evaluate.ts';
import type { Program } from '../../ir/program.ts';
import { elementCount } from '../../ir/types.ts';
import type { Leaf } from '../leaf-data.ts';
import type { Batch, Metrics, Outputs, Program as Running } from '../runtime/module.ts';

export type { Leaf };

/** Named lists of numbers: `step.loss`, `predict.p`, `state.w1` after the step. */
export type Numbers = ReadonlyMap<string, readonly number[]>;

/** What the evaluator says that step, evaluate and predict give for `batch` samples; each value is computed once. */
export function evaluated(program: Program, batch: number, leaf: Leaf): Numbers {
  const wanted = program.functions.flatMap((fn) => [
    ...fn.results.map(({ name, value }) => ({ key: `${fn.name}.${name}`, value })),
    ...fn.updates.map(({ state, value }) => ({ key: `state.${state}`, value })),
  ]);
  const values = evaluate(
    wanted.map(({ value }) => value),
    { batch, float: program.float, leaf },
  );
  return new Map(wanted.map(({ key, value }) => [key, Array.from(values.get(value)?.data ?? [])] as const));
}

/** Where a call stands: samples, the number of the step from 0, and the seed. */
export interface Call {
  readonly batch: number;
  readonly t: number;
  readonly seed: number;
}

/** What an emitted module gives: predict and evaluate first, then a step, which changes its state. */
export function executed(
  program: Program,
  running: Running<Batch, Metrics, Metrics, Outputs>,
  columns: Batch,
  { batch, t, seed }: Call,
): Numbers {
  const results = new Map<string, readonly number[]>();
  const outputs = running.predict(columns, batch, t, seed);
  for (const { name, value } of program.functions.find((fn) => fn.name === 'predict')?.results ?? [])
    results.set(
      `predict.${name}`,
      Array.from(outputs[name] ?? []).slice(0, elementCount(value.shape, batch)),
    );
  for (const [name, x] of Object.entries(running.evaluate(columns, batch, t, seed)))
    results.set(`evaluate.${name}`, [x]);
  for (const [name, x] of Object.entries(running.step(columns, batch, t, seed)))
    results.set(`step.${name}`, [x]);
  for (const { state } of program.functions.flatMap((fn) => fn.updates))
    results.set(`state.${state}`, Array.from(running.state[state] ?? []));
  return results;
}

/** The first difference, as text; undefined when all bits are equal (one NaN is as good as another). */
export function firstDifference(found: Numbers, wanted: Numbers): string | undefined {
  for (const [key, numbers] of wanted) {
    const other = found.get(key);
    if (other?.length !== numbers.length)
      return `${key}: ${other?.length} numbers instead of ${numbers.length}`;
    const at = numbers.findIndex((x, i) => !Object.is(x, other[i]));
    if (at >= 0) return `${key}[${at}]: ${other[at]} instead of ${numbers[at]}`;
  }
  return undefined;
}
