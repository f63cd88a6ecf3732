/** The synthetic sets: the same from the same seed, balanced, scaled, and as hard as they claim to be. */

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Split } from '../../src/data/dataset.ts';
import { digits } from '../../src/data/digits.ts';
import { flatten, GLYPHS } from '../../src/data/glyphs.ts';
import { blobs, moons, spirals } from '../../src/data/planar.ts';
import { createRandom, permutation } from '../../src/data/random.ts';
import { sinCos } from '../../src/data/trig.ts';
import { errorOf } from './support.ts';

const counts = (split: Split, classes: number) =>
  Array.from({ length: classes }, (_, k) => [...split.labels].filter((label) => label === k).length);

function hash(values: Float32Array | Float64Array | Int32Array): string {
  return createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex').slice(0, 16);
}

describe('random numbers', () => {
  it('are the same on every machine', () => {
    const random = createRandom(42);
    expect([random.bits(), random.bits(), random.bits()]).toEqual([145076852, 3246010591, 4141225530]);
  });

  it('differ between seeds, also beyond 32 bits', () => {
    const first = [0, 1, 2, -1, 2 ** 32, 2 ** 33].map((seed) => createRandom(seed).bits());
    expect(new Set(first).size).toBe(first.length);
  });

  it('have the moments of their distributions', () => {
    const random = createRandom(1);
    const uniforms = Array.from({ length: 50_000 }, random.uniform);
    const normals = Array.from({ length: 50_000 }, random.normal);
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    expect(Math.min(...uniforms)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniforms)).toBeLessThan(1);
    expect(mean(uniforms)).toBeCloseTo(0.5, 2);
    expect(mean(normals)).toBeCloseTo(0, 1);
    expect(mean(normals.map((v) => v * v))).toBeCloseTo(1, 1);
  });

  it('shuffle every number to some place', () => {
    const order = permutation(100, createRandom(5));
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect([...order.subarray(0, 5)]).not.toEqual([0, 1, 2, 3, 4]);
    expect(permutation(0, createRandom(5)).length).toBe(0);
  });

  it('come with a sine and cosine that need no library', () => {
    for (let angle = -20; angle <= 20; angle += 0.37) {
      const [sin, cos] = sinCos(angle);
      expect(sin).toBeCloseTo(Math.sin(angle), 11);
      expect(cos).toBeCloseTo(Math.cos(angle), 11);
    }
  });
});

describe.each([
  ['blobs', blobs, 3],
  ['moons', moons, 2],
  ['spirals', spirals, 2],
] as const)('%s', (name, make, classes) => {
  it('has 1000 train and 250 test points of balanced classes', () => {
    const set = make();
    expect(set).toMatchObject({ name, train: { count: 1000, width: 2 }, test: { count: 250 } });
    expect(set.classes?.length).toBe(classes);
    for (const split of [set.train, set.test ?? set.train]) {
      const each = counts(split, classes);
      expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(1);
      expect(split.features.length).toBe(2 * split.count);
    }
  });

  it('mixes the classes in every batch', () => {
    const { train } = make();
    for (let start = 0; start + 50 <= 1000; start += 50) {
      expect(new Set(train.labels.subarray(start, start + 50)).size).toBe(classes);
    }
  });

  it('is scaled to mean 0 and variance 1 on each axis', () => {
    const { features } = make({ dtype: 'f64' }).train;
    for (const axis of [0, 1]) {
      const values = [...features].filter((_, i) => i % 2 === axis);
      expect(values.reduce((a, b) => a + b, 0) / 1000).toBeCloseTo(0, 9);
      expect(values.reduce((a, b) => a + b * b, 0) / 1000).toBeCloseTo(1, 9);
    }
  });

  it('follows its seed, and its float32 points are the rounded float64 points', () => {
    expect(make({ seed: 3 })).toEqual(make({ seed: 3 }));
    expect(make({ seed: 3 }).train.features).not.toEqual(make({ seed: 4 }).train.features);
    const wide = make({ dtype: 'f64' }).train.features;
    expect(make().train.features).toEqual(Float32Array.from(wide));
  });

  it('takes counts and noise, and refuses bad ones', () => {
    expect(make({ count: 1, testCount: 0 })).not.toHaveProperty('test');
    expect([...make({ count: 1 }).train.features]).toEqual([0, 0]);
    for (const bad of [
      { count: 0 },
      { count: 2.5 },
      { testCount: -1 },
      { noise: -1 },
      { noise: Number.NaN },
      { seed: 0.5 },
    ]) {
      expect(errorOf(() => make(bad)).code).toBe('data/bad-option');
    }
  });
});

describe('blobs in more than two dimensions', () => {
  it('have as many features as asked for, each scaled, and classes that a distance to the centre tells apart', () => {
    const { train, featureNames } = blobs({ features: 4, classes: 3, count: 300, noise: 0.05 });
    expect(train.width).toBe(4);
    expect(featureNames).toEqual(['x1', 'x2', 'x3', 'x4']);
    const centres = [0, 1, 2].map((label) =>
      [0, 1, 2, 3].map((axis) => {
        const own = Array.from(train.labels).flatMap((l, i) =>
          l === label ? [train.features[i * 4 + axis] ?? 0] : [],
        );
        return own.reduce((sum, x) => sum + x, 0) / own.length;
      }),
    );
    const distance = (i: number, label: number): number =>
      (centres[label] ?? []).reduce(
        (sum, c, axis) => sum + ((train.features[i * 4 + axis] ?? 0) - c) ** 2,
        0,
      );
    const nearest = (i: number): number =>
      [0, 1, 2].reduce((best, l) => (distance(i, l) < distance(i, best) ? l : best), 0);
    expect(Array.from(train.labels).every((label, i) => nearest(i) === label)).toBe(true);
  });
});

