/** The numbers behind the figures of the examples, held to formulas from books. */

import { describe, expect, it } from 'vitest';
import { activationCurves } from '../../bench/figures/activations.ts';
import { noisySeries, seriesAverages } from '../../bench/figures/averages.ts';
import { drawings } from '../../bench/figures/drawings.ts';
import { scheduleCurves, steps } from '../../bench/figures/schedules.ts';
import { depth, gradientSizes } from '../../bench/figures/vanishing.ts';
import { erf } from '../../src/oracle/error-function.ts';

type Formula = readonly [value: (z: number) => number, derivative: (z: number) => number];

const { exp, log, max, min, PI, sqrt, tanh } = Math;
const sigma = (z: number): number => 1 / (1 + exp(-z));
const phi = (z: number): number => 0.5 * (1 + erf(z / sqrt(2)));
const cubic = (z: number): number => sqrt(2 / PI) * (z + 0.044715 * z ** 3);
const kinked = (above: number, below: (z: number) => number) => (z: number) => (z > 0 ? above : below(z));
const [lambda, alpha] = [1.0507009873554805, 1.6732632423543772];

const formulas: Readonly<Record<string, Formula>> = {
  sigmoid: [sigma, (z) => exp(-z) / (1 + exp(-z)) ** 2],
  // Of (z, 0, 0), its first element.
  softmax: [(z) => exp(z) / (exp(z) + 2), (z) => (2 * exp(z)) / (exp(z) + 2) ** 2],
  tanh: [(z) => (exp(z) - exp(-z)) / (exp(z) + exp(-z)), (z) => 4 / (exp(z) + exp(-z)) ** 2],
  relu: [(z) => max(z, 0), kinked(1, () => 0)],
  'leaky-relu': [(z) => max(z, 0.01 * z), kinked(1, () => 0.01)],
  prelu: [(z) => max(z, 0.25 * z), kinked(1, () => 0.25)],
  elu: [(z) => max(z, 0) + exp(min(z, 0)) - 1, kinked(1, exp)],
  selu: [
    (z) => lambda * (max(z, 0) + alpha * (exp(min(z, 0)) - 1)),
    kinked(lambda, (z) => lambda * alpha * exp(z)),
  ],
  gelu: [(z) => z * phi(z), (z) => phi(z) + (z * exp(-z * z * 0.5)) / sqrt(2 * PI)],
  'gelu-tanh': [
    (z) => 0.5 * z * (1 + tanh(cubic(z))),
    (z) => {
      const slope = sqrt(2 / PI) * (1 + 3 * 0.044715 * z ** 2);
      return 0.5 * (1 + tanh(cubic(z))) + 0.5 * z * (1 - tanh(cubic(z)) ** 2) * slope;
    },
  ],
  softplus: [(z) => log(1 + exp(z)), (z) => exp(z) / (1 + exp(z))],
  silu: [(z) => z / (1 + exp(-z)), (z) => (1 + exp(-z) + z * exp(-z)) / (1 + exp(-z)) ** 2],
};

const expectNear = (found: readonly number[], expected: readonly number[], tolerance: number): void => {
  expect(found).toHaveLength(expected.length);
  const errors = found.map((value, i) => Math.abs(value - (expected[i] ?? Number.NaN)));
  expect(errors.findIndex((error) => !(error <= tolerance))).toBe(-1);
};

describe.each([
  ['f32', 2e-6],
  ['f64', 1e-14],
] as const)('activations in %s', (dtype, tolerance) => {
  it('have the values and derivatives of the formulas, from -4 to 4 and at 0', async () => {
    const curves = await activationCurves(dtype);
    expect(curves.map(({ name }) => name).sort()).toEqual(Object.keys(formulas).sort());
    for (const { name, z, values, derivatives } of curves) {
      const [value, derivative] = formulas[name] ?? [];
      if (!value || !derivative) throw new Error(`there is no formula for ${name}`);
      expect(z).toContain(0);
      expectNear(values, z.map(value), tolerance);
      expectNear(derivatives, z.map(derivative), tolerance);
    }
  });
});

describe('ten stacked layers', () => {
  it('of the sigmoid lose a factor of four and more from each layer to the one before', async () => {
    const sizes = await gradientSizes('sigmoid');
    expect(sizes).toHaveLength(depth);
    const perLayer = ((sizes[depth - 1] ?? 0) / (sizes[0] ?? 0)) ** (1 / (depth - 1));
    expect(perLayer).toBeGreaterThan(4);
    expect(perLayer).toBeLessThan(5);
  });

  it('of ReLU keep their gradient', async () => {
    const sizes = await gradientSizes('relu');
    expect(Math.max(...sizes) / Math.min(...sizes)).toBeLessThan(3);
  });
});

it('averages are those of the definition, corrected or not', async () => {
  const series = noisySeries();
  for (const { beta, plain, corrected } of await seriesAverages()) {
    let v = 0;
    const expected = series.map((x) => (v = beta * v + (1 - beta) * x));
    expectNear(plain, expected, 1e-5);
    expectNear(
      corrected,
      expected.map((value, i) => value / (1 - beta ** (i + 1))),
      1e-5,
    );
  }
});

describe('schedules', () => {
  const cosine = (t: number, of: number): number => 0.15 * (1 + Math.cos((PI * min(t, of)) / of));
  const triangle = (t: number): number => 1 - Math.abs(t - 90) / 90;
  const oneCycle = (t: number): number =>
    t <= 180 ? 0.03 + 0.27 * triangle(t) : 0.03 + ((0.0003 - 0.03) * (t - 180)) / 19;
  const byStep: Readonly<Record<string, (t: number) => number>> = {
    halving: (t) => 0.05 * 0.5 ** Math.floor(t / 50),
    piecewise: (t) => (t < 100 ? 0.3 : t < 150 ? 0.1 : 0.01),
    'exponential-decay': (t) => 0.05 * exp(-0.001 * t),
    cosine: (t) => cosine(t, 200),
    'warm-up': (t) => (t < 20 ? (0.3 * (t + 1)) / 20 : cosine(t - 20, 180)),
    cyclic: (t) => 0.01 + (0.29 * (30 - Math.abs((t % 60) - 30))) / 30,
    'one-cycle': oneCycle,
    'one-cycle-momentum': oneCycle,
  };

  it('report the rates of their formulas; those that look at the training only halve', {
    timeout: 180_000,
  }, async () => {
    const curves = await scheduleCurves();
    const times = Array.from({ length: steps }, (_, t) => t);
    const watching: string[] = [];
    for (const { name, rates, momenta } of curves) {
      const formula = byStep[name];
      if (formula) expectNear(rates, times.map(formula), 1e-7);
      else watching.push(name);
      if (name === 'one-cycle-momentum')
        expectNear(
          momenta,
          times.map((t) => 0.95 - 0.1 * max(0, triangle(t))),
          1e-6,
        );
      else expect(momenta).toEqual([]);
      if (!formula)
        for (const rate of rates) expect(Number.isInteger(Math.log2((rates[0] ?? 0) / rate))).toBe(true);
    }
    expect(watching).toEqual(['halving-on-metric', 'halving-on-plateau']);
  });
});

it('a drawing has the same bytes every time, and no more digits than can be seen', async () => {
  const draw = drawings['examples/09-optimization/ewa.svg'];
  if (!draw) throw new Error('there is no such drawing');
  const svg = await draw();
  expect((await draw()) === svg).toBe(true);
  expect(svg).toMatch(/^<svg xmlns.*<\/svg>\n$/s);
  expect(svg).not.toMatch(/\d\.\d{4}/);
});
