/** What a model, an optimizer and a schedule remember: read before the step, written after it, saved and loaded. */

import { describe, expect, it } from 'vitest';
import {
  adam,
  batchNorm,
  constant,
  dense,
  dropout,
  ewa,
  gradientDescent,
  halvingOnPlateau,
  type ModelContext,
  momentum,
  nesterov,
  normal,
  piecewise,
  product,
  softmax,
  softmaxCrossEntropy,
  zScore,
} from '../../src/index.ts';
import { decodeSafetensors } from '../../src/runtime/index.ts';
import { anyLoss, first, precisions, samples, small, type Trainer, trainerOf, uniforms } from './support.ts';

const signals = uniforms(80, 30).map((u, t) => Math.round(64 * (u + 1 / (1 + t))) / 64);

/** A model whose input is one number, the mean of `x`. */
const observing = (
  build: (
    m: ModelContext,
    x: ReturnType<typeof anyLoss>,
  ) => { readonly [name: string]: ReturnType<typeof anyLoss> },
) =>
  small((m) => {
    const x = m.input('x', ['batch']).mean();
    return { loss: anyLoss(m).mul(0).add(x), metrics: build(m, x) };
  });

const see = (trainer: Trainer, x: number) => trainer.step({ x: [x] });

describe('m.state', () => {
  it('is read as it was before the step, whatever it is set to', async () => {
    const trainer = await trainerOf(
      observing((m, x) => {
        const last = m.state('last', [], constant(-1));
        const before = m.state('before', [], constant(-2));
        last.set(x.mul(2));
        before.set(last.value.add(100));
        return { seen: last.value.add(before.value.mul(1000)) };
      }),
    );
    const seen = [5, 6, 7, 8].map((x) => see(trainer, x).seen);
    expect(seen).toEqual([-2001, 99_010, 110_012, 112_014]);
    expect([first(trainer.state.last), first(trainer.state.before)]).toEqual([16, 114]);
  });

  it('keeps its value where it is not set, and may cross over with another', async () => {
    const trainer = await trainerOf(
      observing((m, x) => {
        const [a, b] = [m.state('a', [2], constant(1)), m.state('b', [2], constant(2))];
        const c = m.state('c', [], constant(3));
        a.set(b.value.mul(10));
        b.set(a.value.mul(100));
        return { sum: c.value.add(x) };
      }),
    );
    const states = () => ['a', 'b', 'c'].map((name) => [...(trainer.state[name] ?? [])]);
    see(trainer, 0);
    expect(states()).toEqual([[20, 20], [100, 100], [3]]);
    see(trainer, 0);
    expect(states()).toEqual([[1000, 1000], [2000, 2000], [3]]);
  });

  it('may be what the loss is computed with, without being trained', async () => {
    const trainer = await trainerOf(
      small((m) => {
        const scale = m.state('scale', [], constant(3));
        const w = m.param('w', [], constant(2));
        return { loss: scale.value.mul(w).mul(m.input('x', ['batch']).mean()) };
      }),
    );
    expect(see(trainer, 1).loss).toBe(6);
    expect(first(trainer.state.scale)).toBe(3);
    expect(first(trainer.state.w)).toBeCloseTo(2 - 0.1 * 3, 14);
  });
});

describe('ewa', () => {
  it.each([0, 0.3, 0.7])(
    'of share %d is v = beta v + (1 - beta) x, corrected by 1 - beta^t',
    async (beta) => {
      const trainer = await trainerOf(
        observing((_, x) => ({
          corrected: ewa(x, { beta }),
          plain: ewa(x, { beta, corrected: false, name: 'plainAverage' }),
        })),
      );
      let v = 0;
      for (const [t, x] of signals.entries()) {
        v = beta * v + (1 - beta) * x;
        const found = see(trainer, x);
        expect(found.plain).toBeCloseTo(v, 13);
        expect(found.corrected).toBeCloseTo(v / (1 - beta ** (t + 1)), 13);
        // What is kept is the average before its correction: nothing is fed back.
        expect(first(trainer.state.ewa1)).toBeCloseTo(v, 13);
        expect(first(trainer.state.plainAverage)).toBeCloseTo(v, 13);
      }
    },
  );

  it('of an array is that of each of its numbers, and counts its names', async () => {
    const trainer = await trainerOf(
      observing((m, x) => {
        const both = x.mul(m.param('factors', [2], constant(2)));
        return { one: ewa(both, { beta: 0.5 }).sum(), two: ewa(x, { beta: 0.5 }) };
      }),
    );
    const found = see(trainer, 3);
    expect([found.one, found.two]).toEqual([12, 3]);
    const statistics = trainer.layout.state.filter(({ role }) => role === 'statistic');
    expect(statistics.map(({ name }) => name)).toEqual(['ewa1', 'ewa1.weight', 'ewa2', 'ewa2.weight']);
    expect([...(trainer.state.ewa1 ?? [])]).toEqual([3, 3]);
  });

  it('goes on with its count where parameters and statistics alone are loaded', async () => {
    const declared = observing((_, x) => ({ average: ewa(x, { beta: 0.9 }) }));
    const trainer = await trainerOf(declared);
    for (let t = 0; t < 50; t++) see(trainer, 2);
    const fresh = await trainerOf(declared);
    fresh.load(trainer.save(), { parametersOnly: true });
    // The average of a signal that is always 2 is 2.
    expect(see(fresh, 2).average).toBeCloseTo(2, 12);
  });
});

