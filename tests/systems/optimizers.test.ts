/** Every optimizer takes the steps that its update rule takes by hand, on a network differentiated by hand. */

import { describe, expect, it } from 'vitest';
import {
  adam,
  clipByNorm,
  constant,
  cyclicMomentum,
  dense,
  gradientDescent,
  halvingOnPlateau,
  l2,
  leakyRelu,
  type ModelContext,
  momentum,
  nadam,
  nesterov,
  softmaxCrossEntropy,
  type Tensor,
} from '../../src/index.ts';
import { type Case, cases } from './optimizer-cases.ts';
import { adamRule, descent, heavyBall } from './rules.ts';
import { first, plain, precisions, small, trainerOf } from './support.ts';
import { expectSameTraining, steps } from './training.ts';

describe.each(precisions)('in %s', (dtype) => {
  it.each(Object.entries(cases))('%s takes the steps of its rule', async (_, one) => {
    await expectSameTraining(plain, one, dtype);
  });

  it('gradient descent goes through the ReLU as by hand', async () => {
    const one: Case = { optimizer: gradientDescent({ learningRate: 0.5 }), rule: descent, rate: 0.5 };
    await expectSameTraining({ ...plain, slope: 0 }, one, dtype);
  });
});

/** The network with its parameters declared one by one: a penalty on the weights, or some of them frozen. */
function declaredNetwork(m: ModelContext, { lambda = 0, frozen = [''] }) {
  const x = m.input('x', ['batch', 12]);
  const y = m.label('y', { classes: 4 });
  const options = (name: string) => ({ trainable: !frozen.includes(name) });
  const w1 = m.param('w1', [12, 7], constant(0), options('w1'));
  const b1 = m.param('b1', [7], constant(0), options('b1'));
  const w2 = m.param('w2', [7, 4], constant(0), options('w2'));
  const b2 = m.param('b2', [4], constant(0), options('b2'));
  const logits: Tensor<readonly ['batch', 4]> = leakyRelu(x.matmul(w1).add(b1)).matmul(w2).add(b2);
  const loss = softmaxCrossEntropy(logits, y);
  return { loss: lambda > 0 ? loss.add(l2(lambda, w1, w2)) : loss };
}

describe('an optimizer', () => {
  it('clips in some steps and lets others pass, in the cases above', async () => {
    const one = cases['clipping by the norm of all gradients'];
    if (!one) throw new Error('The case is gone.');
    const { expected } = await expectSameTraining(plain, one, 'f64');
    const clipped = expected.norms.filter((norm) => norm > 0.75).length;
    expect(clipped).toBeGreaterThan(4);
    expect(clipped).toBeLessThan(steps - 4);
  });

  it('takes the gradient of a penalty at the look-ahead point too, and reports the loss there (Nesterov)', async () => {
    const one: Case = {
      optimizer: nesterov({ learningRate: 0.4 }),
      rule: heavyBall(false),
      rate: 0.4,
      beta: 0.9,
      more: { lookAhead: true },
    };
    const modelOf = () => small((m) => declaredNetwork(m, { lambda: 0.01 }), { optimizer: one.optimizer });
    await expectSameTraining({ ...plain, penalty: 0.01 }, one, 'f64', modelOf);
  });

  it.each([
    ['Nesterov', nesterov({ learningRate: 0.4 }), heavyBall(false), 0.4, { lookAhead: true }],
    ['momentum', clipByNorm(momentum({ learningRate: 0.4 }), 0.5), heavyBall(false), 0.4, { maxNorm: 0.5 }],
    ['Adam', adam({ learningRate: 0.02 }), adamRule({ beta2: 0.999, epsilon: 1e-8 }), 0.02, {}],
  ] as const)(
    'leaves frozen parameters where they are, and out of norms and look-ahead (%s)',
    async (...row) => {
      const [, optimizer, rule, rate, more] = row;
      const frozen = ['w1', 'b2'];
      const one: Case = { optimizer, rule, rate, beta: 0.9, more: { ...more, frozen } };
      const modelOf = () => small((m) => declaredNetwork(m, { frozen }), { optimizer });
      const { found } = await expectSameTraining(plain, one, 'f64', modelOf);
      const slots = found.trainer.layout.state.filter(({ role }) => role === 'slot').map(({ name }) => name);
      expect(slots.length).toBeGreaterThan(0);
      expect(slots.filter((name) => name.startsWith('w1') || name.startsWith('b2'))).toEqual([]);
    },
  );

  it('does not move a parameter whose gradient is exactly 0, whatever it divides by', async () => {
    for (const [, { optimizer }] of Object.entries(cases).filter(
      ([title]) => !/decay|AdamW|other wrappers/.test(title),
    )) {
      const declared = small(
        (m) => {
          const x = m.input('x', ['batch', 2]);
          return {
            loss: dense(x, 1, { init: constant(3), bias: false })
              .square()
              .mean(),
          };
        },
        { optimizer },
      );
      const trainer = await trainerOf(declared, 'f32');
      for (let t = 0; t < 3; t++) trainer.step({ x: [[0, 0]] });
      expect([...(trainer.state.w1 ?? [])], optimizer.name).toEqual([3, 3]);
    }
  });

  it('takes the same steps whatever the parameters are called, its own words included', async () => {
    const words = [
      'beta2',
      'epsilon',
      'momentum',
      'learningRate',
      'correction1',
      'count',
      'step',
      'rate',
      't',
    ];
    const swinging = cyclicMomentum({ min: 0.5, max: 0.9, stepSize: 3 });
    const optimizers = [
      nadam({ learningRate: halvingOnPlateau({ initial: 0.1, patience: 1 }) }),
      momentum({ learningRate: 0.1, beta: swinging, correction: true }),
      nesterov({ learningRate: 0.1, beta: swinging }),
    ];
    for (const optimizer of optimizers) {
      const trainedAs = async (names: readonly string[]) => {
        const declared = small(
          (m) => {
            const squares = names.map((name, i) => m.param(name, [], constant(i + 1)).square());
            const loss = squares.reduce((sum, square) => sum.add(square), m.input('x', ['batch']).mean());
            return { loss };
          },
          { optimizer },
        );
        const trainer = await trainerOf(declared);
        for (let t = 0; t < 5; t++) trainer.step({ x: [1] });
        return names.map((name) => first(trainer.state[name]));
      };
      expect(await trainedAs(words)).toEqual(await trainedAs(words.map((_, i) => `p${i}`)));
    }
  });
});
