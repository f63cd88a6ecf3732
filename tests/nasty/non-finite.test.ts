/** Numbers that stop being numbers in the middle of a training: found at once, named, and taken back. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { originOf, withOrigin } from '../../src/diagnose.ts';
import {
  constant,
  explainNonFinite,
  gradientDescent,
  halvingOnPlateau,
  type Scalar,
} from '../../src/index.ts';
import { decodeSafetensors, InputError } from '../../src/runtime/index.ts';
import { randomFrom } from '../arbitraries/draw.ts';
import { chainrule, model as modelPath, temporaryFolder } from '../cli/run.ts';
import { publishCounts } from '../counts.ts';
import { seed } from '../properties/seed.ts';
import { drawChain, inject, points } from './injections.ts';
import { collect, faultOf, small, trained, trainerFor } from './support.ts';

const inf = Number.POSITIVE_INFINITY;

const counts = { points: 0, 'found within one step': 0, 'named op and line': 0 };
afterAll(() => publishCounts('injected non-finite points', counts));

const [models, perModel] = [25, 20];

it.each(Array.from({ length: models }, (_, i) => i))(
  'case 15: injected points of random model %i are found in their step, named, and leave the last good state',
  async (number) => {
    const random = randomFrom(seed + number);
    const chain = drawChain(random, number % 2 === 0 ? 'f32' : 'f64');
    const { compiled, module } = await trained(chain.declared, chain.dtype);
    for (let i = 0; i < perModel; i++) {
      const point = points(chain, random);
      const { error, lastGood, trainer, step, perEpoch } = await inject(module, chain, point, random);
      counts.points++;
      expect(error).toBeInstanceOf(InputError);
      const { code, message, replay } = error;
      expect({ code, steps: trainer.steps, t: replay?.t }).toEqual({
        code: 'train/not-finite',
        steps: step - 1,
        t: step - 1,
      });
      const [epoch, batch] = [Math.ceil(step / perEpoch), ((step - 1) % perEpoch) + 1];
      expect(message).toContain(`at step ${step} (epoch ${epoch}, batch ${batch} of ${perEpoch}`);
      expect(Buffer.from(trainer.save()).equals(lastGood)).toBe(true);
      counts['found within one step']++;
      const origin = replay && originOf(compiled.graph, replay);
      expect(origin, message).toMatchObject({ op: point.op, site: point.site });
      const located = withOrigin(error, compiled.graph);
      expect(located).toMatchObject({
        at: `${point.site.file}:${point.site.line}`,
        message: expect.stringContaining('It begins with '),
      });
      counts['named op and line']++;
      // Once per model by the public function, which compiles it again.
      if (i === 0)
        expect(await explainNonFinite(chain.declared, error, { dtype: chain.dtype })).toEqual(origin);
    }
  },
);

it('case 15: 500 points were injected, and every one was found and named', () => {
  expect(counts).toEqual({ points: 500, 'found within one step': 500, 'named op and line': 500 });
});

/** The loss is w ln x: a record of 0 spoils its batch. */
const logarithm = small(
  (m) => ({
    loss: m
      .param('w', [], constant(1))
      .mul(m.input('x', ['batch']).log())
      .mean(),
  }),
  { batch: 2 },
);

