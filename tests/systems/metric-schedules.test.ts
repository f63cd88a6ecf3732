/** Schedules that follow a metric do at every step what a simulation by hand does with the metric that was reported. */

import { describe, expect, it } from 'vitest';
import {
  adam,
  gradientDescent,
  type Hyperparameter,
  halving,
  halvingOnMetric,
  halvingOnPlateau,
  momentum,
  nesterov,
  type Optimizer,
  piecewise,
  product,
  warmUp,
} from '../../src/index.ts';
import { type Follower, halved, passing, stalling } from './formulas.ts';
import {
  anyLoss,
  networkModel,
  plain,
  precisions,
  small,
  startOf,
  type Trainer,
  trainerOf,
  trainNetwork,
  uniforms,
} from './support.ts';

/** A model whose loss has a part that the test chooses for each step, and a metric `signal` that is that part. */
const signalled = (optimizer: Optimizer) =>
  small(
    (m) => {
      const signal = m.input('x', ['batch']).mean();
      return { loss: anyLoss(m).mul(0).add(signal), metrics: { signal } };
    },
    { optimizer },
  );

const rateOf = (trainer: Trainer, signal: number): number =>
  trainer.step({ x: [signal] }).learningRate ?? Number.NaN;

async function expectFollows(rate: Hyperparameter, signals: readonly number[], expected: readonly number[]) {
  const trainer = await trainerOf(signalled(gradientDescent({ learningRate: rate })));
  for (const [t, signal] of signals.entries())
    expect(rateOf(trainer, signal), `rate of step ${t}`).toBeCloseTo(expected[t] ?? Number.NaN, 13);
}

/** Numbers that fall, with noise and runs of equal ones, so that plateaus of every length occur. */
const walk: readonly number[] = uniforms(70, 200).map(
  (u, t) => Math.round(16 * (3 / (1 + 0.05 * t) + u)) / 16,
);

const plateau = { initial: 0.8, factor: 0.5, patience: 3, minDelta: 0, min: 0 } as const;

describe('halving on a plateau', () => {
  it('waits as many steps as patience says, then counts anew', async () => {
    const signals = [5, 5, 5, 5, 5, 5, 5, 4, 4, 4, 4, 3];
    const halves = [0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3];
    const expected = halves.map((n) => 0.8 * 0.5 ** n);
    await expectFollows(halvingOnPlateau({ initial: 0.8, patience: 3 }), signals, expected);
  });

  it('falls in every step without an improvement where patience is 1', async () => {
    const signals = [5, 4, 4, 4.5, 3, 3];
    const expected = [0, 0, 1, 2, 2, 3].map((n) => 0.8 * 0.1 ** n);
    await expectFollows(halvingOnPlateau({ initial: 0.8, factor: 0.1, patience: 1 }), signals, expected);
  });

  it('falls no further than its least rate', async () => {
    const expected = [0.8, 0.4, 0.3, 0.3];
    await expectFollows(halvingOnPlateau({ initial: 0.8, patience: 1, min: 0.3 }), [1, 1, 1, 1], expected);
  });

  it('takes for an improvement only what is more than minDelta', async () => {
    const signals = [5, 4.75, 4.5, 4.25, 4, 3.75];
    const expected = [0.8, 0.8, 0.4, 0.4, 0.4, 0.2];
    const rate = halvingOnPlateau({ initial: 0.8, patience: 2, minDelta: 0.5 });
    await expectFollows(rate, signals, expected);
  });

  it.each([
    { ...plateau, mode: 'min' },
    { ...plateau, mode: 'max' },
    { ...plateau, mode: 'min', patience: 1, factor: 0.9, minDelta: 0.25, min: 0.05 },
    { ...plateau, mode: 'max', patience: 7, factor: 0.3, minDelta: 0.125 },
  ] as const)('follows its rule on a long noisy metric: %j', async (options) => {
    const follower = stalling(options);
    const signals = options.mode === 'min' ? walk : walk.map((x) => -x);
    const expected = signals.map(follower);
    expect(new Set(expected).size, 'different rates').toBeGreaterThan(4);
    await expectFollows(halvingOnPlateau({ ...options, metric: 'signal' }), signals, expected);
  });

  it('of momentum follows the metric as well, and reports it', async () => {
    const beta = halvingOnPlateau({ initial: 0.8, patience: 2, metric: 'signal' });
    const trainer = await trainerOf(signalled(momentum({ learningRate: 0.1, beta })));
    const follower = stalling({ ...plateau, mode: 'min', patience: 2 });
    for (const signal of walk.slice(0, 30))
      expect(trainer.step({ x: [signal] }).momentum).toBeCloseTo(follower(signal), 13);
  });
});

describe('halving on a metric', () => {
  it('falls in the step that passes a threshold, once for each, for good', async () => {
    const signals = [5, 4, 3.9, 5, 2, 2.5, 0, 9];
    const expected = [0, 0, 1, 1, 1, 1, 2, 2].map((n) => 0.8 * 0.5 ** n);
    await expectFollows(halvingOnMetric({ initial: 0.8, below: [4, 2] }), signals, expected);
  });

  it('may pass several thresholds at once, given in any order', async () => {
    const expected = [0, 3, 3].map((n) => 0.8 * 0.1 ** n);
    const rate = halvingOnMetric({ initial: 0.8, factor: 0.1, metric: 'signal', above: [0.5, 0.9, 0.7] });
    await expectFollows(rate, [0.5, 0.95, 0], expected);
  });

  it('follows its rule on a long noisy metric, from above and from below', async () => {
    const options = { initial: 0.8, factor: 0.7 };
    const below = walk.map(passing({ ...options, below: [3, 2, 1.25] }));
    const rising = walk.map((x) => -x);
    const above = rising.map(passing({ ...options, above: [-3, -2, -1.25] }));
    expect(new Set(below).size, 'different rates').toBeGreaterThan(2);
    expect(above).toEqual(below);
    await expectFollows(halvingOnMetric({ ...options, below: [3, 2, 1.25] }), walk, below);
    await expectFollows(halvingOnMetric({ ...options, above: [-3, -2, -1.25] }), rising, above);
  });
});

