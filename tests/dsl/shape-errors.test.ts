/** Shapes that do not fit end in a diagnostic with both shapes, both names and the user's line. */

import { describe, expect, it } from 'vitest';
import type { Tensor } from '../../src/dsl/tensor.ts';
import {
  accuracy,
  binaryCrossEntropy,
  dense,
  gradientDescent,
  model,
  relu,
  type Shape,
  softmaxCrossEntropy,
  zeros,
} from '../../src/index.ts';
import { compiled, diagnosticOf, linesOf, options, plainLoss, refusal, unchecked } from './support.ts';

const site = linesOf(import.meta.url);

describe('operands that do not fit', () => {
  it('matmul names both operands, both shapes and both inner dimensions', async () => {
    const diagnostic = await diagnosticOf((m) => {
      const pixels = unchecked(m.input('pixels', ['batch', 784]));
      const weights = m.param('weights', [16, 10], zeros());
      return { loss: pixels.matmul(weights).mean() }; // inner dimensions
    });
    expect(diagnostic).toMatchObject({
      code: 'shape/matmul',
      severity: 'error',
      site: site('inner dimensions'),
    });
    expect(diagnostic.message).toMatch(
      'matmul: pixels f32[batch, 784] times weights f32[16, 10]: the inner dimensions 784 and 16 differ.',
    );
    expect(diagnostic.help).toMatch('columns of the left operand must equal the rows of the right');
  });

  it('matmul refuses what is no matrix', async () => {
    const diagnostic = await diagnosticOf((m) => {
      const x = unchecked(m.input('x', ['batch', 3]));
      return { loss: x.matmul(m.param('row', [3], zeros())).mean() }; // no matrix
    });
    expect(diagnostic).toMatchObject({ code: 'shape/rank', site: site('no matrix') });
    expect(diagnostic.message).toMatch('row f32[3]');
  });

  it.each(['add', 'sub', 'mul', 'div', 'maximum', 'minimum', 'less', 'greater'] as const)(
    '%s names both operands and both shapes',
    async (operation) => {
      const diagnostic = await diagnosticOf((m) => {
        const x = unchecked(m.input('x', ['batch', 3]));
        const offset = unchecked(m.param('offset', [4], zeros()));
        x[operation](offset); // elementwise
        return { loss: plainLoss(m) };
      });
      expect(diagnostic).toMatchObject({ code: 'shape/mismatch', site: site('elementwise') });
      expect(diagnostic.message).toContain('x f32[batch, 3]');
      expect(diagnostic.message).toContain('offset f32[4]');
    },
  );

  it('a batch does not fit a fixed number of rows', async () => {
    const diagnostic = await diagnosticOf((m) => {
      const x = unchecked(m.input('x', ['batch', 3]));
      return { loss: x.add(m.param('rows', [4, 3], zeros())).mean() };
    });
    expect(diagnostic.code).toBe('shape/mismatch');
    expect(diagnostic.help).toMatch('`batch` fits only `batch` and 1');
  });

  it('the line is that of the user when a layer of the library is at fault', async () => {
    const diagnostic = await diagnosticOf((m) => {
      const x = m.input('x', ['batch', 3]);
      const y = m.label('y', { classes: 4 });
      const scores: Tensor<readonly ['batch', number]> = dense(x, 5);
      return { loss: softmaxCrossEntropy(scores, y) }; // classes
    });
    expect(diagnostic).toMatchObject({ code: 'shape/mismatch', site: site('classes') });
    expect(diagnostic.message).toMatch(/f32\[batch, 5\].*4 classes/);
  });
});

describe('labels that do not fit', () => {
  it('accuracy refuses a label of another number of classes', async () => {
    const diagnostic = await diagnosticOf((m) => {
      const scores: Tensor<readonly ['batch', number]> = m.input('scores', ['batch', 5]);
      const y = m.label('y', { classes: 4 });
      return { loss: plainLoss(m), metrics: { accuracy: accuracy(scores, y) } }; // accuracy
    });
    expect(diagnostic).toMatchObject({ code: 'shape/mismatch', site: site('accuracy') });
  });

  it('binaryCrossEntropy refuses a label that would be stretched to the logits', async () => {
    const diagnostic = await diagnosticOf((m) => {
      const logits = unchecked(dense(m.input('x', ['batch', 3]), 2));
      const y = unchecked(m.label('y', ['batch', 1]));
      return { loss: binaryCrossEntropy(logits, y) }; // stretched
    });
    expect(diagnostic).toMatchObject({ code: 'shape/mismatch', site: site('stretched') });
  });

  it('softmaxCrossEntropy refuses a label of numbers', async () => {
    const diagnostic = await diagnosticOf((m) => {
      const logits: Tensor<Shape> = dense(m.input('x', ['batch', 3]), 2);
      const y: unknown = m.label('y', ['batch', 2]);
      const [scores, label] = [logits, y] as Parameters<typeof softmaxCrossEntropy>;
      return { loss: softmaxCrossEntropy(scores, label) }; // numbers
    });
    expect(diagnostic.site).toEqual(site('numbers'));
    expect(diagnostic.message).not.toMatch('undefined');
  });
});

