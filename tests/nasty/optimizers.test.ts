/** Optimizers at the ends of their ranges: clipping nothing or everything, rates and averages that are no numbers. */

import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile.ts';
import {
  adam,
  adamax,
  adamW,
  clipByNorm,
  constant,
  gradientDescent,
  momentum,
  nadam,
  nesterov,
  type Optimizer,
  rmsprop,
} from '../../src/index.ts';
import { instantiate } from '../../src/instantiate.ts';
import { linesOf, refusal } from '../dsl/support.ts';
import { collect, explained, faultOf, precisions, rounded, small, trained, trainerFor } from './support.ts';

const site = linesOf(import.meta.url);
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** The gradient at `w` is `x`. */
const linear = (optimizer: Optimizer) =>
  small(
    (m) => ({
      loss: m
        .param('w', [2], constant(1))
        .mul(m.input('x', ['batch', 2]))
        .sum(),
    }),
    { optimizer },
  );

const makers: readonly (readonly [string, (learningRate: number) => Optimizer])[] = [
  ['gradientDescent', (learningRate) => gradientDescent({ learningRate })],
  ['momentum', (learningRate) => momentum({ learningRate })],
  ['nesterov', (learningRate) => nesterov({ learningRate })],
  ['rmsprop', (learningRate) => rmsprop({ learningRate })],
  ['adam', (learningRate) => adam({ learningRate })],
  ['adamax', (learningRate) => adamax({ learningRate })],
  ['nadam', (learningRate) => nadam({ learningRate })],
  ['adamW', (learningRate) => adamW({ learningRate })],
];