describe('a metric that is no number in some step', () => {
  /** The logarithm of what is below 0. */
  const broken = (optimizer: Optimizer) =>
    small(
      (m) => {
        const x = m.input('x', ['batch']).mean();
        return { loss: anyLoss(m).add(x.mul(0)), metrics: { logarithm: x.log() } };
      },
      { optimizer },
    );
  const ratesOf = async (rate: Hyperparameter, logarithms: readonly number[]) => {
    const trainer = await trainerOf(broken(gradientDescent({ learningRate: rate })));
    return logarithms.map((y) => rateOf(trainer, Number.isNaN(y) ? -1 : Math.exp(y)));
  };
  const { NaN: nan } = Number;

  it('passes no threshold, and those passed before stay passed', async () => {
    const below = halvingOnMetric({ initial: 1, below: [0, -1], metric: 'logarithm' });
    expect(await ratesOf(below, [2, nan, -0.5, nan, 2, -2, nan])).toEqual([1, 1, 0.5, 0.5, 0.5, 0.25, 0.25]);
    const above = halvingOnMetric({ initial: 1, above: [0, 1], metric: 'logarithm' });
    expect(await ratesOf(above, [-2, nan, 0.5, nan, -2, 2, nan])).toEqual([1, 1, 0.5, 0.5, 0.5, 0.25, 0.25]);
  });

  it('is no improvement, and the best so far stays the best', async () => {
    const rate = halvingOnPlateau({ initial: 1, patience: 2, metric: 'logarithm' });
    expect(await ratesOf(rate, [2, nan, nan, 3, 1, nan, 0])).toEqual([1, 1, 0.5, 0.5, 0.5, 0.5, 0.5]);
  });
});

describe('metric-driven parts of a schedule', () => {
  const short = { ...plateau, mode: 'min', patience: 2 } as const;
  const long = { ...plateau, mode: 'min', initial: 1, factor: 0.9, patience: 5 } as const;
  const steps = walk.slice(0, 80);

  it('remember for themselves in a product', async () => {
    const [one, other]: Follower[] = [stalling(short), stalling(long)];
    const threshold = passing({ initial: 1, factor: 0.5, below: [2] });
    const expected = steps.map((x) => (one?.(x) ?? 0) * (other?.(x) ?? 0) * threshold(x));
    const rate = product(
      halvingOnPlateau(short),
      product(halvingOnPlateau(long), halvingOnMetric({ initial: 1, below: [2] })),
    );
    await expectFollows(rate, steps, expected);
  });

  it('begin when their piece begins, having seen nothing before', async () => {
    const [early, late] = [stalling(short), stalling(long)];
    const expected = steps.map((x, t) => (t < 30 ? early(x) : late(x)));
    const rate = piecewise(
      { from: 0, rate: halvingOnPlateau(short) },
      { from: 30, rate: halvingOnPlateau(long) },
    );
    await expectFollows(rate, steps, expected);
  });

  it('begin when the warm-up is over, having seen nothing before', async () => {
    const follower = stalling(short);
    const expected = steps.map((x, t) => (t < 20 ? (short.initial * (t + 1)) / 20 : follower(x)));
    await expectFollows(warmUp({ steps: 20, rate: halvingOnPlateau(short) }), steps, expected);
  });

  it('begin when all that they are nested in has begun', async () => {
    const follower = stalling(short);
    const fall = halved(1, 0.5, 40);
    const expected = steps.map((x, t) => {
      if (t < 10) return 0.3 * fall(t);
      return (t < 25 ? (short.initial * (t - 10 + 1)) / 15 : follower(x)) * fall(t);
    });
    const rate = product(
      piecewise(
        { from: 0, rate: 0.3 },
        { from: 10, rate: warmUp({ steps: 15, rate: product(halvingOnPlateau(short), 1) }) },
      ),
      halving({ initial: 1, every: 40 }),
    );
    await expectFollows(rate, steps, expected);
  });
});

describe.each(precisions)('on a real run in %s', (dtype) => {
  const options = { initial: 0.1, factor: 0.7, mode: 'min', patience: 2, minDelta: 0, min: 0.01 } as const;
  const follow = async (optimizerOf: (rate: Hyperparameter) => Optimizer) => {
    const declared = networkModel(plain, optimizerOf(halvingOnPlateau(options)));
    const { losses, rates } = await trainNetwork(declared, startOf(plain), 40, dtype);
    const expected = losses.map(stalling(options));
    expect(new Set(expected).size, 'different rates').toBeGreaterThan(3);
    expected.forEach((rate, t) => {
      expect(Math.abs((rates[t] ?? Number.NaN) / rate - 1), `rate of step ${t}`).toBeLessThan(
        dtype === 'f64' ? 1e-12 : 1e-6,
      );
    });
  };

  it('the plateau of the loss decides the rate of gradient descent', () =>
    follow((learningRate) => gradientDescent({ learningRate })));
  it('the plateau of the loss decides the rate of Adam', () =>
    follow((learningRate) => adam({ learningRate })));
  it('the plateau of the loss at the look-ahead decides the rate of Nesterov', () =>
    follow((learningRate) => nesterov({ learningRate })));
});
