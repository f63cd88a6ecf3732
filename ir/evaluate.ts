/** The reference evaluator: every value by its op's naive definition, in creation order. */

import { errors } from './errors.ts';
import type { Op } from './op.ts';
import { opOf } from './ops/index.ts';
import { round } from './scalar-evaluate.ts';
import type { Tensor } from './tensor.ts';
import { extentOf, type Float } from './types.ts';
import { reachable, type Value } from './value.ts';

export interface Bindings {
  /** Number of samples at hand. */
  readonly batch: number;
  readonly float: Float;
  /** Data of inputs and states by name. */
  readonly leaf: (value: Value) => ArrayLike<number>;
}

/** Evaluates what `roots` need; the result holds every value on the way. */
export function evaluate(roots: readonly Value[], bindings: Bindings): ReadonlyMap<Value, Tensor> {
  const results = new Map<Value, Tensor>();
  for (const value of reachable(roots)) results.set(value, evaluateOne(value, results, bindings));
  return results;
}

function evaluateOne(value: Value, results: ReadonlyMap<Value, Tensor>, bindings: Bindings): Tensor {
  const { batch, float } = bindings;
  const shape = value.shape.map((dim) => extentOf(dim, batch));
  const isData = value.op === 'input' || value.op === 'state';
  const xs = value.inputs.map((input) => results.get(input)).filter((x): x is Tensor => x !== undefined);
  const raw = isData
    ? bindings.leaf(value)
    : (opOf(value.op).reference as Op['reference'])(xs, {
        attrs: value.attrs,
        dtype: value.dtype,
        float,
        shape,
        batch,
      });
  const size = shape.reduce((product, dim) => product * dim, 1);
  if (raw.length !== size) throw errors.invalid(`${value.op} gave ${raw.length} elements instead of ${size}`);
  return { shape, dtype: value.dtype, data: Float64Array.from(raw, (x) => round(x, value.dtype)) };
}
