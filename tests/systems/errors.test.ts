/** What optimizers, schedules, states and layers are given wrongly is refused with a stable code at the user's line. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile.ts';
import {
  adam,
  batchNorm,
  dense,
  gradient,
  gradientDescent,
  halvingOnMetric,
  halvingOnPlateau,
  type Initializer,
  type ModelContext,
  minMax,
  model,
  momentum,
  nesterov,
  type Optimizer,
  prelu,
  product,
  type Scalar,
  type Schedule,
  type Tensor,
  warmUp,
  whenTraining,
  zeros,
  zScore,
} from '../../src/index.ts';
import { linesOf, refusal } from '../dsl/support.ts';

const site = linesOf(import.meta.url);
const lines = readFileSync(site('model').file, 'utf8').split('\n');

type Two = Tensor<readonly [2]>;
type Rows = Tensor<readonly ['batch', 3]>;

/** What claims to be a tensor. */
const untyped = <T>(x: unknown): T => x as T;

const plain = gradientDescent({ learningRate: 0.1 });

function inOrder(m: ModelContext) {
  const x = m.input('x', ['batch', 2]);
  const loss = x.matmul(m.param('w', [2, 3], zeros())).mean();
  return { loss, metrics: { size: loss.abs() } };
}

/** A model that is in order but for its optimizer. */
const trainedBy = (optimizer: Optimizer) => {
  const declared = model('trained', inOrder, { batch: 4, optimizer }); // model
  return compile(declared);
};

/** A model that is in order but for what `use` does. */
const using = (use: (m: ModelContext, x: Rows) => unknown) =>
  compile(
    model(
      'using',
      (m) => {
        const x = m.input('x', ['batch', 3]);
        use(m, x);
        return { loss: dense(x, 2, { name: 'last' }).mean() };
      },
      { batch: 4, optimizer: plain },
    ),
  );

describe('a schedule', () => {
  it.each([
    ['the learning rate', (rate: Schedule) => gradientDescent({ learningRate: rate })],
    ['the learning rate of a look-ahead', (rate: Schedule) => nesterov({ learningRate: rate })],
    ['the momentum', (beta: Schedule) => momentum({ learningRate: 0.1, beta })],
    ['beta1', (beta1: Schedule) => adam({ learningRate: 0.1, beta1 })],
  ])('of %s that follows an unknown metric is refused, with the metrics there are', async (_, optimizer) => {
    const schedules = [
      halvingOnPlateau({ initial: 0.1, patience: 1, metric: 'acuracy' }),
      halvingOnMetric({ initial: 0.1, below: [1], metric: 'acuracy' }),
      warmUp({
        steps: 3,
        rate: product(1, halvingOnPlateau({ initial: 0.1, patience: 1, metric: 'acuracy' })),
      }),
    ];
    for (const schedule of schedules) {
      const diagnostic = await refusal(() => trainedBy(optimizer(schedule)));
      expect(diagnostic).toMatchObject({ code: 'schedule/metric', severity: 'error', site: site('model') });
      expect(diagnostic.message).toMatch('"acuracy"');
      expect(diagnostic.help).toMatch('loss, size');
    }
  });

  it('of the momentum may not follow a metric where the momentum decides where the metric is computed', async () => {
    for (const metric of ['loss', 'size', 'acuracy']) {
      const beta = halvingOnPlateau({ initial: 0.9, patience: 1, metric });
      const diagnostic = await refusal(() => trainedBy(nesterov({ learningRate: 0.1, beta })));
      expect(diagnostic).toMatchObject({ code: 'schedule/metric', site: site('model') });
      expect(diagnostic.message).toMatch('known only after the look-ahead');
    }
    const rate = halvingOnPlateau({ initial: 0.1, patience: 1, metric: 'size' });
    await expect(trainedBy(nesterov({ learningRate: rate }))).resolves.toBeDefined();
  });

  it.each([
    ['the learning rate', (rate: Schedule) => gradientDescent({ learningRate: rate })],
    ['the momentum', (beta: Schedule) => momentum({ learningRate: 0.1, beta })],
    ['the momentum of a look-ahead', (beta: Schedule) => nesterov({ learningRate: 0.1, beta })],
  ])('of %s gives one number as a tensor', async (_, optimizer) => {
    const row = optimizer((t) => untyped<Scalar>(t.reshape([1])));
    expect(await refusal(() => trainedBy(row))).toMatchObject({ code: 'shape/rank', site: site('model') });
    for (const nothing of [0.1, undefined, null, 'fast']) {
      const diagnostic = await refusal(() => trainedBy(optimizer(() => untyped<Scalar>(nothing))));
      expect(diagnostic).toMatchObject({ code: 'dtype/mismatch', site: site('model') });
    }
  });
});