/** A network with everything that is remembered. */
const remembering = () =>
  small(
    (m) => {
      const x = m.input('x', ['batch', 12]);
      const y = m.label('y', { classes: 4 });
      const h = dropout(batchNorm(dense(zScore(x), 7, { bias: false })).tanh(), { keep: 0.8 });
      const logits = dense(h, 4, { name: 'last' });
      const loss = softmaxCrossEntropy(logits, y);
      const steps = m.state('steps', [], constant(0));
      steps.set(steps.value.add(1));
      return {
        loss,
        metrics: { average: ewa(loss, { beta: 0.9 }) },
        outputs: { p: softmax(logits) },
      };
    },
    {
      optimizer: adam({
        learningRate: halvingOnPlateau({ initial: 0.02, patience: 2 }),
        beta1: product(
          0.9,
          piecewise({ from: 0, rate: 1 }, { from: 5, rate: halvingOnPlateau({ initial: 1, patience: 1 }) }),
        ),
      }),
    },
  );

const data = { ...samples };

async function run(trainer: Trainer, steps: number): Promise<number[]> {
  const losses: number[] = [];
  for await (const { loss } of trainer.fit(data, { steps, batch: 8 })) losses.push(loss);
  return losses;
}

describe.each(precisions)('a saved file in %s', (dtype) => {
  it('names all that is remembered', async () => {
    const trainer = await trainerOf(remembering(), dtype);
    await run(trainer, 1);
    const parameters = ['w1', 'g1', 'b1', 'last.w', 'last.b'];
    const expected = [
      ...parameters,
      ...['x.mean', 'x.variance', 'mean1', 'variance1', 'ewa1', 'ewa1.weight', 'steps'],
      ...['learningRate.best', 'learningRate.waited', 'learningRate.rate', 'momentum.product'],
      ...['best', 'waited', 'rate'].map((name) => `momentum.1.1.${name}`),
      ...parameters.flatMap((name) => [`${name}.m`, `${name}.v`]),
    ];
    const names = [...decodeSafetensors(trainer.save()).tensors.keys()];
    expect(names.sort()).toEqual(expected.sort());
  });

  it('restores all of it, and training goes on bit for bit', async () => {
    const whole = await trainerOf(remembering(), dtype, { seed: 5 });
    const losses = await run(whole, 20);
    const begun = await trainerOf(remembering(), dtype, { seed: 5 });
    const firstLosses = await run(begun, 7);
    const continued = await trainerOf(remembering(), dtype, { seed: 5 });
    await run(continued, 3);
    continued.load(begun.save());
    expect(continued.steps).toBe(7);
    expect(continued.state).toEqual(begun.state);
    expect([...firstLosses, ...(await run(continued, 13))]).toEqual(losses);
    expect(continued.save()).toEqual(whole.save());
    expect(first(whole.state.steps)).toBe(20);
  });

  it('gives parameters and statistics alone where asked to, and resets slots', async () => {
    const trained = await trainerOf(remembering(), dtype);
    await run(trained, 20);
    const fresh = await trainerOf(remembering(), dtype, { seed: 9 });
    await run(fresh, 4);
    fresh.load(trained.save(), { parametersOnly: true });
    expect(fresh.steps).toBe(0);
    for (const { name, role, init } of fresh.layout.state) {
      const found = [...(fresh.state[name] ?? [])];
      const before = [...(trained.state[name] ?? [])];
      if (role !== 'slot') expect(found, name).toEqual(before);
      else {
        const value = init.kind === 'constant' ? init.value : Number.NaN;
        const start = dtype === 'f32' ? Math.fround(value) : value;
        expect(found, name).toEqual(before.map(() => start));
      }
    }
    expect(fresh.predict(data)).toEqual(trained.predict(data));
  });

  it('is not changed by evaluating and predicting', async () => {
    const trainer = await trainerOf(remembering(), dtype);
    await run(trainer, 5);
    const before = trainer.save();
    const [evaluated, predicted] = [trainer.evaluate(data), trainer.predict(data)];
    expect(trainer.save()).toEqual(before);
    expect([trainer.evaluate(data), trainer.predict(data)]).toEqual([evaluated, predicted]);
    expect(trainer.steps).toBe(5);
  });
});

describe('slots', () => {
  it.each([
    ['gradient descent', gradientDescent({ learningRate: 0.1 }), []],
    ['momentum', momentum({ learningRate: 0.1 }), ['w.v']],
    ['Nesterov', nesterov({ learningRate: 0.1 }), ['w.v']],
    ['Adam', adam({ learningRate: 0.1 }), ['w.m', 'w.v']],
  ] as const)(
    'of %s are named by parameter and kind, of the parameter’s shape',
    async (_, optimizer, names) => {
      const declared = small(
        (m) => ({
          loss: m
            .input('x', ['batch', 2])
            .matmul(m.param('w', [2, 3], normal(1)))
            .mean(),
        }),
        {
          optimizer,
        },
      );
      const slots = (await trainerOf(declared)).layout.state.filter(({ role }) => role === 'slot');
      expect(slots.map(({ name }) => name)).toEqual([...names]);
      for (const { shape } of slots) expect(shape).toEqual([2, 3]);
    },
  );
});
