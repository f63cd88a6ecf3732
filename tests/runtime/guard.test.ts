/** The guard: what it keeps, what it brings back, what it calls a fault, and what it costs. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createGuard } from '../../src/runtime/guard.ts';
import type { Layout, State, StateLayout } from '../../src/runtime/index.ts';
import { createTrainer } from '../../src/runtime/index.ts';
import '../properties/seed.ts';
import { failure } from './failing.ts';
import { linear, linearLayout, lineData } from './linear.ts';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

type Arrays = { readonly [name: string]: Float32Array | Float64Array | Int32Array };

const dtypeOf = (array: Arrays[string]): 'f32' | 'f64' | 'i32' => {
  if (array instanceof Int32Array) return 'i32';
  return array instanceof Float32Array ? 'f32' : 'f64';
};

const roles = ['parameter', 'statistic', 'slot'] as const;

/** A guard of these arrays, which are parameters, statistics and slots in turn. */
function guardOf(state: Arrays) {
  const states = Object.entries(state).map(
    ([name, array], i): StateLayout => ({
      name,
      role: roles[i % 3] ?? 'slot',
      dtype: dtypeOf(array),
      shape: [array.length],
      init: { kind: 'constant', value: 0 },
    }),
  );
  const layout: Layout = { ...linearLayout(), state: states };
  return createGuard(layout, state);
}

const bytesOf = (state: State): readonly string[] =>
  Object.values(state).map((array) =>
    Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('hex'),
  );

/** Arrays of these lengths in one arena, each at a multiple of 16 bytes, as emitted modules have them. */
function arena(lengths: readonly number[], make: typeof Float32Array | typeof Float64Array): Arrays {
  const places: number[] = [];
  let end = 0;
  for (const length of lengths) {
    places.push(end);
    end = Math.ceil((end + length * make.BYTES_PER_ELEMENT) / 16) * 16;
  }
  const buffer = new ArrayBuffer(end + 64);
  return Object.fromEntries(lengths.map((length, i) => [`s${i}`, new make(buffer, places[i], length)]));
}

const kinds = fc.constantFrom(Float32Array, Float64Array);
const lengths = fc.array(fc.integer({ min: 0, max: 13 }), { minLength: 1, maxLength: 6 });

describe('what is kept', () => {
  test('comes back in every bit, signed zeros, subnormals and what NaN carries included', () => {
    fc.assert(
      fc.property(kinds, lengths, fc.boolean(), fc.nat(), (make, sizes, apart, seed) => {
        const state = apart
          ? Object.fromEntries(sizes.map((size, i) => [`s${i}`, new make(size)]))
          : arena(sizes, make);
        const scramble = (by: number): void => {
          for (const array of Object.values(state))
            new Uint8Array(array.buffer, array.byteOffset, array.byteLength).forEach((_, i, bytes) => {
              bytes[i] = (seed * 31 + i * 7 + by) % 256;
            });
        };
        const guard = guardOf(state);
        scramble(0);
        const before = bytesOf(state);
        guard.keep();
        scramble(1);
        guard.restore();
        expect(bytesOf(state)).toEqual(before);
      }),
    );
  });

  test('is what the state was at the last call, however often it is brought back', () => {
    const w = Float32Array.of(1, 2);
    const guard = guardOf({ w });
    guard.keep();
    w.fill(5);
    guard.keep();
    for (let i = 0; i < 3; i++) {
      w.fill(nan);
      guard.restore();
      expect([...w]).toEqual([5, 5]);
    }
  });

  test('is the state alone: what lies behind it in the same memory stays as it is', () => {
    const buffer = new ArrayBuffer(64);
    const [w, beside] = [new Float32Array(buffer, 0, 3), new Float32Array(buffer, 32, 8)];
    const guard = guardOf({ w });
    guard.keep();
    w.fill(1);
    beside.fill(7);
    guard.restore();
    expect([[...w], [...beside]]).toEqual([
      [0, 0, 0],
      [7, 7, 7, 7, 7, 7, 7, 7],
    ]);
  });

  test('holds whole numbers too, which are never at fault', () => {
    const [count, w] = [Int32Array.of(3), Float64Array.of(1)];
    const guard = guardOf({ count, w });
    guard.keep();
    count.fill(-(2 ** 31));
    expect(guard.faultOf(1)).toBeUndefined();
    guard.restore();
    expect([...count]).toEqual([3]);
  });
});

