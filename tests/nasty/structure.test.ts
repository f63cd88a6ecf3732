/** Graphs that are deep or shared, parameters that are tied, frozen or unused, and losses that are none. */

import { describe, expect, it } from 'vitest';
import {
  constant,
  dense,
  gradientDescent,
  type ModelContext,
  type ModelResult,
  meanSquaredError,
  momentum,
  type Scalar,
  tanh,
  zeros,
} from '../../src/index.ts';
import { decodeSafetensors } from '../../src/runtime/index.ts';
import { diagnosticOf, linesOf, plainLoss } from '../dsl/support.ts';
import { memoryOf } from '../pipeline/run-emitted.ts';
import { expectClose, precisions, showGradient, small, trained, trainerFor } from './support.ts';

const site = linesOf(import.meta.url);

const repeat = (times: number, x: Scalar, next: (x: Scalar, i: number) => Scalar): Scalar => {
  let value = x;
  for (let i = 0; i < times; i++) value = next(value, i);
  return value;
};

describe('deep and shared graphs', () => {
  it.each<[string, (p: Scalar) => Scalar, number]>([
    [
      'a chain of 10,000 operations',
      (p) => repeat(10_000, p, (x, i) => (i % 2 === 0 ? x.add(2 ** -20) : x.relu())),
      1,
    ],
    [
      'a ladder of 50 diamonds, of 2^50 paths',
      (p) => repeat(50, p, (x) => x.maximum(0).sub(x.neg().minimum(0))),
      2 ** 50,
    ],
    [
      'a parameter with 10,000 readers',
      (p) => repeat(10_000, p.mul(0), (x, i) => x.add(p.mul(i / 2 ** 12))),
      49_995_000 / 2 ** 12,
    ],
  ])('case 22: %s compiles, trains, and has its derivative', async (_, f, derivative) => {
    const trainer = await trainerFor(
      (m) => ({ loss: f(m.param('p', [], constant(1))) }),
      { optimizer: showGradient },
      'f64',
    );
    expect(trainer.step({}).loss).toBeGreaterThanOrEqual(1);
    expect(trainer.state.p?.[0]).toBe(derivative);
  });
});