describe('what becomes of a step that is not finite', () => {
  const good = [1, 2, 3, 4, 5, 6];
  const bad = [1, 2, 0, 3, 3, 4, 0, 0, 5, 6];

  it("case 15: 'skip' takes the step back, counts it, and goes on with the next batch", async () => {
    const [trainer, without] = [(await trained(logarithm)).trainer, (await trained(logarithm)).trainer];
    const seen = await collect(trainer.fit({ x: bad }, { shuffle: false, onNonFinite: 'skip' }));
    expect(seen.map(({ skipped, step }) => [step, skipped])).toEqual([
      [1, 0],
      [2, 1],
      [3, 1],
      [4, 2],
      [5, 2],
    ]);
    expect(seen.map(({ loss }) => Number.isFinite(loss))).toEqual([true, false, true, false, true]);
    await collect(without.fit({ x: good }, { shuffle: false }));
    expect(trainer.state.w).toEqual(without.state.w);
    expect([trainer.steps, without.steps]).toEqual([5, 3]);
  });

  it.each([0, 1, 2])(
    "case 15: 'skip' ends with the error after %i skipped steps, and keeps the state",
    async (maxSkipped) => {
      const { trainer } = await trained(logarithm);
      const data = { x: [...good, 0, 0, 0, 0, 0, 0, 0, 0] };
      const seen: number[] = [];
      const error = await faultOf(async () => {
        for await (const { skipped } of trainer.fit(data, {
          shuffle: false,
          onNonFinite: 'skip',
          maxSkipped,
        }))
          seen.push(skipped);
      });
      expect(seen).toEqual([0, 0, 0, ...Array.from({ length: maxSkipped }, (_, i) => i + 1)]);
      expect(error.message).toMatch(
        maxSkipped === 0 ? /counted from 1\)\.$/ : `after ${maxSkipped} skipped before it`,
      );
      const without = (await trained(logarithm)).trainer;
      await collect(without.fit({ x: good }, { shuffle: false }));
      expect(trainer.state.w).toEqual(without.state.w);
    },
  );

  it("case 15: 'continue' checks nothing and takes nothing back", async () => {
    const { trainer } = await trained(logarithm);
    const seen = await collect(trainer.fit({ x: bad }, { shuffle: false, onNonFinite: 'continue' }));
    expect(seen.map(({ skipped }) => skipped)).toEqual([0, 0, 0, 0, 0]);
    expect(trainer.state.w?.[0]).toBe(inf);
    expect(trainer.steps).toBe(5);
  });

  it('case 15: a state that is infinite already is no fault of a step, and neither is one that becomes finite', async () => {
    const trainer = await trainerFor(
      (m) => ({
        loss: m
          .param('w', [2], constant(1))
          .mul(m.input('x', ['batch', 2]))
          .mean(),
      }),
      { optimizer: gradientDescent({ learningRate: halvingOnPlateau({ initial: 0.1, patience: 2 }) }) },
    );
    trainer.state['learningRate.best']?.fill(inf);
    trainer.step({ x: [1, 1] });
    expect(trainer.state['learningRate.best']?.[0]).toBe(1);
    trainer.state['learningRate.best']?.fill(-inf);
    trainer.step({ x: [1, 1] });
    expect(trainer.state['learningRate.best']?.[0]).toBe(-inf);
    expect(trainer.steps).toBe(2);
  });

  it('case 15: a learning rate that explodes is found in the update, where the model is declared', async () => {
    const rate = (t: Scalar): Scalar => t.less(3).select(0.01, 3e38);
    const declared = small(
      (m) => ({
        loss: m
          .param('w', [2], constant(1))
          .mul(m.input('x', ['batch', 2]))
          .sum(),
      }),
      { optimizer: gradientDescent({ learningRate: rate }) },
    );
    const { trainer } = await trained(declared);
    const error = await faultOf(() => collect(trainer.fit({ x: [1, 7] }, { steps: 9 })));
    expect(error.message).toMatch(
      /^The parameter "w" becomes -Infinity at its element 1, counted from 0 at step 4/,
    );
    expect(trainer.steps).toBe(3);
    expect((await explainNonFinite(declared, error))?.op).toMatch(/^(mul|sub)$/);
  });

  it('case 15: what the error holds to look into is copied: what happens later does not change it', async () => {
    const { trainer, compiled } = await trained(logarithm);
    const x = Float32Array.of(1, 2, 0, 3);
    const error = await faultOf(() => collect(trainer.fit({ x }, { shuffle: false })));
    const { replay } = error;
    const before = structuredClone(replay);
    expect(replay).toMatchObject({ count: 2, t: 1, seed: 0, batch: { x: Float32Array.of(0, 3) } });
    for (const array of [x, ...Object.values(trainer.state)]) array.fill(9);
    trainer.step({ x: [4, 5] });
    expect(replay).toEqual(before);
    expect(replay && originOf(compiled.graph, replay)).toMatchObject({
      op: 'log',
      value: -inf,
      index: [0],
      operands: ['x = 0'],
    });
  });
});

it('case 15: chainrule train ends with 1, names file, line, step, batch and op, and leaves the last good weights', async () => {
  const folder = temporaryFolder();
  const [out, upTo] = [join(folder, 'out'), join(folder, 'good')];
  const { code, stderr } = await chainrule('train', modelPath('overflow'), '--out', out);
  expect(code).toBe(1);
  const told =
    /^tests\/cli\/models\/overflow\.ts:(\d+): error\[train\/not-finite\]: .* at step (\d+) \(epoch 1, batch (\d+) of 125/m.exec(
      stderr,
    );
  const [, line = '', step = '', batch] = told ?? [];
  const source = readFileSync(modelPath('overflow'), 'utf8').split('\n');
  expect(source[Number(line) - 1]).toContain('square()');
  expect(Number(step)).toBeGreaterThan(2);
  expect(batch).toBe(step);
  expect(stderr).toMatch(/It begins with .*, which is Infinity at \[\d+, \d+\], with /);
  await chainrule('train', modelPath('overflow'), '--steps', `${Number(step) - 1}`, '--out', upTo);
  const [left, expected] = [out, upTo].map((path) => readFileSync(join(path, 'weights.safetensors')));
  expect(left?.equals(expected ?? Buffer.of())).toBe(true);
  for (const { data } of decodeSafetensors(left ?? Buffer.of()).tensors.values())
    expect([...data].every(Number.isFinite)).toBe(true);
});
