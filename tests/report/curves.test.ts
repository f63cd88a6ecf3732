/** Curves of any length: what is kept of them, and the averages against their definition. */

import { describe, expect, it } from 'vitest';
import { betaOver, centredAverage, createAverage } from '../../src/report/average.ts';
import { curveFigure } from '../../src/report/curves.ts';
import { createDecimator, type Point } from '../../src/report/decimate.ts';
import { createHistory, curvePoints } from '../../src/report/history.ts';

/** Values that jump as a loss does, the same in every run. */
const noisy = (i: number): number => Math.exp(-i / 4000) + 0.3 * Math.sin(12.9898 * i) * Math.cos(78.233 * i);

function decimated(values: readonly number[], limit: number): readonly Point[] {
  const decimator = createDecimator(limit);
  values.forEach((value, i) => {
    decimator.add(i, value);
  });
  return decimator.points();
}

describe('a decimated curve', () => {
  it.each([1, 2, 99, 100])('of %i points is kept whole up to its limit of 100', (count) => {
    const values = Array.from({ length: count }, (_, i) => noisy(i));
    expect(decimated(values, 100)).toEqual(values.map((value, i) => [i, value]));
  });

  it.each([101, 150, 1000, 54_321])('of %i points has at most 100, and not few', (count) => {
    const points = decimated(
      Array.from({ length: count }, (_, i) => noisy(i)),
      100,
    );
    expect(points.length).toBeLessThanOrEqual(100);
    expect(points.length).toBeGreaterThan(45);
  });

  it('keeps the extremes wherever they are, in the order of x', () => {
    for (const [low, high] of [
      [0, 9999],
      [5000, 5001],
      [9999, 0],
      [1234, 8765],
    ] as const) {
      const values = Array.from({ length: 10_000 }, (_, i) => (i === low ? -50 : i === high ? 50 : noisy(i)));
      const points = decimated(values, 200);
      expect(points).toContainEqual([low, -50]);
      expect(points).toContainEqual([high, 50]);
      const xs = points.map(([x]) => x);
      expect(xs).toEqual(xs.toSorted((a, b) => a - b));
      // Nothing is made up: every point is one of the given.
      expect(points.every(([x, y]) => values[x] === y)).toBe(true);
    }
  });

  it('has the least and the greatest of every bucket', () => {
    const values = Array.from({ length: 4096 }, (_, i) => noisy(i));
    const points = decimated(values, 128);
    const width = 4096 / (points.length / 2);
    for (let from = 0; from < 4096; from += width) {
      const bucket = values.slice(from, from + width);
      const ys = points.filter(([x]) => x >= from && x < from + width).map(([, y]) => y);
      expect(ys.toSorted((a, b) => a - b)).toEqual([Math.min(...bucket), Math.max(...bucket)]);
    }
  });
});

describe('the exponentially weighted average', () => {
  it.each([0, 0.5, 0.9, 0.98])('with beta %d is the weighted mean of all values so far', (beta) => {
    const values = Array.from({ length: 60 }, (_, i) => noisy(i));
    const average = createAverage(beta);
    values.forEach((value, t) => {
      const weights = values.slice(0, t + 1).map((_, i) => beta ** (t - i));
      const sum = weights.reduce((total, weight) => total + weight, 0);
      const mean = weights.reduce((total, weight, i) => total + (weight / sum) * (values[i] ?? 0), 0);
      expect(average(value)).toBeCloseTo(mean, 12);
    });
  });

  it('of equal values is that value from the first on', () => {
    const average = createAverage(0.99);
    for (let i = 0; i < 5; i++) expect(average(3)).toBeCloseTo(3, 12);
  });

  it('is over about as many values as asked', () => {
    expect(betaOver(10)).toBeCloseTo(0.9);
    expect(betaOver(0.2)).toBe(0);
  });

  it('around a value is symmetric, keeps straight lines, and reaches no farther than it should', () => {
    const values = Array.from({ length: 40 }, (_, i) => noisy(i));
    const backward = centredAverage(values.toReversed(), 4).toReversed();
    centredAverage(values, 4).forEach((value, i) => {
      expect(value).toBeCloseTo(backward[i] ?? Number.NaN, 12);
    });
    expect(centredAverage([0, 1, 2, 3, 4, 5, 6], 2).slice(2, 5)).toEqual([2, 3, 4]);
    expect(centredAverage([0, 0, 0, 9, 0, 0, 0], 2)).toEqual([0, 9 / 8, 2, 3, 2, 9 / 8, 0]);
  });
});

describe('the history of a training', () => {
  const progress = (step: number, stepsTotal: number, loss: number) => ({
    loss,
    learningRate: 0.1,
    step,
    stepsTotal,
    epoch: 1,
    samplesSeen: step,
    skipped: 0,
  });

  it('keeps a bounded curve and an average per metric, and counts what is not finite', () => {
    const history = createHistory(['loss', 'learningRate']);
    for (let step = 1; step <= 20_000; step++)
      history.add(progress(step, 20_000, step === 7 ? Number.NaN : noisy(step)));
    const [loss, rate] = history.curves();
    expect(loss?.name).toBe('loss');
    expect(loss?.raw.length).toBeLessThanOrEqual(curvePoints);
    expect(loss?.average.length).toBeLessThanOrEqual(curvePoints);
    expect(loss?.notFinite).toBe(1);
    expect(rate?.notFinite).toBe(0);
    expect(history.beta()).toBeCloseTo(1 - 1 / 500);
    expect(history.curves()).toEqual(history.curves());
  });

  it('averages over a fortieth of the steps to come, from 10 on', () => {
    const betaAfter = (steps: number): number | undefined => {
      const history = createHistory(['loss']);
      history.add(progress(1, steps, 1));
      return history.beta();
    };
    expect(betaAfter(5)).toBeCloseTo(0.9);
    expect(betaAfter(4000)).toBeCloseTo(0.99);
    expect(createHistory(['loss']).beta()).toBeUndefined();
  });
});

describe('the figure of a curve', () => {
  const curve = (name: string, ys: readonly number[]) => {
    const raw = ys.map((y, i): Point => [i + 1, y]);
    return { name, raw, average: raw, notFinite: 0 };
  };

  it('begins at 0 where that is near, and shows shares as such', () => {
    expect(curveFigure(curve('loss', [2, 1, 0.5]))?.y).toMatchObject({ log: false, domain: [0, 2.075] });
    expect(curveFigure(curve('accuracy', [0.1, 0.9]))?.y).toMatchObject({ share: true, domain: [0, 1] });
    expect(curveFigure(curve('learningRate', [0.1, 0.1]))?.y.domain).toEqual([0, 0.125]);
    expect(curveFigure(curve('score', [-3, -1]))?.y.domain?.[0]).toBeLessThan(-3);
  });

  it('is logarithmic where a linear one would show the beginning alone', () => {
    expect(curveFigure(curve('loss', [5000, 1, 0.5]))?.y.log).toBe(true);
    expect(curveFigure(curve('loss', [5000, 1, 0]))?.y.log).toBe(false);
  });

  it('is none without a finite value', () => {
    expect(curveFigure(curve('loss', []))).toBeUndefined();
  });
});
