/** Names and sizes that cannot be are refused where they are written; unused ones are warned of. */

import { describe, expect, it } from 'vitest';
import { showDiagnostic } from '../../ir/errors.ts';
import { constant, dense, model, zeros } from '../../src/index.ts';
import { compiled, diagnosticOf, linesOf, options, plainLoss, refusal, untyped } from './support.ts';

const site = linesOf(import.meta.url);
const none: unknown = undefined;

describe('names', () => {
  it('are taken once: the second declaration is refused, and told where the first one is', async () => {
    const diagnostic = await diagnosticOf((m) => {
      m.param('w', [3], zeros()); // first
      m.param('w', [3], zeros()); // second
      return { loss: plainLoss(m) };
    });
    expect(diagnostic).toMatchObject({ code: 'name/duplicate', severity: 'error', site: site('second') });
    const { file, line } = site('first');
    expect(diagnostic.message).toBe(`parameter "w" is declared twice; the first one is at ${file}:${line}.`);
  });

  it('are shared by inputs, labels and parameters, those of layers too', async () => {
    const input = await diagnosticOf((m) => {
      m.label('x', ['batch', 2]);
      return { loss: plainLoss(m) };
    });
    expect(input).toMatchObject({ code: 'name/duplicate' });
    const layer = await diagnosticOf((m) => {
      const x = m.input('w1', ['batch', 2]);
      return { loss: dense(x, 1).mean() }; // layer
    });
    expect(layer).toMatchObject({ code: 'name/duplicate', site: site('layer') });
    const twice = await diagnosticOf((m) => {
      const x = m.input('x', ['batch', 2]);
      return { loss: dense(dense(x, 2, { name: 'a' }), 1, { name: 'a' }).mean() };
    });
    expect(twice.message).toMatch('parameter "a.w" is declared twice');
  });

  it('that look the same are the same: é as one character and as two', async () => {
    const diagnostic = await diagnosticOf((m) => {
      m.param('caf\u00e9', [3], zeros());
      m.param('cafe\u0301', [3], zeros());
      return { loss: plainLoss(m) };
    });
    expect(diagnostic.code).toBe('name/duplicate');
  });

  it.each([
    ['nothing', ''],
    ['a line break', 'a\nb'],
    ['a carriage return', 'a\rb'],
    ['a zero', 'a\0b'],
    ['an escape', '\u001b[31mred'],
    ['a line separator', 'a\u2028b'],
    ['a paragraph separator', 'a\u2029b'],
    ['a turn of writing direction', 'a\u202eb'],
    ['a space of no width', 'a\u200bb'],
    ['a byte order mark', '\ufeffa'],
    ['half of a character', 'a\ud800'],
    ['a private character', '\ue000'],
    ['300 characters', 'a'.repeat(300)],
    ['the name that the weights format keeps for itself', '__metadata__'],
    ['a number', 3],
    ['undefined', none],
    ['an object', { toString: () => 'a' }],
  ])('of %s are refused for parameters, inputs and labels', async (_, name) => {
    const parameter = await diagnosticOf((m) => {
      untyped(m).param(name, [3], zeros()); // bad parameter
      return { loss: plainLoss(m) };
    });
    expect(parameter).toMatchObject({ code: 'name/invalid', site: site('bad parameter') });
    expect(showDiagnostic(parameter)).toMatch(/A name is 1 to 256 printable characters/);
    for (const role of ['input', 'label'] as const) {
      const diagnostic = await diagnosticOf((m) => {
        untyped(m)[role](name, ['batch', 3]); // bad name
        return { loss: plainLoss(m) };
      });
      expect(diagnostic).toMatchObject({ code: 'name/invalid', site: site('bad name') });
    }
  });

  it.each(['é', '日本語', '😀', 'a b', 'w.1', '-', '0', 'a'.repeat(256)])(
    '%s is a name like any other',
    async (name) => {
      const { layout } = await compiled((m) => ({ loss: plainLoss(m).add(m.param(name, [], zeros())) }));
      expect(layout.state.map((state) => state.name)).toEqual(['w', name]);
    },
  );

  it.each(['loss', 'learningRate', 'step', 'epoch', 'samplesSeen', 'stepsTotal'])(
    'metric %s is what the trainer reports itself',
    async (name) => {
      const diagnostic = await diagnosticOf((m) => {
        const loss = plainLoss(m);
        return { loss, metrics: { [name]: loss } };
      });
      expect(diagnostic).toMatchObject({ code: 'name/invalid' });
      expect(diagnostic.message).toMatch(`metric "${name}" is used by the trainer itself`);
    },
  );

  it.each([['a model'], ['']])('a model is called by a text, not %j', async (name) => {
    const called: unknown = name === '' ? '' : 3;
    const text = called as string;
    const run = () => model(text, (m) => ({ loss: plainLoss(m) }), options); // model name
    expect(await refusal(run)).toMatchObject({ code: 'name/invalid', site: site('model name') });
  });
});

