/** Shapes that are empty, stretched, wrong, huge, or no shapes at all. */

import { describe, expect, it } from 'vitest';
import { compile, constant, type ModelContext, normal, type Tensor, zeros } from '../../src/index.ts';
import { compiled, diagnosticOf, linesOf, plainLoss, unchecked, untyped } from '../dsl/support.ts';
import { faultOf, precisions, showGradient, small, trained, trainerFor } from './support.ts';

const site = linesOf(import.meta.url);

type Sizes = readonly number[];

/** The elements of the operand shape that each element of the joint shape reads, by NumPy's rule. */
function stretched(operand: Sizes, joint: Sizes): readonly number[] {
  const padded = [...joint.map(() => 1).slice(operand.length), ...operand];
  const count = joint.reduce((a, b) => a * b, 1);
  return Array.from({ length: count }, (_, flat) => {
    let [rest, at, stride] = [flat, 0, 1];
    for (let axis = joint.length - 1; axis >= 0; axis--) {
      const [size = 1, own = 1] = [joint[axis], padded[axis]];
      at += (own === 1 ? 0 : rest % size) * stride;
      stride *= own;
      rest = Math.floor(rest / size);
    }
    return at;
  });
}

const sizeOf = (shape: Sizes): number => shape.reduce((a, b) => a * b, 1);
const count = (length: number, from: number): number[] => Array.from({ length }, (_, i) => i + from);

describe.each(precisions)('in %s', (dtype) => {
  it.each<[Sizes, Sizes, Sizes]>([
    [
      [3, 1],
      [1, 4],
      [3, 4],
    ],
    [[0], [1], [0]],
    [[], [2, 3], [2, 3]],
    [[], [], []],
    [[3], [2, 3], [2, 3]],
    [
      [2, 1, 3],
      [4, 1],
      [2, 4, 3],
    ],
    [
      [2, 1, 2, 1],
      [3, 1, 2],
      [2, 3, 2, 2],
    ],
    [[1, 1, 1, 1], [5], [1, 1, 1, 5]],
    [
      [2, 0, 3],
      [1, 1, 3],
      [2, 0, 3],
    ],
  ])('case 18: %j times %j is %j, and each operand gets a gradient of its own shape', async (a, b, joint) => {
    const declared = small(
      (m) => {
        const wide = (name: string, shape: Sizes): Tensor<readonly number[]> => m.param(name, shape, zeros());
        const product = unchecked(wide('a', a)).mul(unchecked(wide('b', b)));
        const weights = unchecked(m.param('c', joint, zeros(), { trainable: false }));
        return { loss: product.mul(weights).sum(), outputs: { product } };
      },
      { optimizer: showGradient },
    );
    const [xs, ys, cs] = [count(sizeOf(a), 1), count(sizeOf(b), 7), count(sizeOf(joint), 2)];
    const { trainer, compiled: made } = await trained(declared, dtype, { init: { a: xs, b: ys, c: cs } });
    const [readA, readB] = [stretched(a, joint), stretched(b, joint)];
    expect(made.layout.outputs[0]?.shape).toEqual(joint);
    expect([...(trainer.predict({}).product ?? [])]).toEqual(
      cs.map((_, i) => (xs[readA[i] ?? 0] ?? 0) * (ys[readB[i] ?? 0] ?? 0)),
    );
    trainer.step({});
    const gradientOf = (
      own: Sizes,
      reads: readonly number[],
      other: readonly number[],
      otherReads: readonly number[],
    ) => {
      const sums = count(sizeOf(own), 0).fill(0);
      cs.forEach((c, i) => {
        sums[reads[i] ?? 0] = (sums[reads[i] ?? 0] ?? 0) + c * (other[otherReads[i] ?? 0] ?? 0);
      });
      return sums;
    };
    expect([...(trainer.state.a ?? [])]).toEqual(gradientOf(a, readA, ys, readB));
    expect([...(trainer.state.b ?? [])]).toEqual(gradientOf(b, readB, xs, readA));
  });

  it('case 16: sums of nothing are 0, a product over nothing is zeros, and shapes are kept', async () => {
    const trainer = await trainerFor(
      (m) => {
        const x = m.input('x', ['batch', 0]);
        const product = x.matmul(m.param('w', [0, 3], normal(1)));
        return {
          loss: product.add(m.param('b', [3], constant(1))).mean(),
          outputs: { product, sum: x.sum(1), empty: x.exp() },
        };
      },
      { optimizer: showGradient },
      dtype,
    );
    const x = [[], []];
    const { product, sum, empty } = trainer.predict({ x });
    expect([product, sum, empty].map((values) => [...(values ?? [])])).toEqual([
      [0, 0, 0, 0, 0, 0],
      [0, 0],
      [],
    ]);
    expect(trainer.step({ x }).loss).toBe(1);
    expect(trainer.state.w?.length).toBe(0);
    for (const g of trainer.state.b ?? []) expect(g).toBeCloseTo(1 / 3, 6);
  });

  it('case 16: a batch of no records is refused by step, fit, evaluate and predict, and changes nothing', async () => {
    const trainer = await trainerFor((m) => ({ loss: plainLoss(m), outputs: {} }), {}, dtype);
    const before = trainer.save();
    const uses = [
      () => trainer.step({ x: [] }),
      () => trainer.fit({ x: [] }),
      () => trainer.evaluate({ x: [] }),
    ];
    for (const use of [...uses, () => trainer.predict({ x: [] })])
      expect(await faultOf(use)).toMatchObject({ code: 'data/empty' });
    expect(trainer.save()).toEqual(before);
  });
});