describe.each(precisions)('in %s', (dtype) => {
  it('case 23: a tied parameter collects the gradients of its uses, and has one slot and one entry in the file', async () => {
    const declared = small(
      (m) => {
        const [x, w] = [m.input('x', ['batch', 2]), m.param('w', [2, 2], constant(0.5))];
        return { loss: x.matmul(w).matmul(w.transpose()).sum() };
      },
      { optimizer: momentum({ learningRate: 1, beta: 0.5 }) },
    );
    const { trainer } = await trained(declared, dtype);
    trainer.step({ x: [1, 2] });
    // loss = x w w' 1: its gradient at w is x' (1 w) + 1' (x w), row by row.
    const rows = [
      [1 * 1 + 1.5, 1 * 1 + 1.5],
      [2 * 1 + 1.5, 2 * 1 + 1.5],
    ].flat();
    expectClose(
      trainer.state.w,
      rows.map((g) => 0.5 - 0.5 * g),
    );
    expect(Object.keys(trainer.state)).toEqual(['w', 'w.v']);
    expect([...decodeSafetensors(trainer.save()).tensors.keys()]).toEqual(['w', 'w.v']);
  });

  it('case 23: x times x and x times its own transpose have the whole gradient, and an update without aliasing', async () => {
    const trainer = await trainerFor(
      (m) => {
        const w = m.param('w', [2, 2], zeros());
        return { loss: w.mul(w).sum().add(w.matmul(w.transpose()).sum()) };
      },
      { optimizer: gradientDescent({ learningRate: 0.125 }) },
      dtype,
    );
    const w = [1, 2, 3, 4];
    trainer.state.w?.set(w);
    trainer.step({});
    // 2 w, and for sum(w w') twice the sums of the columns.
    const columns = [4, 6, 4, 6];
    expect([...(trainer.state.w ?? [])]).toEqual(
      w.map((x, i) => x - 0.125 * (2 * x + 2 * (columns[i] ?? 0))),
    );
  });

  it('case 27: a weight that is updated in place is read as it was by every gradient of the step', async () => {
    const [w1, w2] = [
      [0.5, -0.25, 0.125, 1],
      [1, -2],
    ];
    const declared = small(
      (m) => {
        const hidden = tanh(m.input('x', ['batch', 2]).matmul(m.param('w1', [2, 2], zeros())));
        const out = hidden.matmul(m.param('w2', [2, 1], zeros()));
        return { loss: meanSquaredError(out, m.label('y', ['batch', 1])) };
      },
      { optimizer: gradientDescent({ learningRate: 0.5 }) },
    );
    const { trainer } = await trained(declared, dtype, { init: { w1, w2 } });
    const [x0, x1, y] = [1, 0.5, 3];
    trainer.step({ x: [x0, x1], y: [y] });
    const h = [0, 1].map((j) => Math.tanh(x0 * (w1[j] ?? 0) + x1 * (w1[2 + j] ?? 0)));
    const d = 2 * ((h[0] ?? 0) * 1 + (h[1] ?? 0) * -2 - y);
    expectClose(
      trainer.state.w2,
      w2.map((w, j) => w - 0.5 * d * (h[j] ?? 0)),
    );
    // The old w2 is what the gradient at w1 reads.
    const back = w2.map((w, j) => d * w * (1 - (h[j] ?? 0) ** 2));
    expectClose(
      trainer.state.w1,
      w1.map((w, i) => w - 0.5 * ((i < 2 ? x0 : x1) * (back[i % 2] ?? 0))),
    );
  });

  it('case 27: whatever lies in the memory beside the state before a step, the step does not read it', async () => {
    const declared = small(
      (m) => {
        const h = tanh(dense(m.input('x', ['batch', 3]), 4));
        return { loss: meanSquaredError(dense(h, 2), m.label('y', ['batch', 2])), outputs: { h } };
      },
      { optimizer: momentum({ learningRate: 0.1 }) },
    );
    const { module, trainer } = await trained(declared, dtype);
    const run = (poison: number | undefined): readonly number[] => {
      const memory = memoryOf(module, module.layout.arenaBytes);
      const arena = 'buffer' in memory ? memory.buffer : memory;
      const program = module.create(memory);
      const floats = (xs: readonly number[]) =>
        dtype === 'f32' ? Float32Array.from(xs) : Float64Array.from(xs);
      const [x, y] = [floats([1, 2, 3, -1, 0, 1]), floats([1, 0, 0.5, 2])];
      for (const [name, values] of Object.entries(trainer.state)) program.state[name]?.set(values);
      const losses: number[] = [];
      for (let t = 0; t < 5; t++) {
        const kept = Object.values(program.state).map((array) => array.slice());
        if (poison !== undefined) new Uint8Array(arena).fill(poison);
        Object.values(program.state).forEach((array, i) => {
          array.set(kept[i] ?? []);
        });
        losses.push(program.step({ x, y }, 2, t, 0).loss ?? Number.NaN);
      }
      return [...losses, ...Object.values(program.state).flatMap((array) => [...array])];
    };
    const clean = run(undefined);
    expect(clean.every(Number.isFinite)).toBe(true);
    // Bytes of 255 are NaN in both precisions.
    expect(run(255)).toEqual(clean);
    expect(run(63)).toEqual(clean);
  });

  it('case 28: a frozen parameter stays as it was, has no slot, and lets the gradient through to others', async () => {
    const trainer = await trainerFor(
      (m) => {
        const x = m.input('x', ['batch']).mean();
        const still = m.param('still', [], constant(3), { trainable: false });
        return { loss: m.param('w', [], constant(2)).mul(still).mul(x) };
      },
      { optimizer: momentum({ learningRate: 1, beta: 0.5 }) },
      dtype,
    );
    trainer.step({ x: [1] });
    expect([trainer.state.still?.[0], trainer.state.w?.[0]]).toEqual([3, 2 - 0.5 * 3]);
    expect(Object.keys(trainer.state).sort()).toEqual(['still', 'w', 'w.v']);
  });

  it('case 28: stopGradient inside a tied path cuts that path alone', async () => {
    const trainer = await trainerFor(
      (m) => {
        const w = m.param('w', [], constant(3));
        return { loss: w.mul(w.stopGradient()).add(w.mul(10)) };
      },
      { optimizer: showGradient },
      dtype,
    );
    expect(trainer.step({}).loss).toBe(39);
    expect(trainer.state.w?.[0]).toBe(13);
  });
});

