/** Initial values are drawn from the distributions that the initializers promise. */

import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile.ts';
import {
  constant,
  dense,
  glorotNormal,
  glorotUniform,
  type Initializer,
  kaimingNormal,
  kaimingUniform,
  type ModelContext,
  normal,
  uniform,
  xavierNormal,
  zeros,
} from '../../src/index.ts';
import { total } from './reference.ts';
import { anyLoss, precisions, readSource, small, trainerOf } from './support.ts';

/** Sizes in and out that are far apart, so that one cannot pass for the other. */
const shapes = [
  [100, 40],
  [8, 400],
  [3000, 1],
] as const;

interface Case {
  readonly init: Initializer;
  /** Variance from the number of inputs and of units. */
  readonly variance: (inputs: number, units: number) => number;
  readonly mean?: number;
  readonly kind: 'normal' | 'uniform';
}

const byInputs =
  (gain: number) =>
  (inputs: number): number =>
    gain / inputs;
const byBoth = (inputs: number, units: number): number => 2 / (inputs + units);

const cases: { readonly [name: string]: Case } = {
  xavierNormal: { init: xavierNormal(), variance: byInputs(1), kind: 'normal' },
  glorotNormal: { init: glorotNormal(), variance: byBoth, kind: 'normal' },
  glorotUniform: { init: glorotUniform(), variance: byBoth, kind: 'uniform' },
  kaimingNormal: { init: kaimingNormal(), variance: byInputs(2), kind: 'normal' },
  kaimingUniform: { init: kaimingUniform(), variance: byInputs(2), kind: 'uniform' },
  'kaimingNormal for a slope': {
    init: kaimingNormal({ slope: 0.5 }),
    variance: byInputs(2 / 1.25),
    kind: 'normal',
  },
  'kaimingUniform for a negative slope': {
    init: kaimingUniform({ slope: -1 }),
    variance: byInputs(1),
    kind: 'uniform',
  },
  normal: { init: normal(0.3), variance: () => 0.09, kind: 'normal' },
  uniform: { init: uniform(-1, 3), variance: () => 16 / 12, mean: 1, kind: 'uniform' },
};

const nameOf = (name: string, shape: readonly number[]): string => `${name} ${shape.join(' by ')}`;

/** All distributions in all shapes as parameters of one model. */
const everything = small((m) => {
  for (const [name, { init }] of Object.entries(cases))
    for (const shape of shapes) m.param(nameOf(name, shape), shape, init);
  return { loss: anyLoss(m).add(m.input('x', ['batch']).sum()) };
});

const drawn = await trainerOf(everything, 'f64', { seed: 11 });
const valuesOf = (name: string, shape: readonly number[]): number[] => [
  ...(drawn.state[nameOf(name, shape)] ?? []),
];

describe.each(Object.entries(cases))('%s', (name, { variance, mean = 0, kind }) => {
  it.each(shapes.map((shape) => [shape[0], shape[1]] as const))(
    'has mean and variance of [%d, %d]',
    (...shape) => {
      const values = valuesOf(name, shape);
      const count = shape[0] * shape[1];
      expect(values.length).toBe(count);
      const expected = variance(...shape);
      const found = total(values) / count;
      expect(Math.abs(found - mean)).toBeLessThan(5 * Math.sqrt(expected / count));
      const spread = total(values.map((x) => (x - mean) ** 2)) / count;
      // The variance of (x - mean)^2 is 2 v^2 for the normal and 0.8 v^2 for the uniform distribution.
      const bound = 5 * expected * Math.sqrt((kind === 'normal' ? 2 : 0.8) / count);
      expect(Math.abs(spread - expected), `variance ${spread}, expected ${expected}`).toBeLessThan(bound);
    },
  );

  it.each(shapes.map((shape) => [shape[0], shape[1]] as const))('has its shape of [%d, %d]', (...shape) => {
    const values = valuesOf(name, shape);
    const deviation = Math.sqrt(variance(...shape));
    const share = values.filter((x) => Math.abs(x - mean) < deviation).length / values.length;
    // Within one standard deviation: erf(1 / sqrt(2)) of the normal, 1 / sqrt(3) of the uniform distribution.
    const expected = kind === 'normal' ? 0.682689492 : 1 / Math.sqrt(3);
    expect(Math.abs(share - expected)).toBeLessThan(
      5 * Math.sqrt((expected * (1 - expected)) / values.length),
    );
    const furthest = Math.max(...values.map((x) => Math.abs(x - mean))) / deviation;
    if (kind === 'normal') expect(furthest).toBeGreaterThan(2.5);
    else {
      expect(furthest).toBeLessThanOrEqual(Math.sqrt(3));
      // The largest of n uniform numbers is further than 12 / n from the end once in 160,000 runs.
      expect(furthest).toBeGreaterThan((1 - 12 / values.length) * Math.sqrt(3));
    }
  });
});

