/** `chainrule init`: the project that it makes is checked, built, and trains in Chromium. */

import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type InlineConfig, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainrule as plugin } from '../../src/vite/index.ts';
import { chainrule, repository } from '../cli/run.ts';
import { createProfile, whyLeftOut } from './chromium.ts';

const folder = mkdtempSync(join(tmpdir(), 'chainrule-init-'));
const project = join(folder, 'My Page!');

beforeAll(async () => {
  expect(await chainrule('init', project)).toMatchObject({ code: 0, stderr: '' });
  // As `npm install` would: this package, and those that it was built with.
  mkdirSync(join(project, 'node_modules'));
  for (const name of ['vite', 'typescript'])
    symlinkSync(join(repository, 'node_modules', name), join(project, 'node_modules', name));
  symlinkSync(repository, join(project, 'node_modules', 'chainrule'));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('gives the project a name that npm takes, and the versions that this package was built with', () => {
  const { name, dependencies, devDependencies } = JSON.parse(
    readFileSync(join(project, 'package.json'), 'utf8'),
  );
  const own = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  expect(name).toBe('my-page');
  expect(dependencies).toEqual({ chainrule: `^${own.version}` });
  expect(devDependencies.vite).toBe(`^${own.devDependencies.vite}`);
});

it('leaves a folder alone that is not empty, unless it is forced', async () => {
  const file = join(project, 'src', 'data.ts');
  const data = readFileSync(file, 'utf8');
  writeFileSync(file, 'mine');
  expect(await chainrule('init', project)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('output/exists'),
  });
  expect(readFileSync(file, 'utf8')).toBe('mine');
  expect(await chainrule('init', project, '--force')).toMatchObject({ code: 0 });
  expect(readFileSync(file, 'utf8')).toBe(data);
});

const isBuilt = existsSync(join(repository, 'dist', 'src', 'vite', 'index.d.ts'));

it.skipIf(!isBuilt)(
  'passes the checks of TypeScript before it was ever opened',
  () => {
    const { stdout, status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc'], {
      cwd: project,
      encoding: 'utf8',
    });
    expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
  },
  60_000,
);

describe.skipIf(whyLeftOut !== '')(`the page${whyLeftOut}`, () => {
  it('trains its model in a worker, under its policy, without a complaint', async () => {
    const profile = createProfile();
    const config: InlineConfig = {
      root: project,
      configFile: false,
      logLevel: 'silent',
      plugins: [plugin({ types: 'src/trainers.d.ts' })],
      resolve: {
        alias: [
          { find: /^chainrule\/worker$/, replacement: join(repository, 'src/runtime/worker/index.ts') },
          { find: /^chainrule\/runtime$/, replacement: join(repository, 'src/runtime/index.ts') },
        ],
      },
      build: { target: 'es2022' },
    };
    const types = readFileSync(join(project, 'src', 'trainers.d.ts'), 'utf8');
    await build(config);
    expect(readFileSync(join(project, 'src', 'trainers.d.ts'), 'utf8')).toBe(types);
    const server = await preview(config);
    try {
      const browser = await profile.start();
      const { page, complaints } = await browser.open(server.resolvedUrls?.local[0] ?? '');
      await page.locator('#status', { hasText: 'told apart' }).waitFor({ timeout: 30_000 });
      expect(Number.parseFloat(await page.locator('#status').innerText())).toBeGreaterThan(97);
      expect(complaints).toEqual([]);
    } finally {
      await server.close();
      await profile.remove();
    }
  }, 90_000);
});
