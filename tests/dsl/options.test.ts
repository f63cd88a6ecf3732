/** Options, distributions and values that make no sense are refused where they are written. */

import { describe, expect, it } from 'vitest';
import {
  type ClassLabel,
  constant,
  gradientDescent,
  type ModelContext,
  type ModelOptions,
  model,
  normal,
  uniform,
} from '../../src/index.ts';
import { compiled, diagnosticOf, linesOf, options, plainLoss, refusal, untyped } from './support.ts';

const site = linesOf(import.meta.url);
const none: unknown = undefined;

interface Values {
  readonly m: ModelContext;
  readonly y: ClassLabel<3>;
  /** Text that claims to be a number. */
  readonly text: number;
}

describe('options', () => {
  const declare = (changed: { readonly [name: string]: unknown }): unknown => {
    const anything: unknown = { ...options, ...changed };
    return model('test', (m) => ({ loss: plainLoss(m) }), anything as ModelOptions); // options
  };

  it.each(['batch', 'maxBatch', 'epochs'])('%s is a whole number from 1', async (name) => {
    for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '4', null]) {
      const diagnostic = await refusal(() => declare({ [name]: value }));
      expect(diagnostic).toMatchObject({ code: 'model/option', site: site('options') });
      expect(diagnostic.message).toMatch(`option ${name}: expected a whole number from 1, got ${value}.`);
    }
    expect(() => declare({ batch: 1, [name]: 7 })).not.toThrow();
  });

  it('maxBatch is at least batch', async () => {
    const diagnostic = await refusal(() => declare({ batch: 8, maxBatch: 7 }));
    expect(diagnostic.message).toMatch('option maxBatch: expected at least batch (8), got 7.');
  });

  it.each([none, null, 3, {}, { learningRate: 1 }])('optimizer is none when it is %j', async (optimizer) => {
    const diagnostic = await refusal(() => declare({ optimizer }));
    expect(diagnostic.message).toMatch('option optimizer: expected an optimizer, such as gradientDescent(');
  });

  it.each([-0.1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, '0.1', none, null])(
    'learningRate is not %s',
    async (rate) => {
      const anything: unknown = rate;
      const run = () => gradientDescent({ learningRate: anything as number }); // rate
      const diagnostic = await refusal(run);
      expect(diagnostic).toMatchObject({ code: 'model/hyperparameter', site: site('rate') });
      expect(diagnostic.message).toMatch(
        `learningRate must be a finite number from 0, or a schedule, got ${rate}.`,
      );
    },
  );

  it('learningRate may be 0, which trains nothing', () => {
    expect(gradientDescent({ learningRate: 0 }).learningRate).toBe(0);
  });

  it('the initial distributions are finite and in order', async () => {
    const wrong = [() => constant(Number.NaN), () => normal(-1), () => uniform(1, 0)];
    for (const run of [...wrong, () => normal(Number.POSITIVE_INFINITY), () => uniform(0, Number.NaN)])
      expect(await refusal(run)).toMatchObject({ code: 'model/hyperparameter' });
    expect(await diagnosticOf((m) => ({ loss: untyped(m).param('p', [], 3).mean() }))).toMatchObject({
      code: 'model/option',
    });
  });
});

describe("a user's own initial distribution", () => {
  it.each([
    [none, 'got undefined'],
    [{ kind: 'cauchy' }, 'got cauchy'],
    [{ kind: 'normal', mean: 0, std: Number.NaN }, 'got normal(mean: 0, std: NaN)'],
    [{ kind: 'uniform', low: 0 }, 'got uniform(low: 0, high: undefined)'],
    [{ kind: 'constant', value: '1' }, ''],
  ])('is one of the known kinds with finite numbers, not %j', async (init, got) => {
    const diagnostic = await diagnosticOf((m) => {
      untyped(m).param('p', [2], () => init); // init
      return { loss: plainLoss(m) };
    });
    expect(diagnostic).toMatchObject({ code: 'model/option', site: site('init') });
    expect(diagnostic.message).toContain(got);
  });

  it('is given the shape of the parameter', async () => {
    const { layout } = await compiled((m) => {
      const byShape = (shape: readonly number[]) => ({ kind: 'constant', value: shape.length }) as const;
      return { loss: plainLoss(m, byShape) };
    });
    expect(layout.state[0]?.init).toEqual({ kind: 'constant', value: 2 });
  });
});

describe('values that no type checker has seen', () => {
  it.each([
    ['oneHot of -1 classes', 'shape/dimension', (x: Values) => x.y.oneHot(-1)],
    ['oneHot of 1.5 classes', 'shape/dimension', (x: Values) => x.y.oneHot(1.5)],
    ['a constant of text', 'dtype/mismatch', (x: Values) => x.m.constant(x.text)],
    ['an empty name', 'name/invalid', (x: Values) => x.m.constant(1).named('')],
    ['text as an operand', 'dtype/mismatch', (x: Values) => x.m.constant(1).add(x.text)],
  ] as const)('%s is refused', async (_, code, use) => {
    const diagnostic = await diagnosticOf((m) => {
      const text: unknown = '3';
      use({ m, y: m.label('y', { classes: 3 }), text: text as number });
      return { loss: plainLoss(m) };
    });
    expect(diagnostic).toMatchObject({ code, severity: 'error' });
    expect(diagnostic.site?.file).toBe(site('init').file);
  });
});
