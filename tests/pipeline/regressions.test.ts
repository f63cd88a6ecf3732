/** Faults that random programs have found, as the smallest programs that show them. */

import { expect, it } from 'vitest';
import { createBuilder } from '../../ir/builder.ts';
import type { InputDecl, Program, StateDecl } from '../../ir/program.ts';
import type { Float } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import { compile } from '../../src/compile.ts';
import { gradientDescent, model, softmax, softmaxCrossEntropy, zeros } from '../../src/index.ts';
import { instantiate } from '../../src/instantiate.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { emitted, expected, firstDifference } from './run-emitted.ts';

type Build = (o: ReturnType<typeof createBuilder>, x: Value, w: Value) => Value;

/** A program whose only output is what `build` makes of x [batch, 3] and w [3, 3]. */
function programOf(build: Build, float: Float): Program {
  const o = createBuilder(float);
  const inputs: readonly InputDecl[] = [{ name: 'x', role: 'input', dtype: float, shape: ['batch', 3] }];
  const states: readonly StateDecl[] = [
    { name: 'w', role: 'parameter', dtype: float, shape: [3, 3], init: { kind: 'constant', value: 0 } },
  ];
  const x = o.input({ name: 'x', dtype: float, shape: ['batch', 3] });
  const w = o.state({ name: 'w', dtype: float, shape: [3, 3] });
  const value = build(o, x, w);
  const functions = [
    { name: 'step' as const, results: [], updates: [{ state: 'w', value: o.mul(w, 0.5) }] },
    {
      name: 'evaluate' as const,
      results: [{ name: 'total', value: o.sum(o.mul(value, value), { axes: value.shape.map((_, i) => i) }) }],
      updates: [],
    },
    { name: 'predict' as const, results: [{ name: 'value', value }], updates: [] },
  ];
  return { name: 'regression', float, maxBatch: 5, inputs, states, functions, notes: o.notes };
}

const data = (leaf: Value): ArrayLike<number> =>
  Array.from({ length: leaf.attrs.name === 'x' ? 15 : 9 }, (_, i) => Math.fround(Math.sin(3 * i + 1)));

const cases: Readonly<Record<string, Build>> = {
  'a sum of three terms into a matrix product keeps their order': (o, x, w) =>
    o.add(o.add(o.matmul(x, w), x), o.exp(x)),
  'a comparison of a matrix product does not add up in an array of bools': (o, x, w) =>
    readTwice(o, o.lessEqual(o.matmul(x, w), x)),
  'a matrix and its transpose in one statement do not overwrite each other': (o, _x, w) => {
    const e = o.exp(w);
    const columns = o.reduceMax(o.transpose(e, { perm: [1, 0] }), { axes: [1] });
    return o.div(e, o.broadcast(columns, { axes: [1], dims: [3] }));
  },
  'two statements of one function may both need a name for a part': (o, x) =>
    o.add(manyTerms(o, x), o.sum(manyTerms(o, o.neg(x)), { axes: [0, 1] })),
  'a choice between bools is stored as 0 or 1': (o, x, w) =>
    readTwice(o, o.select(o.less(x, 0), o.less(o.matmul(x, w), 0.5), o.less(0.25, o.exp(x)))),
  'the negative of the whole number 0 is 0, not -0': (o, x) =>
    o.cast(o.neg(o.cast(x, { dtype: 'i32' })), { dtype: o.float }),
  'the least whole number is its own negative': (o, x) => {
    const least = o.cast(o.sub(o.mul(o.sign(x), 0), 2 ** 31), { dtype: 'i32' });
    return o.add(o.cast(o.less(o.neg(least), 0), { dtype: o.float }), x);
  },
  'the number of samples can be predicted': (o) => o.batchSize({ dtype: o.float }),
  'a reshape that splits and joins axes reads the right elements': (o, _x, w) => {
    const pairs = o.broadcast(o.exp(w), { axes: [2], dims: [2] });
    return o.reshape(o.transpose(pairs, { perm: [2, 0, 1] }), { shape: [9, 2] });
  },
};

/** Two readers of a bool, so that it must lie in memory: itself and its sum over the samples, as floats. */
function readTwice(o: ReturnType<typeof createBuilder>, bools: Value): Value {
  const floats = o.cast(bools, { dtype: o.float });
  return o.add(floats, o.broadcast(o.sum(floats, { axes: [0] }), { axes: [0], dims: ['batch'] }));
}

const manyTerms: (o: ReturnType<typeof createBuilder>, x: Value) => Value = (o, x) =>
  [1, 2, 3, 4, 5, 6, 7, 8].reduce((sum, k) => o.add(o.mul(sum, k / 8), o.tanh(o.mul(x, k))), x);

for (const float of ['f32', 'f64'] as const) {
  for (const [title, build] of Object.entries(cases)) {
    it(`${title} (${float})`, async () => {
      const { planned } = runPipeline(programOf(build, float), { verify: true });
      for (const batch of [1, 4, 5]) {
        const leaf = (value: Value): ArrayLike<number> =>
          Array.from(data(value)).slice(0, value.attrs.name === 'x' ? 3 * batch : 9);
        expect(
          firstDifference(await emitted(planned, batch, leaf), expected(planned.program, batch, leaf)),
        ).toBeUndefined();
      }
    });
  }
}

it('a masked logit of -Infinity gives no NaN, neither in the loss nor in a gradient', async () => {
  const masked = model(
    'masked',
    (m) => {
      const x = m.input('x', ['batch', 3]);
      const y = m.label('y', { classes: 3 });
      const w = m.param('w', [3], zeros());
      const logits = x.add(w);
      return { loss: softmaxCrossEntropy(logits, y), outputs: { p: softmax(logits) } };
    },
    { batch: 2, optimizer: gradientDescent({ learningRate: 1 }) },
  );
  const { create } = await instantiate((await compile(masked)).code);
  const run = create();
  const hidden = Number.NEGATIVE_INFINITY;
  const batch = { x: Float32Array.of(0, hidden, 0, 0, 0, hidden), y: Int32Array.of(0, 1) };
  expect(run.step(batch, 2, 0, 0).loss).toBeCloseTo(Math.log(2), 6);
  expect(Array.from(run.state.w ?? [])).toEqual([0, 0.25, -0.25]);
  expect(Array.from(run.predict(batch, 2, 0, 0).p ?? []).filter((p) => p === 0)).toHaveLength(2);
});
