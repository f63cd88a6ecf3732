/** Small programs around a few values, their gradients, and their evaluation: what most properties need. */

import type { Builder } from '../../ir/builder.ts';
import { evaluate } from '../../ir/evaluate.ts';
import type { InputDecl, Program } from '../../ir/program.ts';
import type { Tensor } from '../../ir/tensor.ts';
import type { DType, Shape } from '../../ir/types.ts';
import { reachable, type Value } from '../../ir/value.ts';
import { verifyProgram } from '../../ir/verify.ts';
import { autodiff } from '../../passes/autodiff.ts';

/** The program whose results are `values`; their leaves, all of them inputs, are declared. */
export function programOf(o: Builder, values: readonly Value[]): Program {
  const leaves = reachable(values).filter((value) => value.op === 'input');
  const inputs = leaves.map(
    ({ attrs, dtype, shape }): InputDecl => ({ name: String(attrs.name), role: 'input', dtype, shape }),
  );
  const results = values.map((value, i) => ({ name: `r${i}`, value }));
  const functions = [{ name: 'evaluate' as const, results, updates: [] }];
  return { name: 'test', float: o.float, maxBatch: 8, inputs, states: [], functions, notes: o.notes };
}

/** What the results of a program made by `programOf` are. */
export const resultsOf = (program: Program): Value[] =>
  program.functions.flatMap((fn) => fn.results.map((result) => result.value));

/** The gradients of `loss` at each of `at`, differentiated and verified. */
export function gradientsOf(o: Builder, loss: Value, at: readonly Value[]): Value[] {
  const differentiated = autodiff.run(
    programOf(
      o,
      at.map((x) => o.grad(loss, x)),
    ),
  );
  verifyProgram(differentiated, { ops: ['grad'] });
  return resultsOf(differentiated);
}

export type Leaf = (value: Value) => ArrayLike<number>;

/** The data of each of `values`, in the order asked for. */
export function valuesAt(values: readonly Value[], batch: number, leaf: Leaf, float: 'f32' | 'f64' = 'f64') {
  const results = evaluate(values, { batch, float, leaf });
  return values.map((value): Tensor => {
    const tensor = results.get(value);
    if (!tensor) throw new Error('a value was not evaluated');
    return tensor;
  });
}

/** An input of a name, f64 and scalar unless said otherwise. */
export const inputOf = (o: Builder, name: string, shape: Shape = [], dtype: DType = o.float): Value =>
  o.input({ name, dtype, shape });

/** Data by name, for leaves. */
export const bind =
  (data: Readonly<Record<string, ArrayLike<number>>>): Leaf =>
  (value) => {
    const found = data[String(value.attrs.name)];
    if (!found) throw new Error(`no data for ${String(value.attrs.name)}`);
    return found;
  };

/** Sums all elements, so that a loss is one number. */
export const total = (o: Builder, x: Value): Value => o.sum(x, { axes: x.shape.map((_, axis) => axis) });

/** True when both are the same number up to rounding: within 1e-13 of the sum of the absolute terms that make it up. */
export const near = (a: number, b: number, terms: number): boolean =>
  Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-13 * Math.max(terms, Math.abs(b));
