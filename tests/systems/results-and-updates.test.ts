/** Results and updates that are a state itself, or a constant: read before the step changes them, and emitted as code. */

import { describe, expect, it } from 'vitest';
import { constant, gradientDescent, type ModelContext } from '../../src/index.ts';
import { anyLoss, first, small, trainerOf } from './support.ts';

const x = (m: ModelContext) => m.input('x', ['batch']).mean();

describe('a step', () => {
  it('reports a parameter and a state as they were before the update', async () => {
    const trainer = await trainerOf(
      small((m) => {
        const [signal, w, s] = [x(m), m.param('w', [], constant(1)), m.state('s', [], constant(-1))];
        s.set(signal);
        return { loss: w.mul(signal), metrics: { w, s: s.value } };
      }),
    );
    expect(trainer.step({ x: [5] })).toMatchObject({ w: 1, s: -1 });
    expect(trainer.step({ x: [6] })).toMatchObject({ w: 0.5, s: 5 });
  });

  it('reports the learning rate that it used, where a schedule remembers it', async () => {
    const optimizer = gradientDescent({
      learningRate: (_, { state }) => {
        const rate = state('r', 1);
        rate.set(rate.value.mul(0.5));
        return rate.value;
      },
    });
    const trainer = await trainerOf(
      small((m) => ({ loss: m.param('w', [], constant(1)).mul(x(m)) }), { optimizer }),
    );
    expect([0, 1, 2].map(() => trainer.step({ x: [1] }).learningRate)).toEqual([1, 0.5, 0.25]);
    expect(first(trainer.state.w)).toBe(1 - 1.75);
  });

  it('sets a state to what another one was before the step', async () => {
    const trainer = await trainerOf(
      small((m) => {
        const [a, b] = [m.state('a', [], constant(1)), m.state('b', [], constant(2))];
        const [last, before] = [m.state('last', [], constant(-1)), m.state('before', [], constant(-2))];
        a.set(b.value);
        b.set(a.value);
        last.set(x(m).mul(2));
        before.set(last.value);
        return { loss: anyLoss(m) };
      }),
    );
    trainer.step({ x: [5] });
    const states = ['a', 'b', 'last', 'before'].map((name) => first(trainer.state[name]));
    expect(states).toEqual([2, 1, 10, -1]);
  });

  it('sets a state to a constant', async () => {
    const trainer = await trainerOf(
      small((m) => {
        m.state('s', [], constant(3)).set(m.constant(7));
        return { loss: anyLoss(m).add(x(m)) };
      }),
    );
    trainer.step({ x: [1] });
    expect(first(trainer.state.s)).toBe(7);
  });
});

describe('an output', () => {
  it('may be a constant', async () => {
    const declared = small((m) => ({ loss: anyLoss(m).add(x(m)), outputs: { one: m.constant(1) } }));
    expect([...((await trainerOf(declared)).predict({ x: [5] }).one ?? [])]).toEqual([1]);
  });
});
