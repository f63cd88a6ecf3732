/** Losses where a textbook formula overflows: logits of any size, masks, probabilities of 0 and 1, one class. */

import { describe, expect, it } from 'vitest';
import {
  binaryCrossEntropy,
  constant,
  dense,
  type ModelContext,
  softmax,
  softmaxCrossEntropy,
  type Tensor,
  zeros,
} from '../../src/index.ts';
import { expectClose, explained, precisions, showGradient, small, trained, trainerFor } from './support.ts';

type Logits = Tensor<readonly ['batch', number]>;

/** The library's loss, and the one written out: what trains must not depend on which a user writes. */
const losses = {
  library: (m: ModelContext, z: Logits, classes: number) => ({
    loss: softmaxCrossEntropy(z, m.label('y', { classes })),
    p: softmax(z),
  }),
  'written out': (m: ModelContext, z: Logits, classes: number) => {
    const e = z.exp();
    const p = e.div(e.sum(1, { keep: true }));
    return { loss: m.label('y', { classes }).oneHot(classes).mul(p.log()).sum(1).mean().neg(), p };
  },
};

/** A classifier whose logits are its parameters, where `x` is above 0, and `-Infinity` elsewhere. */
const masked = (lossOf: (typeof losses)['library'], classes: number) =>
  small(
    (m) => {
      const z = m
        .input('x', ['batch', classes])
        .greater(0)
        .select(m.param('z', [classes], zeros()), -Infinity);
      const { loss, p } = lossOf(m, z, classes);
      return { loss, outputs: { p } };
    },
    { optimizer: showGradient },
  );

describe.each(precisions)('in %s', (dtype) => {
  const unit = dtype === 'f32' ? 2 ** -24 : 2 ** -53;

  describe.each(Object.entries(losses))('%s', (_, lossOf) => {
    it.each([
      [[1e4, -1e4], 0, [1, 0], 0],
      [[1e4, -1e4], 1, [1, 0], 2e4],
      [[-1e4, 1e4], 0, [0, 1], 2e4],
      [[1e4, 1e4], 1, [0.5, 0.5], Math.LN2],
    ])(
      'case 2: logits %j with the label %i have p, a finite loss and a gradient that sums to 0',
      async (z, y, p, loss) => {
        const { trainer } = await trained(masked(lossOf, 2), dtype);
        trainer.state.z?.set(z);
        expect([...(trainer.predict({ x: [1, 1] }).p ?? [])]).toEqual(p);
        expect(trainer.step({ x: [1, 1], y: [y] }).loss).toBeCloseTo(loss, 6);
        const gradient = [...(trainer.state.z ?? [])];
        expect(gradient.every((g) => g >= -1 && g <= 1)).toBe(true);
        expect(Math.abs(gradient.reduce((a, b) => a + b, 0))).toBeLessThanOrEqual(4 * unit);
        expect(gradient[y]).toBeCloseTo((p[y] ?? 0) - 1, 6);
      },
    );

    it('case 2: masked classes have p 0 and gradient 0, the others share what is left', async () => {
      const { trainer } = await trained(masked(lossOf, 3), dtype);
      expect([...(trainer.predict({ x: [1, 1, 0] }).p ?? [])]).toEqual([0.5, 0.5, 0]);
      expect(trainer.step({ x: [1, 1, 0], y: [1] }).loss).toBeCloseTo(Math.LN2, 6);
      expect([...(trainer.state.z ?? [])]).toEqual([0.5, -0.5, 0]);
    });

    it('case 2: a row with every class masked is no distribution: the step is taken back and reported', async () => {
      const declared = masked(lossOf, 3);
      const { trainer } = await trained(declared, dtype);
      const before = trainer.save();
      const rows = { x: [1, 1, 0, 0, 0, 0], y: [1, 1] };
      const { error } = await explained(declared, dtype, () => trainer.step(rows));
      expect(error).toMatchObject({
        code: 'train/not-finite',
        message: expect.stringMatching(/loss is NaN at step 1/),
      });
      expect(trainer.save()).toEqual(before);
    });

    it('case 11: with one class alone the loss is 0, the probability 1 and the gradient 0', async () => {
      const { trainer } = await trained(masked(lossOf, 1), dtype);
      trainer.state.z?.set([123]);
      expect([...(trainer.predict({ x: [1] }).p ?? [])]).toEqual([1]);
      expect(Math.abs(trainer.step({ x: [1], y: [0] }).loss ?? Number.NaN)).toBe(0);
      expect(Math.abs(trainer.state.z?.[0] ?? Number.NaN)).toBe(0);
    });
  });

  it.each([
    [1e4, 1, 0, 1],
    [1e4, 0, 1e4, 1],
    [-1e4, 1, 1e4, 0],
    [-1e4, 0, 0, 0],
    [0, 1, Math.LN2, 0.5],
  ])(
    'case 3: the logit %d with the label %i has a finite loss and gradient at p of 0 and 1',
    async (z, y, loss, p) => {
      const written = (logit: Tensor<readonly ['batch']>, label: Tensor<readonly ['batch']>) => {
        const q = logit.sigmoid();
        return label
          .mul(q.log())
          .add(label.neg().add(1).mul(q.neg().add(1).log()))
          .mean()
          .neg();
      };
      for (const lossOf of [binaryCrossEntropy<readonly ['batch'], readonly ['batch']>, written]) {
        const trainer = await trainerFor(
          (m) => {
            const logit = m.input('x', ['batch']).mul(m.param('w', [], constant(1)));
            return { loss: lossOf(logit, m.label('y', ['batch'])), outputs: { p: logit.sigmoid() } };
          },
          { optimizer: showGradient },
          dtype,
        );
        expect([...(trainer.predict({ x: [z] }).p ?? [])]).toEqual([p]);
        expect(trainer.step({ x: [z], y: [y] }).loss).toBeCloseTo(loss, 6);
        expect(trainer.state.w?.[0]).toBeCloseTo((p - y) * z, 6);
      }
    },
  );

  it.each([0, 0.1, 1])(
    'case 11: label smoothing %d is defined, with a gradient of p less the smooth label',
    async (share) => {
      const trainer = await trainerFor(
        (m) => {
          const z = m
            .input('x', ['batch', 1])
            .mul(0)
            .add(m.param('z', [4], zeros()));
          const smooth = m
            .label('y', { classes: 4 })
            .oneHot(4)
            .mul(1 - share)
            .add(share / 4);
          const logP = z.sub(z.logSumExp(1, { keep: true }));
          return { loss: smooth.mul(logP).sum(1).mean().neg() };
        },
        { optimizer: showGradient },
        dtype,
      );
      expect(trainer.step({ x: [1], y: [2] }).loss).toBeCloseTo(Math.log(4), 6);
      const expected = [0, 1, 2, 3].map((c) => 0.25 - (c === 2 ? 1 - share : 0) - share / 4);
      expectClose(trainer.state.z, expected);
    },
  );

  it('case 11: a layer above a single class learns nothing and stays finite', async () => {
    const trainer = await trainerFor(
      (m) => ({
        loss: softmaxCrossEntropy(dense(m.input('x', ['batch', 2]), 1), m.label('y', { classes: 1 })),
      }),
      {},
      dtype,
    );
    const before = trainer.save();
    trainer.step({ x: [1, 2, 3, 4], y: [0, 0] });
    expect(trainer.steps).toBe(1);
    expect([...trainer.save()].slice(-16)).toEqual([...before].slice(-16));
  });
});
