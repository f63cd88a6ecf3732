/** Dropout at the ends of its range: everything kept, everything dropped, and what is no probability. */

import { describe, expect, it } from 'vitest';
import { compile, constant, dropout, type ModelContext, type Scalar } from '../../src/index.ts';
import { linesOf, refusal } from '../dsl/support.ts';
import { precisions, small, target, trained, trainerFor } from './support.ts';

const site = linesOf(import.meta.url);

type Keep = number | ((t: Scalar) => Scalar);

const scaled = (m: ModelContext) => m.input('x', ['batch', 50]).mul(m.param('w', [], constant(1)));

/** A model with dropout whose loss is a mean: the gradient at `w` is the mean of what was kept. */
const dropping = (keep: Keep) =>
  small((m) => {
    const h = dropout(scaled(m), { keep });
    return { loss: h.mean(), outputs: { h } };
  });

/** Comments name lines of the model. */
const withoutComments = (code: string): string => code.replace(/\/\/.*$/gm, '');

const ones = Array.from({ length: 50 }, () => 1);

describe.each(precisions)('in %s', (dtype) => {
  it('case 10: dropping nothing is the identity, and draws no random number', async () => {
    const { compiled, trainer } = await trained(dropping(1), dtype);
    const { code } = await compile(
      small((m) => {
        const h = scaled(m);
        return { loss: h.mean(), outputs: { h } };
      }),
      { dtype, target },
    );
    expect(withoutComments(compiled.code)).toBe(withoutComments(code));
    expect(trainer.step({ x: ones }).loss).toBe(1);
    expect(trainer.state.w?.[0]).toBeCloseTo(0.9, 6);
  });

  it('case 10: dropping everything gives zeros and the gradient 0, never 0 times infinity', async () => {
    const trainer = (
      await trained(
        dropping((t) => t.mul(0)),
        dtype,
      )
    ).trainer;
    for (let step = 0; step < 20; step++) expect(trainer.step({ x: ones }).loss).toBe(0);
    expect(trainer.state.w?.[0]).toBe(1);
    expect([...(trainer.predict({ x: ones }).h ?? [])]).toEqual(ones);
  });

  it.each([0.5, 1e-6])(
    'case 10: keeping %d keeps that share, divided by it, and stays finite',
    async (keep) => {
      const trainer = (await trained(dropping(keep), dtype)).trainer;
      const losses = Array.from({ length: 200 }, () => {
        trainer.state.w?.fill(1);
        return trainer.step({ x: ones }).loss ?? Number.NaN;
      });
      expect(losses.every(Number.isFinite)).toBe(true);
      const mean = losses.reduce((a, b) => a + b, 0) / losses.length;
      // Of 10,000 draws, within five standard deviations of the expectation 1.
      expect(Math.abs(mean - 1)).toBeLessThan(5 * Math.sqrt((1 - keep) / keep / 1e4));
    },
  );

  it('case 10: a layer that keeps everything leaves the draws of the other layers as they are', async () => {
    const weightsOf = async (keeps: readonly number[]) => {
      const trainer = await trainerFor(
        (m) => ({ loss: keeps.reduce((h, keep) => dropout(h, { keep }), scaled(m)).mean() }),
        {},
        dtype,
      );
      for (let step = 0; step < 5; step++) trainer.step({ x: ones });
      return [...(trainer.state.w ?? [])];
    };
    expect(await weightsOf([1, 0.5])).toEqual(await weightsOf([0.5]));
    expect(await weightsOf([0.5, 1])).toEqual(await weightsOf([0.5]));
  });
});

it.each([0, -0.1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
  'case 10: the probability %d of keeping is an error at the line that gives it',
  async (keep) => {
    const declared = small((m) => {
      const h = dropout(scaled(m), { keep }); // keep
      return { loss: h.mean() };
    });
    const diagnostic = await refusal(() => compile(declared));
    expect(diagnostic).toMatchObject({ code: 'model/hyperparameter', site: site('keep') });
    expect(diagnostic.message).toBe(
      `keep must be a probability above 0 and at most 1, or a schedule, got ${keep}.`,
    );
  },
);