describe.each(precisions)('in %s', (dtype) => {
  const clipped = linear(clipByNorm(gradientDescent({ learningRate: 1 }), 1));

  it('case 13: a norm of 0 leaves gradients and parameters as they are', async () => {
    const { trainer } = await trained(clipped, dtype);
    trainer.step({ x: [0, 0] });
    expect([...(trainer.state.w ?? [])]).toEqual([1, 1]);
  });

  it('case 13: a norm up to the limit changes no bit, one above is scaled to the limit', async () => {
    const { trainer } = await trained(clipped, dtype);
    trainer.step({ x: [0.25, -0.5] });
    expect([...(trainer.state.w ?? [])]).toEqual([0.75, 1.5]);
    trainer.state.w?.fill(0);
    trainer.step({ x: [-300, 400] });
    expect([...(trainer.state.w ?? [])]).toEqual([rounded(0.6, dtype), rounded(-0.8, dtype)]);
  });

  it('case 13: a norm that overflows from finite gradients moves no parameter and spoils none', async () => {
    const { trainer } = await trained(clipped, dtype);
    const large = dtype === 'f32' ? 1e30 : 1e300;
    trainer.step({ x: [large, -large] });
    expect([...(trainer.state.w ?? [])]).toEqual([1, 1]);
  });

  it('case 13: an infinite gradient is taken back and reported', async () => {
    const declared = small(
      (m) => ({
        loss: m
          .param('w', [], constant(0))
          .sqrt()
          .mul(m.input('x', ['batch']))
          .mean(),
      }),
      { optimizer: clipByNorm(gradientDescent({ learningRate: 1 }), 1) },
    );
    const { trainer } = await trained(declared, dtype);
    const { error } = await explained(declared, dtype, () => trainer.step({ x: [1] }));
    expect(error.message).toMatch(/^The parameter "w" becomes NaN at step 1/);
    expect([...(trainer.state.w ?? [])]).toEqual([0]);
    const skipped = await collect(trainer.fit({ x: [1] }, { steps: 2, onNonFinite: 'skip' }));
    expect(skipped.map((progress) => progress.skipped)).toEqual([1, 2]);
    expect((await faultOf(() => trainer.step({ x: [1] }))).message).toMatch(/at step 3/);
  });

  it.each(makers)('case 14: %s with the learning rate 0 changes no parameter', async (_, make) => {
    const trainer = (await trained(linear(make(0)), dtype)).trainer;
    for (let step = 0; step < 3; step++) trainer.step({ x: [1, -2] });
    expect([...(trainer.state.w ?? [])]).toEqual([1, 1]);
  });

  it.each<[string, Optimizer]>([
    ['adam', adam({ learningRate: 0.5, epsilon: 0 })],
    ['nadam', nadam({ learningRate: 0.5, epsilon: 0, beta1: 0 })],
    ['adamax', adamax({ learningRate: 0.5, epsilon: 0 })],
  ])(
    'case 14: the first step of %s is the learning rate against the sign: its averages are corrected exactly',
    async (_, optimizer) => {
      const { trainer } = await trained(linear(optimizer), dtype);
      trainer.step({ x: [3e-4, -700] });
      const [a = nan, b = nan] = trainer.state.w ?? [];
      // In f32 the average has the share 1 - f32(0.999), and the correction that of 0.999.
      const tolerance = dtype === 'f64' ? 1e-12 : 1e-5;
      expect(Math.abs(a - 0.5)).toBeLessThan(tolerance);
      expect(Math.abs(b - 1.5)).toBeLessThan(tolerance);
    },
  );

  it('case 14: after a thousand million steps the correction is 1 and every number finite', async () => {
    const { code } = await compile(linear(adam({ learningRate: 0.5, epsilon: 0 })), { dtype });
    const program = (await instantiate(code)).create();
    for (const [name, value] of Object.entries({ w: 1, 'w.m': 0.25, 'w.v': 0.0625 }))
      program.state[name]?.fill(value);
    const x = dtype === 'f32' ? Float32Array.of(0.25, 0.25) : Float64Array.of(0.25, 0.25);
    program.step({ x }, 1, 999_999_999, 0);
    // Averages that are the gradient already, and its square, make a step of the whole learning rate.
    for (const w of program.state.w ?? []) expect(w).toBeCloseTo(0.5, 6);
  });

  it('case 14: averages of beta 0 are the gradient itself, without 0 / 0 at a gradient of 0', async () => {
    const zero = adam({ learningRate: 0.5, beta1: 0, beta2: 0 });
    const trainer = await trainerFor(
      (m) => ({
        loss: m
          .param('w', [2], constant(1))
          .mul(m.input('x', ['batch', 2]))
          .sum(),
      }),
      { optimizer: zero },
      dtype,
    );
    for (const x of [
      [2, 0],
      [0, 0],
      [-2, 0],
    ])
      trainer.step({ x });
    const [a = nan, b = nan] = trainer.state.w ?? [];
    expect(a).toBeCloseTo(1, 6);
    expect(b).toBe(1);
  });
});

it.each(makers.flatMap(([name, make]) => [-0.1, nan, inf, -inf].map((rate) => [name, rate, make] as const)))(
  'case 14: %s refuses the learning rate %d at the line that gives it',
  async (_, rate, make) => {
    const diagnostic = await refusal(() => make(rate));
    expect(diagnostic).toMatchObject({ code: 'model/hyperparameter', severity: 'error' });
    expect(diagnostic.site?.file).toBe(site('here').file); // here
    expect(diagnostic.message).toBe(
      `learningRate must be a finite number from 0, or a schedule, got ${rate}.`,
    );
  },
);

it.each([1, -0.1, 1.5, nan])('case 14: the share %d of an average is refused', async (beta) => {
  const uses: readonly (() => unknown)[] = [
    () => momentum({ learningRate: 1, beta }),
    () => nesterov({ learningRate: 1, beta }),
    () => adam({ learningRate: 1, beta1: beta }),
    () => adam({ learningRate: 1, beta2: beta }),
    () => nadam({ learningRate: 1, beta1: beta }),
    () => adamax({ learningRate: 1, beta2: beta }),
  ];
  for (const use of uses) {
    const diagnostic = await refusal(use);
    expect(diagnostic).toMatchObject({ code: 'model/hyperparameter', site: { file: site('here').file } });
    expect(diagnostic.message).toMatch(`must be a number from 0 to below 1, got ${beta}.`);
  }
});
