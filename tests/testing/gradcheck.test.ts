/** `gradcheck` agrees with right gradients and finds wrong ones; `checkTrainer` finds trainers that are not the model's. */

import { afterEach, describe, expect, test, vi } from 'vitest';
import { createBuilder } from '../../ir/builder.ts';
import type { Program } from '../../ir/program.ts';
import { rebuild } from '../../passes/rebuild.ts';
import { compile } from '../../src/compile.ts';
import {
  adam,
  batchNorm,
  dense,
  dropout,
  gradient,
  gradientDescent,
  type Model,
  model,
  nesterov,
  relu,
  softmaxCrossEntropy,
  tanh,
} from '../../src/index.ts';
import { instantiate } from '../../src/instantiate.ts';
import type * as pipeline from '../../src/pipeline.ts';
import { checkTrainer } from '../../src/testing/check-trainer.ts';
import { gradcheck, oracleNames } from '../../src/testing/gradcheck.ts';

/** What becomes of the gradients on their way through the compiler; undefined for nothing. */
let spoil: number | undefined;

vi.mock('../../src/pipeline.ts', async (original) => {
  const real = await original<typeof pipeline>();
  const runPipeline: typeof pipeline.runPipeline = (program, options) =>
    real.runPipeline(spoil === undefined ? program : scaled(program, spoil), options);
  return { ...real, runPipeline };
});

/** The program with every prediction, which gradients are, multiplied by `factor`. */
function scaled(program: Program, factor: number): Program {
  const o = createBuilder(program.float);
  const copied = rebuild(program, o);
  const functions = copied.functions.map((fn) =>
    fn.name === 'predict'
      ? { ...fn, results: fn.results.map((result) => ({ ...result, value: o.mul(result.value, factor) })) }
      : fn,
  );
  return { ...copied, functions, notes: o.notes };
}

afterEach(() => {
  spoil = undefined;
});

const classifier = (build: (m: Parameters<Model['build']>[0]) => ReturnType<Model['build']>): Model =>
  model('checked', build, { batch: 6, optimizer: gradientDescent({ learningRate: 0.1 }) });

const smooth = classifier((m) => {
  const x = m.input('x', ['batch', 3]);
  const y = m.label('y', { classes: 4 });
  return { loss: softmaxCrossEntropy(dense(tanh(dense(x, 5)), 4), y) };
});

const models: Readonly<Record<string, Model>> = {
  'a smooth network': smooth,
  'a network with kinks, dropout and batch normalization': classifier((m) => {
    const x = m.input('x', ['batch', 3]);
    const y = m.label('y', { classes: 4 });
    const hidden = dropout(relu(batchNorm(dense(x, 5, { bias: false }))), { keep: 0.8 });
    return { loss: softmaxCrossEntropy(dense(hidden, 4), y) };
  }),
  'a penalty on a gradient, which is differentiated twice': classifier((m) => {
    const x = m.input('x', ['batch', 3]);
    const y = m.label('y', { classes: 4 });
    const loss = softmaxCrossEntropy(dense(tanh(dense(x, 5)), 4), y);
    return { loss: loss.add(gradient(loss, x).square().sum().mul(0.1)) };
  }),
  'a look-ahead': {
    ...smooth,
    options: { ...smooth.options, optimizer: nesterov({ learningRate: 0.1, beta: 0.9 }) },
  },
};

describe('gradcheck', () => {
  test.each(Object.entries(models))('agrees with the gradients of %s', async (_what, subject) => {
    const { passed, parameters, records } = await gradcheck(subject, { seed: 3 });
    expect({ passed, records }).toEqual({ passed: true, records: 4 });
    expect(parameters.length).toBeGreaterThan(1);
    for (const { findings } of parameters) {
      expect(findings['forward mode'].worst).toBeLessThanOrEqual(1e-13);
      expect(findings['complex step'].compared).toBeGreaterThan(0);
      expect(findings.differences.compared + findings.differences.skipped).toBeGreaterThan(0);
    }
  });

  test('finds a gradient that is wrong in its seventh digit, by every oracle', async () => {
    spoil = 1 + 1e-4;
    const { passed, parameters } = await gradcheck(smooth);
    expect(passed).toBe(false);
    for (const oracle of oracleNames)
      expect(
        parameters.some(({ findings }) => !findings[oracle].passed),
        oracle,
      ).toBe(true);
  });

  test('finds a gradient that is wrong in its ninth digit, by the exact oracles', async () => {
    spoil = 1 + 1e-8;
    const { passed, parameters } = await gradcheck(smooth);
    expect(passed).toBe(false);
    expect(parameters.every(({ findings }) => !findings['forward mode'].passed)).toBe(true);
    expect(parameters.every(({ findings }) => findings.differences.passed)).toBe(true);
  });

  test('asks only forward mode about a loss that stops gradients, and says so', async () => {
    const stopped = classifier((m) => {
      const x = m.input('x', ['batch', 3]);
      const h = dense(x, 2);
      return { loss: h.mul(h.stopGradient()).mean() };
    });
    const { passed, parameters, notes } = await gradcheck(stopped);
    expect(passed).toBe(true);
    expect(parameters[0]?.findings.differences.compared).toBe(0);
    expect(notes.join()).toContain('stops gradients');
  });
});

describe('checkTrainer', () => {
  const moduleOf = async (subject: Model) => instantiate((await compile(subject)).code);

  test('finds nothing wrong with the trainer of the model', async () => {
    for (const subject of Object.values(models))
      expect(await checkTrainer(subject, await moduleOf(subject))).toEqual([]);
  });

  test('finds another optimizer by its slots, and another rate by the numbers', async () => {
    const trained = (optimizer: Model['options']['optimizer']): Model => ({
      ...smooth,
      options: { ...smooth.options, optimizer },
    });
    const trainer = await moduleOf(smooth);
    expect(await checkTrainer(trained(adam({ learningRate: 0.1 })), trainer)).toEqual([
      expect.stringContaining('compile the model again'),
    ]);
    const faster = trained(gradientDescent({ learningRate: 0.2 }));
    expect((await checkTrainer(faster, trainer)).join()).toContain('step 0 with 3 samples: ');
  });
});