describe('a fault', () => {
  test('is a number that is not finite and was so before, in any place of any array', () => {
    fc.assert(
      fc.property(kinds, lengths, fc.nat(), fc.constantFrom(nan, inf, -inf), (make, sizes, at, bad) => {
        const state = arena(sizes, make);
        const guard = guardOf(state);
        guard.keep();
        expect(guard.faultOf(0)).toBeUndefined();
        const places = sizes.flatMap((size, i) => Array.from({ length: size }, (_, k) => [i, k] as const));
        const [i, k] = places[at % Math.max(1, places.length)] ?? [];
        if (i === undefined || k === undefined) return;
        state[`s${i}`]?.fill(bad, k, k + 1);
        const where = sizes[i] === 1 ? '' : ` at its element ${k}, counted from 0`;
        expect(guard.faultOf(0)).toEqual({
          what: `The ${roles[i % 3]} "s${i}" becomes ${bad}${where}`,
          value: bad,
        });
      }),
    );
  });

  test.each([nan, inf, -inf])('is a loss of %d, before anything else', (loss) => {
    const guard = guardOf({ w: Float32Array.of(nan) });
    guard.keep();
    expect(guard.faultOf(loss)).toEqual({ what: `The loss is ${loss}`, value: loss });
  });

  test('is not what was infinite or NaN before the step, nor a large number, nor a sum that overflows', () => {
    const w = Float64Array.of(inf, nan, 1.7e308, 1.7e308, -1.7e308, 5e-324);
    const guard = guardOf({ w });
    guard.keep();
    expect(guard.faultOf(1e300)).toBeUndefined();
    // Infinity that becomes NaN was no number before.
    w[0] = nan;
    w[1] = 3;
    expect(guard.faultOf(0)).toBeUndefined();
    w[2] = inf;
    expect(guard.faultOf(0)?.what).toBe(
      'The parameter "w" becomes Infinity at its element 2, counted from 0',
    );
  });

  test('is told with the name in ASCII', () => {
    const guard = guardOf({ 'größe\n': Float32Array.of(1) });
    guard.keep();
    const state = { 'größe\n': Float32Array.of(1) };
    const second = guardOf(state);
    second.keep();
    state['größe\n'].fill(nan);
    expect(second.faultOf(0)?.what).toBe('The parameter "gr\\u00f6\\u00dfe\\n" becomes NaN');
  });
});

describe('in a trainer', () => {
  /** The slot of `b` becomes `bad` in step `at`, counted from 0. */
  const breaking = (at: number, bad: number) => {
    const trainer = createTrainer(
      linear(linearLayout(), (_, __, t) => void (t === at && trainer.state['b.velocity']?.fill(bad))),
      { seed: 3 },
    );
    return trainer;
  };

  test.each([nan, inf, -inf])(
    'a slot that becomes %d is found though the loss is finite, and all is as before',
    (bad) => {
      const trainer = breaking(2, bad);
      trainer.step(lineData(4));
      trainer.step(lineData(4));
      const before = trainer.save();
      expect(failure(() => trainer.step(lineData(4)))).toMatch(
        /train\/not-finite: The parameter "b" becomes (NaN|-?Infinity) at step 3, counted from 1\./,
      );
      expect(trainer.save()).toEqual(before);
      expect(trainer.steps).toBe(2);
    },
  );

  test('the error says what to do, and the same step can be made again', () => {
    let broken = true;
    const trainer = createTrainer(
      linear(linearLayout(), () => void (broken && trainer.state.w?.fill(inf))),
      { seed: 3 },
    );
    expect(failure(() => trainer.step(lineData(2)))).toMatch(/Lower the learning rate/);
    broken = false;
    expect(Number.isFinite(trainer.step(lineData(2)).loss)).toBe(true);
    expect(trainer.steps).toBe(1);
  });
});

test('the guard takes no memory per step', () => {
  const state = arena([1000, 1, 77, 4096], Float32Array);
  const guard = guardOf(state);
  const step = (): void => {
    guard.keep();
    state.s0?.fill(2);
    if (guard.faultOf(1) !== undefined) guard.restore();
  };
  for (let i = 0; i < 100; i++) step();
  // So few that no collection of garbage comes between: a copy per step would be a megabyte at the end.
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 60; i++) step();
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThanOrEqual(0);
});
