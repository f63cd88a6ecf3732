/** The same model gives the same bytes: again and again, in any place, time zone and language. */

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { compileExample, modelPath, repository } from './modules.ts';

const run = promisify(execFile);
const example = '03-neural-network/model';
const { code } = await compileExample(example);

it('gives the same bytes 20 times in one process', async () => {
  const codes = new Set<string>();
  for (let i = 0; i < 20; i++) codes.add((await compileExample(example)).code);
  expect([...codes]).toEqual([code]);
});

it('gives the same bytes after another model has been compiled, and when every stage is verified', async () => {
  await compileExample('02-softmax-regression/model', { dtype: 'f64' });
  expect((await compileExample(example, { verify: true })).code).toBe(code);
});

/** A program that compiles the example and prints it; it finds the sources by absolute paths. */
const script = `
import { readFileSync } from 'node:fs';
import { createJiti } from ${JSON.stringify(import.meta.resolve('jiti'))};
const jiti = createJiti(import.meta.url, { fsCache: false });
const { loadModel } = await jiti.import(${JSON.stringify(join(repository, 'src', 'load-model.ts'))});
const { compile } = await jiti.import(${JSON.stringify(join(repository, 'src', 'compile.ts'))});
const model = await loadModel(${JSON.stringify(join(repository, modelPath(example)))});
process.stdout.write((await compile(model, { readSource: (file) => readFileSync(file, 'utf8') })).code);
`;

it.each([
  { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
  { TZ: 'America/St_Johns', LANG: 'C', LC_ALL: 'C' },
])('gives the same bytes in another process and folder with %o', async (variables) => {
  const folder = mkdtempSync(join(tmpdir(), 'chainrule-golden-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, 'compile.mjs');
  writeFileSync(program, script);
  const { stdout } = await run(process.execPath, [program], {
    cwd: folder,
    env: { ...process.env, ...variables },
    maxBuffer: 2 ** 24,
  });
  expect(stdout).toBe(code);
});
