/** `chainrule explain`: to the terminal, to Markdown, to a page, and what it refuses. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chainrule, model, temporaryFolder } from './run.ts';

const tiny = model('tiny');

describe('explain', () => {
  it('prints the derivation as Markdown', async () => {
    const { code, stdout, stderr } = await chainrule('explain', tiny, '--for', 'w2');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^# tiny: its gradients, derived\n/);
    expect(stdout).toContain('### $\\partial W_{2}$');
    expect(stdout).not.toContain('### $\\partial W_{1}$');
    expect(stdout).toMatch(/\(tiny\.ts:\d+\)/);
  });

  it('writes Markdown and a page without scripts, over its own files alone', async () => {
    const folder = temporaryFolder();
    const [text, page] = [join(folder, 'tiny.md'), join(folder, 'tiny.html')];
    for (const file of [text, page])
      for (let time = 0; time < 2; time++)
        expect(await chainrule('explain', tiny, '-o', file)).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(text, 'utf8')).toContain('\\partial W_{1}');
    const markup = readFileSync(page, 'utf8');
    expect(markup).toContain('<math');
    expect(markup).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
    expect((await chainrule('explain', tiny, '-o', join(folder, 'tiny.pdf'))).stderr).toContain(
      '.md or .html',
    );
  });

  it('names what has a gradient when a name has none', async () => {
    const { code, stderr } = await chainrule('explain', tiny, '--for', 'w9');
    expect(code).toBe(1);
    expect(stderr).toContain('There is no gradient at "w9".');
    expect(stderr).toContain('Did you mean');
  });
});