describe('initial values', () => {
  it('are the same for the same seed, others for another, and f32 has those of f64 rounded', async () => {
    const again = await trainerOf(everything, 'f64', { seed: 11 });
    const single = await trainerOf(everything, 'f32', { seed: 11 });
    const other = await trainerOf(everything, 'f64', { seed: 12 });
    for (const name of Object.keys(cases)) {
      const values = valuesOf(name, [8, 400]);
      const key = nameOf(name, [8, 400]);
      expect([...(again.state[key] ?? [])]).toEqual(values);
      expect([...(single.state[key] ?? [])]).toEqual(values.map(Math.fround));
      expect([...(other.state[key] ?? [])].filter((x, i) => x === values[i])).toEqual([]);
    }
  });

  it('of two parameters of one shape differ', () => {
    expect(valuesOf('kaimingNormal', [8, 400])).not.toEqual(valuesOf('normal', [8, 400]));
    const scaled = (name: string, size: number) => valuesOf(name, [8, 400]).map((x) => (x / size).toFixed(6));
    const [a, b] = [scaled('kaimingNormal', 0.5), scaled('normal', 0.3)];
    expect(a.filter((x, i) => x === b[i]).length).toBeLessThan(20);
  });

  it.each(precisions)('of zeros and constant are what they say in %s', async (dtype) => {
    const declared = small((m) => {
      m.param('zero', [2, 3], zeros());
      m.param('seven', [4], constant(7.25));
      m.param('one', [], constant(-1));
      return { loss: anyLoss(m).add(m.input('x', ['batch']).sum()) };
    });
    const { state } = await trainerOf(declared, dtype);
    expect([...(state.zero ?? [])]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...(state.seven ?? [])]).toEqual([7.25, 7.25, 7.25, 7.25]);
    expect([...(state.one ?? [])]).toEqual([-1]);
  });

  it('of a dense layer are Kaiming-normal weights and biases of 0', async () => {
    const { layout } = await trainerOf(
      small((m) => ({ loss: dense(m.input('x', ['batch', 50]), 3).mean() })),
    );
    expect(layout.state.map(({ name, init }) => [name, init])).toEqual([
      ['w1', { kind: 'normal', mean: 0, std: 0.2 }],
      ['b1', { kind: 'constant', value: 0 }],
    ]);
  });
});

describe('a symmetric start', () => {
  const warningsOf = async (build: (m: ModelContext) => ReturnType<typeof anyLoss>) => {
    const { warnings } = await compile(
      small((m) => ({ loss: build(m) })),
      { readSource },
    );
    return warnings.filter(({ code }) => code === 'param/symmetric');
  };
  const twoLayers = (first: Initializer, second: Initializer) => (m: ModelContext) =>
    dense(dense(m.input('x', ['batch', 3]), 4, { init: first }).tanh(), 2, { init: second }).mean();

  it.each([
    ['zeros', zeros(), zeros()],
    ['constants', constant(0.5), constant(0.1)],
    ['zeros and a constant', zeros(), constant(1)],
  ])('of two weight matrices is warned of, at the line of the first (%s)', async (_, one, other) => {
    const found = await warningsOf(twoLayers(one, other));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      severity: 'warning',
      site: { file: expect.stringContaining('initializers.test') },
    });
  });

  it('is not warned of where one matrix is drawn, or where there is but one', async () => {
    expect(await warningsOf(twoLayers(zeros(), kaimingNormal()))).toEqual([]);
    expect(await warningsOf(twoLayers(kaimingNormal(), zeros()))).toEqual([]);
    expect(await warningsOf((m) => dense(m.input('x', ['batch', 3]), 4, { init: zeros() }).mean())).toEqual(
      [],
    );
  });
});