it.each<[string, (x: Tensor<readonly [2, 0]>) => Tensor<readonly [2]> | Tensor<readonly [2], 'int'>]>([
  ['mean', (x) => x.mean(1)], // empty mean
  ['max', (x) => x.max(1)], // empty max
  ['logSumExp', (x) => x.logSumExp(1)], // empty logSumExp
  ['argmax', (x) => x.argmax(1)], // empty argmax
])('case 16: the %s over no elements is an error at its line', async (name, use) => {
  const diagnostic = await diagnosticOf((m) => {
    const y = use(m.param('empty', [2, 0], zeros()));
    return { loss: plainLoss(m), outputs: { y } };
  });
  expect(diagnostic).toMatchObject({ code: 'shape/empty', site: site(`empty ${name}`) });
});

describe('what does not fit', () => {
  it('case 19: a product of matrices names both shapes, both names and the line', async () => {
    const diagnostic = await diagnosticOf((m) => {
      const [left, right] = [m.input('left', ['batch', 3]), m.param('right', [4, 5], zeros())];
      return { loss: unchecked(left).matmul(unchecked(right)).mean() }; // product
    });
    expect(diagnostic).toMatchObject({ code: 'shape/matmul', site: site('product') });
    for (const part of ['left', '[batch, 3]', 'right', '[4, 5]']) expect(diagnostic.message).toContain(part);
  });

  it('case 19: a sum names both shapes, both names and the line', async () => {
    const diagnostic = await diagnosticOf((m) => {
      const [left, right] = [m.param('left', [2, 3], zeros()), m.param('right', [2], zeros())];
      return { loss: unchecked(left).add(unchecked(right)).mean() }; // sum
    });
    expect(diagnostic).toMatchObject({ code: 'shape/mismatch', site: site('sum') });
    for (const part of ['left', '[2, 3]', 'right', '[2]']) expect(diagnostic.message).toContain(part);
  });

  it('case 19: the editor knows it too', async () => {
    const build = (m: ModelContext) => {
      const x = m.input('x', ['batch', 3]);
      // @ts-expect-error The shapes are known, and 3 columns meet 4 rows.
      return { loss: x.matmul(m.param('w', [4, 5], zeros())).mean() };
    };
    expect(await diagnosticOf(build)).toMatchObject({ code: 'shape/matmul' });
  });
});

describe('what is too large', () => {
  it.each([
    [[65_536, 65_536]],
    [[2 ** 31]],
    [[2 ** 53]],
    [[2 ** 16, 2 ** 16, 2 ** 16, 2 ** 16, 2 ** 16]],
    [[2 ** 30, 2]],
  ])('case 20: a parameter %j is refused at its line, before anything is allocated', async (shape) => {
    const diagnostic = await diagnosticOf((m) => {
      untyped(m).param('huge', shape, zeros()); // huge
      return { loss: plainLoss(m) };
    });
    expect(['shape/too-large', 'shape/dimension']).toContain(diagnostic.code);
    expect(diagnostic.site).toEqual(site('huge'));
  });

  it('case 20: a result that would take more than 2 GiB is refused', async () => {
    const diagnostic = await diagnosticOf((m) => {
      const [a, b] = [m.param('a', [65_536, 1], zeros()), m.param('b', [1, 65_536], zeros())];
      return { loss: a.matmul(b).exp().mean() };
    });
    expect(diagnostic).toMatchObject({ code: 'shape/too-large' });
    expect(diagnostic.message).toContain('[65536, 65536]');
  });

  it('case 20: a batch whose rows would take more than 2 GiB together is refused', async () => {
    const wide = small(
      (m) => ({
        loss: m
          .input('x', ['batch', 2 ** 20])
          .matmul(m.param('w', [2 ** 20, 2048], zeros()))
          .exp()
          .mean(),
      }),
      { batch: 2 ** 20 },
    );
    await expect(compile(wide)).rejects.toMatchObject({ diagnostic: { code: 'shape/too-large' } });
  });

  it('case 20: compiling allocates nothing of the size of the model: the layout says how much it will take', async () => {
    const before = process.memoryUsage().arrayBuffers;
    const { layout } = await compiled((m) => ({
      loss: m
        .param('w', [2 ** 28], zeros())
        .mul(0.5)
        .sum(),
    }));
    expect(layout.arenaBytes).toBeGreaterThanOrEqual(2 ** 30);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 26);
  });
});

it.each([-1, 0.5, 1.5, Number.NaN, Number.POSITIVE_INFINITY, Number('1e400'), '3', null, {}, [2], true])(
  'case 21: %j is no dimension, and is refused at its line',
  async (dim) => {
    for (const role of ['input', 'label'] as const) {
      const diagnostic = await diagnosticOf((m) => {
        untyped(m)[role]('d', ['batch', dim]); // data
        return { loss: plainLoss(m) };
      });
      expect(diagnostic).toMatchObject({ code: 'shape/dimension', site: site('data') });
    }
    const parameter = await diagnosticOf((m) => {
      untyped(m).param('p', [dim], zeros()); // parameter
      return { loss: plainLoss(m) };
    });
    expect(parameter).toMatchObject({ code: 'shape/dimension', site: site('parameter') });
  },
);
