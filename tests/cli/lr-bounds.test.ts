/** Sweeps of the learning rate whose answer is known by their making: verdicts, turns and the early end. */

import { describe, expect, it } from 'vitest';
import { createBrake, findBounds, type RateBounds, type Reading } from '../../src/cli/lr-bounds.ts';

const steps = 200;
const rateAt = (i: number): number => 10 ** (-5 + (5 * i) / (steps - 1));
const noise = (i: number): number => Math.sin(12.9898 * i) * Math.cos(78.233 * i);

/** Readings of a loss that is a function of the place in the sweep, from 0 to 1. */
const sweepOf = (loss: (place: number) => number, jumps = 0): readonly Reading[] =>
  Array.from({ length: steps }, (_, i) => ({
    rate: rateAt(i),
    loss: loss(i / (steps - 1)) + jumps * noise(i),
  }));

/** As far as a sweep goes. */
function cut(readings: readonly Reading[]): readonly Reading[] {
  const isOver = createBrake(steps);
  const end = readings.findIndex(({ loss }) => isOver(loss));
  return readings.slice(0, end < 0 ? readings.length : end + 1);
}

const falling = (place: number): number => 2 - 1.5 / (1 + Math.exp(-(place - 0.5) * 20));

describe('the bounds of a sweep', () => {
  it.each([0.7, 0.8, 0.9])(
    'are 0.8 of the rate where the loss turns up, at %d of the sweep, and a tenth of that',
    (turn) => {
      const loss = (place: number): number => falling(place) + (place > turn ? 40 * (place - turn) : 0);
      for (const jumps of [0, 0.1]) {
        const bounds = findBounds(cut(sweepOf(loss, jumps)), steps, true);
        expect(bounds.verdict).toBe('turned');
        // Within a twentieth of the sweep, over which the loss is averaged.
        const place = (Math.log10(bounds.turn ?? 0) + 5) / 5;
        expect(Math.abs(place - turn)).toBeLessThan(0.05);
        expect(bounds.max).toBeCloseTo(0.8 * (bounds.turn ?? 0), 2);
        expect((bounds.max ?? 0) / (bounds.min ?? 1)).toBeCloseTo(10, 5);
      }
    },
  );

  it('are not moved by how far the loss gets at the end', () => {
    const end = (height: number): readonly Reading[] => [
      ...sweepOf(falling).slice(0, 160),
      { rate: rateAt(160), loss: height },
      { rate: rateAt(161), loss: Number.NaN },
    ];
    expect(findBounds(end(1e30), steps, true).turn).toBe(findBounds(end(10), steps, true).turn);
  });

  it('are none when the loss never turned up, never fell, or did neither', () => {
    const verdictOf = (loss: (place: number) => number, jumps: number): RateBounds =>
      findBounds(sweepOf(loss, jumps), steps, false);
    expect(verdictOf(falling, 0.05)).toMatchObject({ verdict: 'falling' });
    expect(verdictOf((place) => 1 + 5 * place, 0.05)).toMatchObject({ verdict: 'rising' });
    expect(verdictOf(() => 1, 0.3)).toMatchObject({ verdict: 'flat' });
    expect(verdictOf(() => 1, 0).max).toBeUndefined();
  });

  it('take the end of a flat bottom', () => {
    const loss = (place: number): number =>
      place < 0.4 ? 2 - 4 * place : place < 0.8 ? 0.4 : 0.4 + 20 * (place - 0.8);
    const { turn = 0 } = findBounds(cut(sweepOf(loss)), steps, true);
    expect((Math.log10(turn) + 5) / 5).toBeGreaterThan(0.75);
  });
});

describe('a sweep ends', () => {
  const endOf = (losses: readonly number[]): number => {
    const isOver = createBrake(losses.length);
    return losses.findIndex(isOver);
  };

  it('when the average loss is four times its best', () => {
    const losses = Array.from({ length: 100 }, (_, i) => (i < 60 ? 1 : 3.9));
    expect(endOf(losses)).toBe(-1);
    const end = endOf(Array.from({ length: 100 }, (_, i) => (i < 60 ? 1 : 4.5)));
    expect(end).toBeGreaterThan(61);
    expect(end).toBeLessThan(80);
  });

  it('at once when it is not finite', () => {
    expect(endOf([1, 2, Number.NaN, 1])).toBe(2);
    expect(endOf([Number.POSITIVE_INFINITY])).toBe(0);
  });

  it('neither for a lucky first batch, nor for noise around almost 0, nor below 0', () => {
    expect(endOf(Array.from({ length: 100 }, (_, i) => (i === 0 ? 0.01 : 1)))).toBe(-1);
    expect(
      endOf(Array.from({ length: 100 }, (_, i) => (i < 50 ? 1 - i / 50 : 0.002 + 0.002 * noise(i)))),
    ).toBe(-1);
    expect(endOf(Array.from({ length: 100 }, (_, i) => -i))).toBe(-1);
  });
});
