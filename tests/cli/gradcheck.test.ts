/** `chainrule gradcheck`, and the test that `compile --with-test` writes. */

import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { chainrule, finished, jsonLines, model, repository, start, temporaryFolder } from './run.ts';

it('prints a table with the largest error of each oracle for each parameter', async () => {
  const { code, stdout, stderr } = await chainrule('gradcheck', model('tiny'));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^tiny: gradients of the loss at 4 records of random data, compiled in f64\n/);
  expect(stdout).toMatch(/parameter +shape +forward mode +complex step +differences\n/);
  expect(stdout).toMatch(/\n {2}w1 +\[\d+, \d+\] +\S+ +\S+ +\S+/);
  expect(stdout).toMatch(/\n {2}allowed +1e-10 +1e-10 +1e-6\n/);
  expect(stdout).toMatch(/\nall gradients are right\n$/);
});

it('takes the records of a data set, and prints JSON', async () => {
  const words = ['--data', 'moons', '--records', '7', '--elements', '2', '--json'];
  const { code, stdout } = await chainrule('gradcheck', model('tiny'), ...words);
  const lines = jsonLines(stdout);
  expect(code).toBe(0);
  expect(lines[0]).toMatchObject({ event: 'parameter', 'forward mode': { passed: true, compared: 4 } });
  expect(lines[lines.length - 1]).toEqual({ event: 'done', records: 7, passed: true });
});

it('refuses numbers that are none', async () => {
  const { code, stderr } = await chainrule('gradcheck', model('tiny'), '--records', 'many');
  expect(code).toBe(2);
  expect(stderr).toContain('option --records: expected a whole number from 1, got "many"');
});

it('compile --with-test writes a test that passes beside the trainer, and fails when the model has changed', {
  timeout: 120_000,
}, async () => {
  const folder = temporaryFolder();
  copyFileSync(join(repository, model('tiny')), join(folder, 'net.ts'));
  const { code, stdout } = await finished(start(['compile', 'net.ts', '--with-test'], folder));
  expect({ code, stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('wrote net.trainer.test.ts, a test for vitest'),
  });
  expect(await vitestIn(folder)).toMatchObject({ code: 0, stdout: expect.stringMatching(/Tests +2 passed/) });
  const source = readFileSync(join(folder, 'net.ts'), 'utf8');
  writeFileSync(join(folder, 'net.ts'), source.replace(/learningRate: [\d.]+/, 'learningRate: 0.123'));
  const changed = await vitestIn(folder);
  expect(changed.code).toBe(1);
  expect(changed.stdout).toMatch(/Tests +1 failed \| 1 passed/);
});

it('compile --with-test needs a file', async () => {
  const { code, stderr } = await chainrule('compile', model('tiny'), '-o', '-', '--with-test');
  expect(code).toBe(2);
  expect(stderr).toContain('option --with-test needs a file to test');
});

/** Runs vitest in a folder as a user's project would, with this package installed. */
function vitestIn(folder: string) {
  const modules = join(folder, 'node_modules');
  if (!existsSync(modules)) symlinkSync(join(repository, 'node_modules'), modules);
  const sources = (path: string): string => JSON.stringify(join(repository, 'src', path));
  writeFileSync(
    join(folder, 'vitest.config.mjs'),
    `export default { resolve: { alias: [
      { find: /^chainrule\\/testing$/, replacement: ${sources('testing/index.ts')} },
      { find: /^chainrule\\/runtime$/, replacement: ${sources('runtime/index.ts')} },
      { find: /^chainrule$/, replacement: ${sources('index.ts')} },
    ] }, test: { include: ['*.test.ts'] } };\n`,
  );
  const vitest = join(repository, 'node_modules', 'vitest', 'vitest.mjs');
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' };
  return finished(spawn(process.execPath, [vitest, 'run'], { cwd: folder, env }));
}