describe('dimensions', () => {
  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '3', none, null, 'batch'])(
    'of %s are refused',
    async (dim) => {
      const parameter = await diagnosticOf((m) => {
        untyped(m).param('p', [2, dim], zeros()); // bad size
        return { loss: plainLoss(m) };
      });
      expect(parameter).toMatchObject({ code: 'shape/dimension', site: site('bad size') });
      expect(parameter.message).toMatch('parameter "p", axis 1');
      const input = await diagnosticOf((m) => {
        untyped(m).input('i', ['batch', dim]); // bad width
        return { loss: plainLoss(m) };
      });
      expect(input).toMatchObject({ code: 'shape/dimension', site: site('bad width') });
    },
  );

  it('whose product is too large are refused', async () => {
    const diagnostic = await diagnosticOf((m) => {
      m.param('huge', [2 ** 16, 2 ** 15], zeros()); // huge
      return { loss: plainLoss(m) };
    });
    expect(diagnostic).toMatchObject({ code: 'shape/too-large', site: site('huge') });
    expect(diagnostic.message).toMatch('[65536, 32768] is too large');
  });

  it('of an input begin with the batch', async () => {
    const diagnostic = await diagnosticOf((m) => {
      untyped(m).input('i', [4, 3]); // no batch
      return { loss: plainLoss(m) };
    });
    expect(diagnostic).toMatchObject({ code: 'shape/dimension', site: site('no batch') });
  });

  it.each([0, -1, 2.5, Number.NaN, '10', none])('of a class label are not %s classes', async (classes) => {
    const diagnostic = await diagnosticOf((m) => {
      untyped(m).label('y', { classes }); // classes
      return { loss: plainLoss(m) };
    });
    expect(diagnostic).toMatchObject({ code: 'model/option', site: site('classes') });
  });
});

describe('what is of no use', () => {
  it('is refused when it leaves nothing to train', async () => {
    const diagnostic = await diagnosticOf((m) => {
      m.param('w', [2, 1], zeros());
      return { loss: m.input('x', ['batch', 2]).mean() };
    });
    expect(diagnostic).toMatchObject({ code: 'loss/no-parameter', severity: 'error' });
    expect(diagnostic.help).toMatch('Use m.param or dense');
  });

  it('is warned of with its line: parameters and inputs, in their order', async () => {
    const { warnings } = await compiled((m) => {
      m.param('idle', [3], zeros()); // idle
      m.input('unread', ['batch', 3]); // unread
      m.label('ignored', { classes: 3 }); // ignored
      return { loss: plainLoss(m) };
    });
    expect(warnings).toMatchObject([
      { code: 'param/unused', severity: 'warning', site: site('idle') },
      { code: 'input/unused', severity: 'warning', site: site('unread') },
      { code: 'input/unused', severity: 'warning', site: site('ignored') },
    ]);
    expect(warnings.map(({ message }) => message.split(' ')[1])).toEqual(['"idle"', '"unread"', '"ignored"']);
  });

  it('is not what only a metric or an output uses', async () => {
    const { warnings } = await compiled((m) => {
      const extra = m.input('extra', ['batch', 1]);
      const y = m.label('y', { classes: 3 });
      return {
        loss: plainLoss(m),
        metrics: { hits: y.oneHot(3).mean() },
        outputs: { extra: extra.mul(2) },
      };
    });
    expect(warnings).toEqual([]);
  });

  it('is not a label in an output: there is none when predicting', async () => {
    const withLabel = compiled((m) => {
      const y = m.label('y', { classes: 3 });
      return { loss: plainLoss(m), outputs: { y: y.oneHot(3) } };
    });
    await expect(withLabel).rejects.toMatchObject({ diagnostic: { code: 'output/label' } });
  });

  it('is not an output whose records do not follow each other', async () => {
    const turned = compiled((m) => {
      const extra = m.input('extra', ['batch', 2]);
      return { loss: plainLoss(m), outputs: { turned: extra.transpose() } };
    });
    await expect(turned).rejects.toMatchObject({
      diagnostic: {
        code: 'shape/rank',
        message: 'output "turned": expected the batch as the first axis, got f32[2, batch].',
        site: { line: expect.any(Number) },
      },
    });
  });

  it('is not what the loss reads without a gradient', async () => {
    const { warnings, code } = await compiled((m) => {
      const still = m.param('still', [1], constant(2));
      return { loss: plainLoss(m).mul(still.stopGradient().mean()) };
    });
    expect(code).toMatch('still');
    expect(warnings).toEqual([]);
  });
});
