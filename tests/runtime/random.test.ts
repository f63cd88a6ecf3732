/** Random numbers: the published vectors, distributions, shuffles and initial values. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  initialize,
  inverseNormal,
  normal01,
  type StateLayout,
  shuffle,
  threefry2x32,
  uniform01,
} from '../../src/runtime/index.ts';
import { linearLayout } from './linear.ts';

const uint32 = fc.integer({ min: 0, max: 0xffffffff });

describe('threefry2x32', () => {
  test.each([
    [0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
    [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0],
  ])('gives the published answer for key %i %i, counter %i %i', (k0, k1, c0, c1, first, second) => {
    const out = new Uint32Array(2);
    threefry2x32(k0, k1, c0, c1, out);
    expect([...out]).toEqual([first, second]);
  });
});

describe('uniform01', () => {
  test('takes the top 24 bits of the first word', () => {
    expect(uniform01(0, 0, 0, 0)).toBe((0x6b200159 >>> 8) / 2 ** 24);
  });
  test('is in [0, 1) and the same number in f32', () => {
    fc.assert(
      fc.property(uint32, uint32, uint32, uint32, (seed, stream, counter, index) => {
        const value = uniform01(seed, stream, counter, index);
        expect(value >= 0 && value < 1 && Math.fround(value) === value).toBe(true);
      }),
    );
  });
});

describe('normal draws', () => {
  test('invert the normal CDF', () => {
    const known = [
      [1e-300, -37.0470962993612],
      [1e-10, -6.361340902404056],
      [0.001, -3.090232306167813],
      [0.3, -0.5244005127080407],
      [0.5, 0],
      [0.93, 1.4757910281791708],
      [0.9999999, 5.199337582290662],
    ] as const;
    for (const [p, z] of known) expect(inverseNormal(p)).toBeCloseTo(z, 12);
  });
  test('have mean 0, variance 1 and kurtosis 3', () => {
    const draws = Array.from({ length: 50_000 }, (_, i) => normal01(3, 1, 0, i));
    const moment = (power: number) => draws.reduce((sum, z) => sum + z ** power, 0) / draws.length;
    expect(moment(1)).toBeCloseTo(0, 1);
    expect(moment(2)).toBeCloseTo(1, 1);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.2);
  });
});

describe('shuffle', () => {
  test('is a permutation that depends on (seed, epoch) alone', () => {
    fc.assert(
      fc.property(fc.nat(200), uint32, fc.nat(1000), (count, seed, epoch) => {
        const [fresh, used] = [new Uint32Array(count), new Uint32Array(count).fill(7)];
        shuffle(fresh, seed, epoch);
        shuffle(used, seed, epoch);
        expect(used).toEqual(fresh);
        expect([...fresh].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
      }),
    );
  });
  test('brings every record to every place equally often', () => {
    const places = Array.from({ length: 5 }, () => new Uint32Array(5));
    const order = new Uint32Array(5);
    for (let epoch = 0; epoch < 10_000; epoch++) {
      shuffle(order, 1, epoch);
      order.forEach((record, place) => {
        const row = places[place];
        if (row !== undefined) row[record] = (row[record] ?? 0) + 1;
      });
    }
    for (const row of places) for (const times of row) expect(Math.abs(times - 2000)).toBeLessThan(200);
  });
  test('differs between epochs and between seeds', () => {
    const orderOf = (seed: number, epoch: number) => {
      const order = new Uint32Array(50);
      shuffle(order, seed, epoch);
      return [...order].join();
    };
    expect(new Set([orderOf(0, 0), orderOf(0, 1), orderOf(1, 0), orderOf(1, 1)]).size).toBe(4);
  });
});

describe('initialize', () => {
  const filled = (dtype: 'f32' | 'f64', seed: number) => {
    const entries: readonly StateLayout[] = [
      { name: 'u', role: 'parameter', dtype, shape: [9], init: { kind: 'uniform', low: -3, high: 5 } },
      { name: 'n', role: 'parameter', dtype, shape: [9], init: { kind: 'normal', mean: 1, std: 0.1 } },
      { name: '__proto__', role: 'slot', dtype, shape: [9], init: { kind: 'constant', value: 0.1 } },
    ];
    const arrays = entries.map(
      ({ name }) => [name, dtype === 'f32' ? new Float32Array(9) : new Float64Array(9)] as const,
    );
    initialize({ ...linearLayout(), state: entries }, Object.fromEntries(arrays), seed);
    return arrays.flatMap(([, array]) => [...array]);
  };
  test('draws each state from its own stream', () => {
    const values = filled('f64', 4);
    expect(values[0]).toBe(-3 + 8 * uniform01(4, 0, 0xffffffff, 0));
    expect(values[10]).toBe(1 + 0.1 * normal01(4, 1, 0xffffffff, 1));
    expect(values.slice(18)).toEqual(new Array(9).fill(0.1));
  });
  test('gives an f32 trainer the rounded values of the f64 one', () => {
    expect(filled('f32', 9)).toEqual(filled('f64', 9).map(Math.fround));
  });
  test('changes with the seed', () => expect(filled('f64', 1)).not.toEqual(filled('f64', 2)));
});