describe('what is not used', () => {
  it('case 24: an unused parameter is warned of, keeps its value in every step, and is saved', async () => {
    const declared = small(
      (m) => {
        m.param('spare', [2], constant(7)); // spare
        m.input('unread', ['batch', 1]); // unread
        return { loss: plainLoss(m) };
      },
      { optimizer: momentum({ learningRate: 0.1 }) },
    );
    const { trainer, compiled: made } = await trained(declared);
    expect(made.warnings).toMatchObject([
      { code: 'param/unused', site: site('spare') },
      { code: 'input/unused', site: site('unread') },
    ]);
    for (let step = 0; step < 3; step++) trainer.step({ x: [1, 2], unread: [9] });
    const { tensors } = decodeSafetensors(trainer.save());
    expect([...(tensors.get('spare')?.data ?? [])]).toEqual([7, 7]);
    expect([...tensors.keys()]).toEqual(expect.arrayContaining(['spare', 'w', 'w.v']));
  });

  it('case 24: a parameter behind stopGradient has the gradient exactly 0', async () => {
    const trainer = await trainerFor(
      (m) => ({ loss: plainLoss(m).mul(m.param('s', [], constant(7)).stopGradient()) }),
      { optimizer: showGradient },
    );
    trainer.step({ x: [1, 2] });
    expect(trainer.state.s?.[0]).toBe(7);
  });
});

describe('what is no loss', () => {
  const wrong: readonly (readonly [string, string, (m: ModelContext) => unknown])[] = [
    ['a constant', 'loss/no-parameter', (m) => m.constant(3)],
    ['data alone', 'loss/no-parameter', (m) => m.input('x', ['batch', 2]).mean()],
    ['frozen parameters alone', 'loss/no-parameter', (m) => m.param('w', [], zeros(), { trainable: false })],
    ['what is cut off', 'loss/no-parameter', (m) => m.param('w', [], zeros()).stopGradient()],
    ['several numbers', 'loss/not-scalar', (m) => m.param('w', [2], zeros()).square()],
    [
      'a number per sample',
      'loss/not-scalar',
      (m) =>
        m
          .input('x', ['batch', 2])
          .mul(m.param('w', [2], zeros()))
          .sum(1),
    ],
    ['two losses', 'model/return', (m) => [plainLoss(m), m.constant(1)]],
    ['nothing', 'model/return', () => undefined],
    ['a number', 'model/return', () => 3],
  ];
  it.each(wrong)('case 25: %s is an error that says why', async (_, code, of) => {
    const diagnostic = await diagnosticOf((m) => {
      const result: unknown = { loss: of(m) };
      return result as ModelResult;
    });
    expect(diagnostic).toMatchObject({ code, severity: 'error' });
    expect(diagnostic.help ?? diagnostic.message).toMatch(
      /m\.param or dense|loss\.mean\(\)|must return \{ loss/,
    );
    expect(diagnostic.site).toBeDefined();
  });

  it('case 25: a count of hits depends on parameters, but no gradient reaches them: it is an error as well', async () => {
    const hits = await diagnosticOf((m) => ({ loss: plainLoss(m).greater(0).toFloat() }));
    expect(hits).toMatchObject({ code: 'loss/no-parameter', severity: 'error' });
  });
});