describe('options of the planar sets', () => {
  it('give three arms and other numbers of blobs', () => {
    expect(counts(spirals({ arms: 3, count: 300 }).train, 3)).toEqual([100, 100, 100]);
    expect(blobs({ classes: 5 }).classes).toEqual(['0', '1', '2', '3', '4']);
    expect(errorOf(() => spirals({ arms: 4 })).message).toMatch(
      'arms to be a whole number from 2 to 3, found 4',
    );
  });
});

describe('digits', () => {
  const small = digits({ count: 300, testCount: 100 });

  it('is the same on every machine', () => {
    expect(hash(small.train.features)).toBe('307d7f45869292b4');
    expect(hash(digits({ count: 300, testCount: 100, seed: 2 }).train.features)).toBe('1eb62733a1e6eb26');
  });

  it('has balanced classes in random order', () => {
    expect(counts(small.train, 10)).toEqual(Array(10).fill(30));
    expect(counts(small.test ?? small.train, 10)).toEqual(Array(10).fill(10));
    expect(new Set(small.train.labels.subarray(0, 64)).size).toBe(10);
  });

  it('holds multiples of 1/255 in [0, 1], the same in both widths', () => {
    const wide = digits({ count: 300, testCount: 100, dtype: 'f64' }).train.features;
    expect(wide.every((v) => v >= 0 && v <= 1 && v === Math.round(v * 255) / 255)).toBe(true);
    expect(small.train.features).toEqual(Float32Array.from(wide));
  });

  it('draws ink into every image, even without noise', () => {
    const { features, count } = digits({ count: 200, testCount: 0, noise: 0 }).train;
    for (let i = 0; i < count; i++) {
      const ink = [...features.subarray(i * 784, (i + 1) * 784)].reduce((sum, v) => sum + v, 0);
      expect(ink).toBeGreaterThan(20);
      expect(ink).toBeLessThan(764);
    }
  });

  it('knows several ways to write each digit, inside the unit box', () => {
    expect(GLYPHS.length).toBe(10);
    for (const glyph of GLYPHS.flat()) {
      for (const [x, y] of glyph.flatMap((stroke) => flatten(stroke, 4))) {
        expect(Math.min(x, y)).toBeGreaterThan(-0.1);
        expect(Math.max(x, y)).toBeLessThan(1.1);
      }
    }
    for (const styles of GLYPHS) expect(styles.length).toBeGreaterThanOrEqual(2);
  });

  it('refuses counts that do not fit in memory', () => {
    expect(errorOf(() => digits({ count: 10_000_000 })).code).toBe('data/bad-option');
  });

  it('cannot be learnt by a linear model', () => {
    const { train, test } = digits();
    expect([train.count, test?.count]).toEqual([10_000, 2000]);
    const accuracy = linearAccuracy(train, test ?? train, 3);
    expect(accuracy).toBeGreaterThan(0.8);
    expect(accuracy).toBeLessThan(0.95);
  });
});

/** Test accuracy of a softmax regression trained by SGD (batch 64, learning rate 0.1) from zero. */
function linearAccuracy(train: Split, test: Split, epochs: number): number {
  const weights = new Float64Array(10 * 785);
  const gradient = new Float64Array(10 * 785);
  for (let i = 0; i < epochs * train.count; i++) {
    const row = i % train.count;
    const logits = logitsOf(weights, train, row);
    const top = Math.max(...logits);
    const total = logits.reduce((sum, v) => sum + Math.exp(v - top), 0);
    for (let k = 0; k < 10; k++) {
      const error = Math.exp((logits[k] ?? 0) - top) / total - (train.labels[row] === k ? 1 : 0);
      for (let j = 0; j < 784; j++) {
        gradient[k * 785 + j] = (gradient[k * 785 + j] ?? 0) + error * (train.features[row * 784 + j] ?? 0);
      }
      gradient[k * 785 + 784] = (gradient[k * 785 + 784] ?? 0) + error;
    }
    if (i % 64 === 63) {
      for (let j = 0; j < weights.length; j++)
        weights[j] = (weights[j] ?? 0) - (0.1 / 64) * (gradient[j] ?? 0);
      gradient.fill(0);
    }
  }
  let right = 0;
  for (let row = 0; row < test.count; row++) {
    const logits = logitsOf(weights, test, row);
    if (logits.indexOf(Math.max(...logits)) === test.labels[row]) right++;
  }
  return right / test.count;
}

function logitsOf(weights: Float64Array, split: Split, row: number): number[] {
  return Array.from({ length: 10 }, (_, k) => {
    let sum = weights[k * 785 + 784] ?? 0;
    for (let j = 0; j < 784; j++) sum += (weights[k * 785 + j] ?? 0) * (split.features[row * 784 + j] ?? 0);
    return sum;
  });
}