describe('axes and forms that do not exist', () => {
  it.each([2, -3, 0.5, Number.NaN])('sum over axis %s of a matrix', async (axis) => {
    const diagnostic = await diagnosticOf((m) => {
      const x = m.input('x', ['batch', 3]);
      return { loss: x.sum(axis).mean() }; // axis
    });
    expect(diagnostic).toMatchObject({ code: 'shape/axis', site: site('axis') });
    expect(diagnostic.message).toMatch(`has no axis ${axis}`);
    expect(diagnostic.message).toMatch('f32[batch, 3]');
  });

  it.each([[['batch', 4]], [[3, 'batch']], [[6]], [['batch', 2, 2]]] as const)(
    'reshape of [batch, 6] to %j',
    async (form) => {
      const diagnostic = await diagnosticOf((m) => {
        const x = m.input('x', ['batch', 6]);
        const loose: readonly (number | 'batch')[] = form;
        return { loss: x.reshape(loose).mean() }; // reshape
      });
      expect(diagnostic.code).toMatch(/^shape\/(reshape|dimension)$/);
      expect(diagnostic.site).toEqual(site('reshape'));
    },
  );

  it('the mean of nothing', async () => {
    const diagnostic = await diagnosticOf((m) => {
      const x = m.input('x', ['batch', 0]);
      const empty = x.mean(1); // empty
      return { loss: plainLoss(m).add(empty.mean()) };
    });
    expect(diagnostic).toMatchObject({ code: 'shape/empty', site: site('empty') });
    expect(diagnostic.message).toMatch('f32[batch, 0]');
  });

  it.each(['max', 'argmax'] as const)('the %s of nothing', async (operation) => {
    const diagnostic = await diagnosticOf((m) => {
      m.input('x', ['batch', 0])[operation](1); // nothing
      return { loss: plainLoss(m) };
    });
    expect(diagnostic).toMatchObject({ code: 'shape/empty', site: site('nothing') });
  });
});

describe('results that are not one number', () => {
  it('a loss for each sample', async () => {
    const diagnostic = await diagnosticOf((m) => {
      const x = unchecked(m.input('x', ['batch', 2]));
      const perSample: unknown = x.matmul(m.param('w', [2, 1], zeros())); // per sample
      return { loss: perSample as Tensor<readonly []> };
    });
    expect(diagnostic).toMatchObject({ code: 'loss/not-scalar', site: site('per sample') });
    expect(diagnostic.message).toMatch('f32[batch, 1]');
    expect(diagnostic.help).toMatch('loss.mean()');
  });

  it('a metric for each sample', async () => {
    const diagnostic = await diagnosticOf((m) => {
      const loss = plainLoss(m);
      const rows: unknown = m.input('rows', ['batch', 2]); // rows
      return { loss, metrics: { rows: rows as Tensor<readonly []> } };
    });
    expect(diagnostic).toMatchObject({ code: 'shape/rank', site: site('rows') });
    expect(diagnostic.message).toMatch('metric "rows": expected one number, got f32[batch, 2]');
  });

  it.each([undefined, null, 3, {}, { loss: 3 }, { metrics: {} }])(
    'a model that returns %j',
    async (result) => {
      const anything: unknown = result;
      const diagnostic = await diagnosticOf(() => anything as { loss: Tensor<readonly []> });
      expect(diagnostic).toMatchObject({ code: 'model/return', severity: 'error' });
      expect(diagnostic.message).toMatch('must return { loss, metrics?, outputs? }');
    },
  );
});

describe('tensors from elsewhere', () => {
  it('a tensor of another model is refused as an operand, a loss and an output', async () => {
    let stolen: Tensor<readonly []> | undefined;
    await compiled((m) => {
      const loss = plainLoss(m);
      stolen = loss;
      return { loss };
    });
    const foreign = stolen;
    if (foreign === undefined) throw new Error('The model was not run.');
    const operand = await diagnosticOf((m) => ({ loss: plainLoss(m).add(foreign) })); // foreign
    expect(operand).toMatchObject({ code: 'model/foreign', site: site('foreign') });
    expect(await diagnosticOf(() => ({ loss: foreign }))).toMatchObject({ code: 'model/foreign' });
    const output = await diagnosticOf((m) => ({ loss: plainLoss(m), outputs: { foreign } }));
    expect(output).toMatchObject({ code: 'model/foreign' });
  });

  it('what is no tensor is refused as an operand', async () => {
    const diagnostic = await diagnosticOf((m) => {
      const nothing: unknown = undefined;
      return { loss: relu(plainLoss(m)).add(nothing as number) }; // no tensor
    });
    expect(diagnostic).toMatchObject({ code: 'dtype/mismatch', site: site('no tensor') });
    expect(diagnostic.message).toMatch('expected a tensor or a number, got undefined');
  });

  it('the model function runs anew at each compilation', async () => {
    const declared = model('twice', (m) => ({ loss: plainLoss(m) }), {
      ...options,
      optimizer: gradientDescent({ learningRate: 1 }),
    });
    const { compile } = await import('../../src/compile.ts');
    expect((await compile(declared)).code).toBe((await compile(declared)).code);
    expect(await refusal(() => compile(declared, { printAfter: 'nothing' }))).toMatchObject({
      code: 'pass/unknown',
    });
  });
});
