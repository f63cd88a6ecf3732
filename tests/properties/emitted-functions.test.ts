/** Emitted functions have the bits of the evaluator wherever a float can be, not only where programs put it. */

import { expect, test } from 'vitest';
import { createBuilder } from '../../ir/builder.ts';
import { isDerived } from '../../ir/expansions.ts';
import { type OpName, opNames } from '../../ir/ops/index.ts';
import type { Program } from '../../ir/program.ts';
import type { Value } from '../../ir/value.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { randomFrom, specialValues } from '../arbitraries/draw.ts';
import { emitted, expected, firstDifference } from '../pipeline/run-emitted.ts';
import { seed } from './seed.ts';

const functions = opNames.filter((name) => isDerived(name) && name !== 'uniform');
const size = 20_000;

/** A program whose output is `fn` of its input, and as little else as a program may have. */
function programOf(fn: OpName, float: 'f32' | 'f64'): Program {
  const o = createBuilder(float);
  const x = o.input({ name: 'x', dtype: float, shape: ['batch'] });
  const w = o.state({ name: 'w', dtype: float, shape: [] });
  const value = o.make(fn, [x], {});
  const inputs = [{ name: 'x', role: 'input' as const, dtype: float, shape: x.shape }];
  const zero = { kind: 'constant' as const, value: 0 };
  const states = [{ name: 'w', role: 'parameter' as const, dtype: float, shape: [], init: zero }];
  const functions = [
    { name: 'step' as const, results: [], updates: [{ state: 'w', value: o.mul(w, 0.5) }] },
    { name: 'evaluate' as const, results: [{ name: 'w', value: o.neg(w) }], updates: [] },
    { name: 'predict' as const, results: [{ name: 'value', value }], updates: [] },
  ];
  return { name: fn, float, maxBatch: size, inputs, states, functions, notes: o.notes };
}

/** Special values, numbers where functions bend, and any bit pattern of a float32. */
function inputs(): Float32Array {
  const random = randomFrom(seed);
  const anything = Uint32Array.from({ length: size }, () => Math.floor(random() * 2 ** 32));
  const data = new Float32Array(anything.buffer).map((x, i) => (i % 2 === 0 ? x : (random() - 0.5) * 20));
  data.set(specialValues);
  return data;
}

test.each(functions.flatMap((fn) => [[fn, 'f32'] as const, [fn, 'f64'] as const]))(
  '%s in %s',
  async (fn, float) => {
    const { planned } = runPipeline(programOf(fn, float), { verify: true });
    const data = inputs();
    const leaf = (value: Value): ArrayLike<number> => (value.attrs.name === 'x' ? data : [1]);
    const wanted = expected(planned.program, size, leaf);
    expect(wanted.get('predict.value')).toHaveLength(size);
    expect(firstDifference(await emitted(planned, size, leaf), wanted)).toBeUndefined();
    expect(firstDifference(await emitted(planned, size, leaf, 'wasm'), wanted)).toBeUndefined();
  },
);
