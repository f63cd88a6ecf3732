/** Gradients at values in the middle of a graph, whatever simplification knows about these values. */

import { describe, expect, it } from 'vitest';
import { constant, gradient, type ModelContext, nesterov, type Scalar } from '../../src/index.ts';
import { first, small, trainerOf } from './support.ts';

const x = (m: ModelContext) => m.input('x', ['batch']).mean();

describe('a gradient at a value in the middle', () => {
  /** The value p = a - b, and what is made of it, which an equation would write with a and b alone. */
  const cases: readonly (readonly [string, (p: Scalar, a: Scalar, b: Scalar) => Scalar, number])[] = [
    ['b + (a - b)', (p, _, b) => b.add(p), 1],
    ['a - (a - b)', (p, a) => a.sub(p), -1],
    ['-(a - b)', (p) => p.neg(), -1],
    ['|-(a - b)|', (p) => p.neg().abs(), 1],
  ];

  it.each(cases)('counts what goes through it: %s', async (_, of, slope) => {
    const declared = small((m) => {
      const [a, b] = [m.param('a', [], constant(5)), m.param('b', [], constant(2))];
      const p = a.sub(b);
      const loss = of(p, a, b).mul(x(m));
      return { loss, metrics: { slope: gradient(loss, p) } };
    });
    expect((await trainerOf(declared)).step({ x: [3] }).slope).toBeCloseTo(3 * slope, 12);
  });
});

it('a look-ahead is where the gradient is taken, also where the loss negates the parameter', async () => {
  const optimizer = nesterov({ learningRate: 0.5, beta: 0.9 });
  const declared = small((m) => ({ loss: m.param('w', [], constant(1)).neg().add(4).square().mul(x(m)) }), {
    optimizer,
  });
  const trainer = await trainerOf(declared);
  let [w, v] = [1, 0];
  for (let step = 0; step < 10; step++) {
    const ahead = w - 0.9 * v;
    expect(trainer.step({ x: [0.3] }).loss).toBeCloseTo(0.3 * (4 - ahead) ** 2, 10);
    v = 0.9 * v + 0.1 * (-2 * 0.3 * (4 - ahead));
    w -= 0.5 * v;
    expect(first(trainer.state.w)).toBeCloseTo(w, 10);
  }
});
