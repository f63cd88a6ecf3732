/** Saving, loading and initial values: all or nothing, and resuming is as if never interrupted. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createTrainer,
  decodeSafetensors,
  encodeSafetensors,
  type Layout,
  type Tensor,
} from '../../src/runtime/index.ts';
import { failure } from './failing.ts';
import { linear, linearLayout, lineData } from './linear.ts';

type Linear = ReturnType<typeof linearTrainer>;
const linearTrainer = (seed = 0, layout: Layout = linearLayout()) => createTrainer(linear(layout), { seed });

async function train(trainer: Linear, steps: number, records = 10): Promise<Linear> {
  for await (const _ of trainer.fit(lineData(records), { steps }));
  return trainer;
}

const f32 = (shape: readonly number[], ...values: number[]): Tensor => ({
  dtype: 'F32',
  shape,
  data: Float32Array.from(values),
});
const f64 = (shape: readonly number[], ...values: number[]): Tensor => ({
  dtype: 'F64',
  shape,
  data: Float64Array.from(values),
});
const file = (tensors: { readonly [name: string]: Tensor }, step?: string) =>
  encodeSafetensors(new Map(Object.entries(tensors)), new Map(step === undefined ? [] : [['step', step]]));
const complete = { w: f32([2], 1, 2), b: f32([], 3), 'w.velocity': f32([2], 4, 5), 'b.velocity': f32([], 6) };
const parameters = { w: f32([2], 1, 2), b: f32([], 3) };

describe('save', () => {
  test('writes all of the state with its metadata', async () => {
    const { tensors, metadata } = decodeSafetensors((await train(linearTrainer(), 3)).save());
    expect([...tensors.keys()]).toEqual(['w', 'b', 'w.velocity', 'b.velocity']);
    expect(Object.fromEntries(metadata)).toEqual({ format: 'chainrule', model: 'linear', step: '3' });
  });
  test('and load and going on equal never having stopped, anywhere in an epoch', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(9),
        fc.nat(9),
        fc.nat(5),
        fc.integer({ min: 1, max: 11 }),
        async (before, after, seed, records) => {
          const through = await train(linearTrainer(seed), before + after, records);
          const first = await train(linearTrainer(seed), before, records);
          const second = linearTrainer(seed);
          second.load(first.save());
          expect(second.steps).toBe(before);
          expect((await train(second, after, records)).save()).toEqual(through.save());
        },
      ),
    );
  });
});

describe('load', () => {
  test('lists all names that are missing, extra or of another shape, and changes nothing', async () => {
    const trainer = await train(linearTrainer(), 2);
    const before = trainer.save();
    const bytes = file({
      b: f32([1], 3),
      'w.velocity': f32([3], 1, 2, 3),
      v: f32([], 1),
      ['__proto__']: f32([], 1),
    });
    expect(failure(() => trainer.load(bytes))).toMatch(
      /weights\/mismatch.*"linear"; missing: "w", "b.velocity"; extra: "v", "__proto__"; different: "b" is \[1\], expected \[\], "w.velocity" is \[3\], expected \[2\]/,
    );
    expect(failure(() => trainer.load(bytes.subarray(0, 50)))).toMatch(/weights\/format/);
    expect(trainer.save()).toEqual(before);
  });
  test('converts between f32 and f64', () => {
    const single = linearTrainer();
    single.load(file({ ...complete, w: f64([2], 0.1, 0.2) }));
    expect(single.state.w).toEqual(Float32Array.of(0.1, 0.2));
    const double = linearTrainer(0, linearLayout('f64'));
    double.load(file(complete));
    expect(double.state.w).toEqual(Float64Array.of(1, 2));
  });
  test('refuses integers for floats and numbers that f32 cannot hold', () => {
    const integers: Tensor = { dtype: 'I32', shape: [], data: Int32Array.of(1) };
    expect(failure(() => linearTrainer().load(file({ ...complete, b: integers })))).toMatch(
      /"b" is I32, expected F32 or F64/,
    );
    expect(failure(() => linearTrainer().load(file({ ...complete, w: f64([2], 0, 1e300) })))).toMatch(
      /weights\/mismatch: Value 1 .* of "w" is 1e\+300, too large for f32/,
    );
  });
  test('takes the number of steps from the metadata, 0 without', async () => {
    const trainer = await train(linearTrainer(), 2);
    trainer.load(file(complete, '41'));
    expect(trainer.steps).toBe(41);
    trainer.load(file(complete));
    expect(trainer.steps).toBe(0);
    for (const step of ['-1', '1.5', '1e3', '', '99999999999999999999', '9999999999999999']) {
      expect(failure(() => trainer.load(file(complete, step)))).toMatch(/weights\/format.*"step"/);
    }
  });
  test('of the parameters only starts the optimizer anew', async () => {
    const trainer = await train(linearTrainer(), 2);
    expect(failure(() => trainer.load(file(parameters)))).toMatch(
      /missing: "w.velocity", "b.velocity".*parametersOnly: true/,
    );
    trainer.load(file({ ...parameters, 'w.m': f32([], 9) }, '7'), { parametersOnly: true });
    expect(trainer.steps).toBe(0);
    expect(Object.values(trainer.state).map((array) => [...array])).toEqual([[1, 2], [3], [0, 0], [0]]);
    expect(failure(() => trainer.load(file({ w: parameters.w }), { parametersOnly: true }))).toMatch(
      /missing: "b"/,
    );
  });
});

describe('the options of createTrainer', () => {
  const withInit = (init: Uint8Array | { readonly [name: string]: Float32Array | number[] | number[][] }) =>
    createTrainer(linear(), { init });
  test('init replaces the draw of what it names', () => {
    for (const init of [
      { w: [1, 2] },
      { w: Float32Array.of(1, 2) },
      { w: [[1], [2]] },
      file({ w: f64([2], 1, 2) }),
    ]) {
      const trainer = withInit(init);
      expect(trainer.state.w).toEqual(Float32Array.of(1, 2));
      expect(trainer.state.b).toEqual(linearTrainer().state.b);
    }
  });
  test('init refuses unknown names, wrong sizes and values that are not finite', () => {
    expect(failure(() => withInit({ W: [1, 2] }))).toMatch(/weights\/mismatch.*"W".*Did you mean "w"/);
    expect(failure(() => withInit({ 'w.velocity': [1, 2] }))).toMatch(/not a parameter/);
    expect(failure(() => withInit(file({ ['__proto__']: f32([], 1) })))).toMatch(/"__proto__", which is not/);
    const nothing = linear({ ...linearLayout(), state: [] });
    expect(failure(() => createTrainer(nothing, { init: { w: [1] } }))).toMatch(/no names to choose from/);
    expect(failure(() => withInit({ w: [1] }))).toMatch(
      /weights\/mismatch.*"w" must be an array of 2 numbers/,
    );
    expect(failure(() => withInit(file({ w: f32([1], 1) })))).toMatch(/"w" is \[1\], expected \[2\]/);
    expect(failure(() => withInit({ w: [1, 1e39] }))).toMatch(/data\/not-finite: Initial value 1 /);
    expect(failure(() => withInit(new Uint8Array(3)))).toMatch(/weights\/format/);
  });
  test('seed decides the draw and is checked', () => {
    expect(linearTrainer(1).save()).toEqual(linearTrainer(1).save());
    expect(linearTrainer(1).save()).not.toEqual(linearTrainer(2).save());
    for (const seed of [-1, 0.5, 2 ** 32, Number.NaN]) {
      expect(failure(() => linearTrainer(seed))).toMatch(
        /train\/option: The option "seed" must be a whole number from 0/,
      );
    }
  });
});
