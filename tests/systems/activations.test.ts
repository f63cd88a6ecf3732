/** Activations have the value and the derivatives of their formulas: everywhere, at kinks, and far out. */

import { describe, expect, it } from 'vitest';
import {
  constant,
  elu,
  gelu,
  gradient,
  leakyRelu,
  type ModelContext,
  prelu,
  relu,
  selu,
  sigmoid,
  silu,
  softplus,
  type Tensor,
  tanh,
} from '../../src/index.ts';
import { type ByHand, byHand, leakyByHand } from './activation-formulas.ts';
import { anyLoss, type Precision, precisions, small, trainerOf } from './support.ts';

type Column = Tensor<readonly ['batch', 1]>;
type Activation = (x: Column, m: ModelContext) => Column;

interface Case {
  readonly apply: Activation;
  readonly formula: ByHand;
  /** The derivative at 0, from the left, where there is a kink; undefined where the function is smooth. */
  readonly kink?: number;
  readonly left: End;
  readonly right: End;
}

/** What the function is a multiple of far out, and the multiple: 0.01 x, or -1. */
type End = readonly ['x' | 1, number];

const scale = 1.0507009873554805;
const alpha = 1.6732632423543772;
const flat: End = [1, 0];
const itself: End = ['x', 1];

const activations: { readonly [name: string]: Case } = {
  relu: { apply: (x) => relu(x), formula: byHand.relu, kink: 0, left: flat, right: itself },
  leakyRelu: {
    apply: (x) => leakyRelu(x),
    formula: byHand.leakyRelu,
    kink: 0.01,
    left: ['x', 0.01],
    right: itself,
  },
  'leakyRelu with a slope': {
    apply: (x) => leakyRelu(x, -0.3),
    formula: leakyByHand(-0.3),
    kink: -0.3,
    left: ['x', -0.3],
    right: itself,
  },
  prelu: {
    apply: (x, m) => prelu(x, m.param('slope', [], constant(0.25))),
    formula: leakyByHand(0.25),
    kink: 0.25,
    left: ['x', 0.25],
    right: itself,
  },
  elu: { apply: (x) => elu(x), formula: byHand.elu, kink: 1, left: [1, -1], right: itself },
  'elu with alpha': {
    apply: (x) => elu(x, 0.3),
    formula: byHand.eluOfAlpha,
    kink: 0.3,
    left: [1, -0.3],
    right: itself,
  },
  selu: {
    apply: (x) => selu(x),
    formula: byHand.selu,
    kink: scale * alpha,
    left: [1, -scale * alpha],
    right: ['x', scale],
  },
  sigmoid: { apply: (x) => sigmoid(x), formula: byHand.sigmoid, left: flat, right: [1, 1] },
  tanh: { apply: (x) => tanh(x), formula: byHand.tanh, left: [1, -1], right: [1, 1] },
  softplus: { apply: (x) => softplus(x), formula: byHand.softplus, left: flat, right: itself },
  silu: { apply: (x) => silu(x), formula: byHand.silu, left: flat, right: itself },
  gelu: { apply: (x) => gelu(x), formula: byHand.gelu, left: flat, right: itself },
  'gelu by tanh': {
    apply: (x) => gelu(x, { approximate: 'tanh' }),
    formula: byHand.geluTanh,
    left: flat,
    right: itself,
  },
};

/** The value and the first two derivatives at each of `points`, from what `predict` returns. */
async function jetsOf(apply: Activation, dtype: Precision, points: readonly number[]) {
  const declared = small((m) => {
    const x = m.input('x', ['batch', 1]);
    const value = apply(x, m);
    const slope = gradient(value.sum(), x);
    const bend = gradient(slope.sum(), x);
    return { loss: anyLoss(m), outputs: { value, slope, bend } };
  });
  const { value = [], slope = [], bend = [] } = (await trainerOf(declared, dtype)).predict({ x: points });
  return { value: [...value], slope: [...slope], bend: [...bend] };
}

const grid = Array.from({ length: 321 }, (_, i) => (i - 160) / 16);
const extremes = [1e4, -1e4, 100, -100, 0, -0];

describe('the formulas by hand', () => {
  it.each(Object.entries(activations))('of %s agree with central differences', (_, { formula, kink }) => {
    const step = 1e-5;
    for (const x of grid) {
      if (x === 0 && kink !== undefined) continue;
      const [, slope, bend] = formula(x);
      const [[above, slopeAbove], [below, slopeBelow]] = [formula(x + step), formula(x - step)];
      expect(Math.abs(slope - (above - below) / (2 * step)), `slope at ${x}`).toBeLessThan(1e-8);
      expect(Math.abs(bend - (slopeAbove - slopeBelow) / (2 * step)), `bend at ${x}`).toBeLessThan(1e-8);
    }
  });
});

describe.each(precisions)('in %s', (dtype) => {
  it.each(Object.entries(activations))('%s and its derivatives are those of its formula', async (_, one) => {
    const found = await jetsOf(one.apply, dtype, grid);
    const tolerance = dtype === 'f64' ? 1e-13 : 2e-6;
    grid.forEach((x, i) => {
      const [value, slope, bend] = one.formula(x);
      const size = Math.max(1, Math.abs(value));
      expect(Math.abs((found.value[i] ?? Number.NaN) - value) / size, `value at ${x}`).toBeLessThan(
        tolerance,
      );
      expect(Math.abs((found.slope[i] ?? Number.NaN) - slope), `slope at ${x}`).toBeLessThan(tolerance);
      expect(Math.abs((found.bend[i] ?? Number.NaN) - bend), `bend at ${x}`).toBeLessThan(2 * tolerance);
    });
  });

  it.each(Object.entries(activations))(
    '%s is finite, as are its derivatives, far out and at 0',
    async (_, one) => {
      const found = await jetsOf(one.apply, dtype, extremes);
      for (const values of Object.values(found))
        expect(values.every(Number.isFinite), `${values}`).toBe(true);
      const tolerance = dtype === 'f64' ? 1e-14 : 1e-7;
      const near = (x: number, y: number | undefined, expected: number, what: string) => {
        const error = Math.abs((y ?? Number.NaN) - expected);
        expect(error, `${what} at ${x}: ${y}`).toBeLessThanOrEqual(
          tolerance * Math.max(1, Math.abs(expected)),
        );
      };
      for (const [i, x] of extremes.entries()) {
        if (x === 0) continue;
        const [of, multiple] = x < 0 ? one.left : one.right;
        near(x, found.value[i], of === 'x' ? multiple * x : multiple, 'value');
        near(x, found.slope[i], of === 'x' ? multiple : 0, 'slope');
        near(x, found.bend[i], 0, 'bend');
      }
    },
  );

  it.each(Object.entries(activations))(
    '%s has at 0 and at -0 the derivative from the left',
    async (_, one) => {
      const { slope } = await jetsOf(one.apply, dtype, [0, -0]);
      const expected = one.kink ?? one.formula(0)[1];
      expect(slope.map((x) => Math.abs(x - expected) < 1e-7)).toEqual([true, true]);
    },
  );
});
