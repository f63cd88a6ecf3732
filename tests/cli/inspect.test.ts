/** `chainrule inspect`: to a file, to stdout, into the browser, and what it refuses. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { chainrule, finished, model, repository, start, temporaryFolder } from './run.ts';

const tiny = model('tiny');

/** The page's own script is built with the package; where it is not, that is what is told. */
const isBuilt = existsSync(join(repository, 'dist', 'inspector', 'inspector.js'));

describe.skipIf(!isBuilt)('inspect', () => {
  it('writes a page that is whole in itself, over its own files alone', async () => {
    const folder = temporaryFolder();
    const page = join(folder, 'tiny.html');
    for (let time = 0; time < 2; time++) {
      const { code, stdout, stderr } = await chainrule('inspect', tiny, '-o', page);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/wrote .*tiny\.html\n {2}10 stages, \d+ blocks, an arena of [\d,]+ bytes\n$/);
    }
    const markup = readFileSync(page, 'utf8');
    expect(markup).toContain('id="inspection"');
    expect(markup).not.toMatch(/(?:src|href)\s*=/);
    writeFileSync(page, 'mine');
    expect(await chainrule('inspect', tiny, '-o', page)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('output/exists'),
    });
    expect(readFileSync(page, 'utf8')).toBe('mine');
  });

  it('prints the page, and says for what it is scheduled', async () => {
    const { code, stdout } = await chainrule(
      'inspect',
      tiny,
      '--target',
      'wasm',
      '--dtype',
      'f32',
      '-o',
      '-',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^<!doctype html>/);
    expect(stdout).toContain('"target":"wasm"');
    expect(stdout).toContain('"language":"wat"');
  });

  it('opens it in the browser, which BROWSER names', async () => {
    const folder = temporaryFolder();
    const [told, browser] = [join(folder, 'told.txt'), join(folder, 'browser.sh')];
    writeFileSync(browser, `#!/bin/sh\nprintf %s "$1" > '${told}'\n`, { mode: 0o755 });
    const { code, stdout } = await finished(start(['inspect', tiny], repository, { BROWSER: browser }));
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.not.stringContaining('Open it') });
    await expect.poll(() => existsSync(told) && readFileSync(told, 'utf8') !== '').toBe(true);
    const page = fileURLToPath(readFileSync(told, 'utf8'));
    expect(readFileSync(page, 'utf8')).toContain('id="inspection"');
  });

  it('says where the page is when there is no browser to open it', async () => {
    const browser = { BROWSER: join(temporaryFolder(), 'there-is-none') };
    const { code, stdout } = await finished(start(['inspect', tiny], repository, browser));
    expect(code).toBe(0);
    expect(stdout).toContain('Open it in a browser, or name a file with --out.');
  });
});

describe('inspect refuses', () => {
  let usage: Awaited<ReturnType<typeof chainrule>>;
  beforeAll(async () => {
    usage = await chainrule('inspect', tiny, '-o', 'tiny.pdf');
  });

  it('a file that no browser takes for a page', () => {
    expect(usage).toMatchObject({ code: 2, stderr: expect.stringContaining('ends in .html') });
  });

  it('a target that there is not', async () => {
    expect(await chainrule('inspect', tiny, '--target', 'python')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('expected ts or wasm'),
    });
  });
});