describe("a user's own optimizer", () => {
  const own = (changed: Partial<Optimizer>): Optimizer => ({ ...plain, name: 'own', ...changed });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '0.1', undefined])(
    'has a learning rate, not %s',
    async (rate) => {
      const diagnostic = await refusal(() => trainedBy(own({ learningRate: untyped<number>(rate) })));
      expect(diagnostic).toMatchObject({ code: 'model/hyperparameter', site: site('model') });
      expect(diagnostic.message).toMatch('learningRate must be a finite number from 0, or a schedule');
    },
  );

  it.each([Number.NaN, Number.NEGATIVE_INFINITY, 'much'])(
    'has a momentum that is a number, not %s',
    async (beta) => {
      const diagnostic = await refusal(() => trainedBy(own({ momentum: untyped<number>(beta) })));
      expect(diagnostic).toMatchObject({ code: 'model/hyperparameter', site: site('model') });
      expect(diagnostic.message).toMatch('momentum must be');
    },
  );

  const wrong: readonly (readonly [string, Partial<Optimizer>])[] = [
    ['update', { update: ({ parameter }) => parameter.sum() }],
    ['update', { update: ({ parameter }) => parameter.transpose() }],
    ['lookAhead', { lookAhead: ({ parameter }) => parameter.sum() }],
    ['gradients', { gradients: (all) => all.map((one) => one.sum()) }],
  ];
  it.each(wrong)('gives from %s the shape of the parameter', async (part, changed) => {
    const diagnostic = await refusal(() => trainedBy(own(changed)));
    expect(diagnostic).toMatchObject({ code: 'shape/mismatch', severity: 'error', site: site('model') });
    expect(diagnostic.message).toMatch(part);
    expect(diagnostic.message).toMatch('[2, 3]');
  });

  it('gives one gradient for each', async () => {
    const diagnostic = await refusal(() => trainedBy(own({ gradients: () => [] })));
    expect(diagnostic).toMatchObject({ code: 'model/option', site: site('model') });
  });

  it.each(['update', 'lookAhead'])('gives from %s a tensor', async (part) => {
    for (const nothing of [undefined, null, 3]) {
      const diagnostic = await refusal(() => trainedBy(own({ [part]: () => untyped<Rows>(nothing) })));
      expect(diagnostic).toMatchObject({ code: 'dtype/mismatch', site: site('model') });
      expect(diagnostic.message).toMatch(part);
    }
  });
});

describe('a state', () => {
  it('is set once, to what has its shape and kind, at the line of the call', async () => {
    const declared = (m: ModelContext) => m.state('s', [2], zeros());
    const twice = (m: ModelContext) => {
      const s = declared(m);
      s.set(s.value.mul(2));
      s.set(s.value.mul(3)); // twice
    };
    expect(await refusal(() => using(twice))).toMatchObject({ code: 'state/set-twice', site: site('twice') });
    const shape = (m: ModelContext) => declared(m).set(untyped<Two>(m.constant(1))); // shape
    expect(await refusal(() => using(shape))).toMatchObject({ code: 'shape/mismatch', site: site('shape') });
    const bools = (m: ModelContext) => {
      const s = declared(m);
      s.set(untyped<Two>(s.value.greater(0))); // bools
    };
    expect(await refusal(() => using(bools))).toMatchObject({ code: 'dtype/mismatch', site: site('bools') });
    const nothing = (m: ModelContext) => declared(m).set(untyped<Two>(3)); // nothing
    expect(await refusal(() => using(nothing))).toMatchObject({
      code: 'dtype/mismatch',
      site: site('nothing'),
    });
  });

  it('has a name of its own, a shape and an initial distribution', async () => {
    const taken = (m: ModelContext) => m.state('x', [], zeros()); // taken
    expect(await refusal(() => using(taken))).toMatchObject({ code: 'name/duplicate', site: site('taken') });
    const batch = (m: ModelContext) => m.state('s', untyped<[number]>(['batch']), zeros()); // batch
    expect(await refusal(() => using(batch))).toMatchObject({ code: 'shape/dimension', site: site('batch') });
    const init = (m: ModelContext) => m.state('s', [], untyped<Initializer>(0)); // init
    expect(await refusal(() => using(init))).toMatchObject({ code: 'model/option', site: site('init') });
  });

  it('of an optimizer may not have the name of a parameter', async () => {
    const clash = (m: ModelContext) => m.param('last.w.v', [1], zeros());
    const run = () =>
      compile(
        model(
          'clash',
          (m) => {
            clash(m);
            return { loss: dense(m.input('x', ['batch', 3]), 2, { name: 'last' }).mean() };
          },
          { batch: 4, optimizer: momentum({ learningRate: 0.1 }) },
        ),
      );
    expect(await refusal(run)).toMatchObject({ code: 'name/duplicate' });
  });
});

