/** What the hostile names have found, each as the smallest case. */

import { expect, it, vi } from 'vitest';
import { reportError } from '../../src/cli/output.ts';
import { compile } from '../../src/compile.ts';
import { explainSchedule } from '../../src/explain-schedule.ts';
import { type Model, model, zeros } from '../../src/index.ts';
import { instantiate } from '../../src/instantiate.ts';
import { loadModel } from '../../src/load-model.ts';
import { html } from '../../src/report/html.ts';
import { createTrainer } from '../../src/runtime/index.ts';
import { options, refusal } from '../dsl/support.ts';

const named = (input: string, value = 'h', metric = 'm'): Model =>
  model(
    'named',
    (m) => {
      const h = m
        .input(input, ['batch', 2])
        .mul(m.param('w', [2], zeros()))
        .add(1)
        .named(value);
      return { loss: h.square().mean(), metrics: { [metric]: h.mean() } };
    },
    options,
  );

it.each(['$', '$x', 'x$', '$$'])('a column called %s is read in WebAssembly', async (name) => {
  const { code } = await compile(named(name), { target: 'wasm' });
  const step = async () => createTrainer(await instantiate(code)).step({ [name]: [1, 2] }).loss;
  expect(await step().catch(String)).toBe(1);
});

it('a name with line breaks is one word of a listing and of an explanation', async () => {
  const made = await compile(named('x', 'a\nzz'), { printAfter: 'schedule' });
  expect(made.listing).toContain('"a\\nzz"');
  expect(made.listing).not.toMatch(/^zz/m);
  expect(explainSchedule(made.loops)).not.toMatch(/^zz/m);
});

it('a mark of writing direction does not turn the words of a page', () => {
  expect(html`<p>${'a\u202eb\u2066c\u200fd'}</p>`.markup).toBe('<p>a\ufffdb\ufffdc\ufffdd</p>');
});

it('a path that no file can have is told like one that none has', async () => {
  const { code, message } = await refusal(() => loadModel('x'.repeat(5000)));
  expect(code).toBe('model/missing');
  expect(message).toContain('cannot be read: ENAMETOOLONG');
});

it('the stack of an unforeseen error has its frames and not its message again', async () => {
  const lines: string[] = [];
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  reportError(new Error('first\nwrote weights'));
  spy.mockRestore();
  expect(lines.join('')).toMatch(/^error\[internal\]: Error: first\n {4}wrote weights\n {2}This is a fault/);
  expect(lines.join('')).not.toMatch(/^wrote/m);
});