/** A tensor of another model. */
async function foreign(): Promise<Rows> {
  const found: Rows[] = [];
  await using((_, x) => found.push(x));
  const [other] = found;
  if (!other) throw new Error('The model was not run.');
  return other;
}

describe('a layer', () => {
  type Use = (m: ModelContext, x: Rows) => unknown;
  const wrong: readonly (readonly [string, string, Use])[] = [
    ['batchNorm of three axes', 'shape/rank', (m) => batchNorm(untyped<Rows>(m.input('i', ['batch', 2, 2])))],
    ['batchNorm of one axis', 'shape/rank', (m) => batchNorm(untyped<Rows>(m.input('i', ['batch'])))],
    ['minMax of a result', 'normalization/input', (_, x) => minMax(x.mul(2))],
    ['zScore of a result', 'normalization/input', (_, x) => zScore(dense(x, 3))],
    ['minMax of a label', 'normalization/input', (m) => minMax(m.label('y', ['batch', 3]))],
    ['minMax beside x.min', 'name/duplicate', (m, x) => [m.param('x.min', [3], zeros()), minMax(x)]],
    ['a slope of other features', 'shape/mismatch', (m, x) => prelu(x, m.param('s', [2], zeros()))],
    ['a slope of two axes', 'shape/mismatch', (m, x) => prelu(x, m.param('s', [1, 3], zeros()))],
    ['a bias named as that of batchNorm', 'name/duplicate', (_, x) => batchNorm(dense(x, 3))],
    ['whenTraining of two shapes', 'shape/mismatch', (_, x) => whenTraining(x, untyped<Rows>(x.sum()))],
    ['a gradient of many numbers', 'shape/rank', (_, x) => gradient(untyped<Scalar>(x), x)],
    [
      'a gradient by classes',
      'grad/target',
      (m, x) => gradient(x.sum(), untyped<Rows>(m.label('y', { classes: 3 }))),
    ],
    ['a gradient by a number', 'model/foreign', (_, x) => gradient(x.sum(), untyped<Rows>(3))],
  ];
  it.each(wrong)('%s is refused as %s', async (title, code, use) => {
    const diagnostic = await refusal(() => using(use));
    expect(diagnostic).toMatchObject({ code, severity: 'error' });
    // The call stands in the line of its title or, where that is long, in one of the next.
    const line = lines.findIndex((text) => text.includes(`'${title}'`)) + 1;
    expect(diagnostic.site?.file).toBe(site('model').file);
    expect((diagnostic.site?.line ?? 0) - line).toBeGreaterThanOrEqual(0);
    expect((diagnostic.site?.line ?? 0) - line).toBeLessThan(5);
  });

  it('takes tensors of its own model alone', async () => {
    const other = await foreign();
    const uses: readonly Use[] = [
      (_, x) => whenTraining(x, other),
      (_, x) => gradient(x.sum(), other),
      (m) => m.state('s', [], zeros()).set(other.sum()),
      (_, x) => x.add(other),
    ];
    for (const use of uses) expect(await refusal(() => using(use))).toMatchObject({ code: 'model/foreign' });
  });
});
