/** The file of a worker that `chainrule compile --with-worker` writes. */

import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { trainerWorker, workerPath } from '../../src/cli/trainer-worker.ts';
import { chainrule, finished, model, repository, start, temporaryFolder } from './run.ts';

it('compile --with-worker writes a file beside the trainer that serves it', async () => {
  const folder = temporaryFolder();
  copyFileSync(join(repository, model('tiny')), join(folder, 'net.ts'));
  const { code, stdout } = await finished(start(['compile', 'net.ts', '--with-worker'], folder));
  expect({ code, stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('wrote net.worker.ts, the file of a worker'),
  });
  expect(existsSync(join(folder, 'net.trainer.ts'))).toBe(true);
  expect(existsSync(join(folder, 'net.trainer.test.ts'))).toBe(false);
  const lines = readFileSync(join(folder, 'net.worker.ts'), 'utf8').split('\n');
  expect(lines.filter((line) => /^[a-z]/.test(line))).toEqual([
    "import { serve } from 'chainrule/worker';",
    "import * as trainer from './net.trainer.ts';",
    'serve(trainer);',
  ]);
});

it('the worker of a trainer for several threads starts them', () => {
  const lines = trainerWorker('net', 'net.trainer.ts', 4).split('\n');
  expect(lines.filter((line) => /^[a-z]/.test(line))).toEqual([
    "import { withThreads } from 'chainrule/threads';",
    "import { serve } from 'chainrule/worker';",
    "import * as trainer from './net.trainer.ts';",
    'serve(await withThreads(trainer));',
  ]);
});

it('compile --with-worker needs a file', async () => {
  const { code, stderr } = await chainrule('compile', model('tiny'), '-o', '-', '--with-worker');
  expect(code).toBe(2);
  expect(stderr).toContain('option --with-worker needs a file to serve, and --out - writes none.');
});

it.each([
  ['a/net.trainer.ts', 'a/net.worker.ts'],
  ['net.ts', 'net.worker.ts'],
  ['net', 'net.worker.ts'],
  ['net.trainer.mjs', 'net.worker.ts'],
])('the worker of %s is %s', (trainer, worker) => {
  expect(workerPath(trainer)).toBe(worker);
});

it('a name or a path that would be code stays text', () => {
  const text = trainerWorker('*/ evil()\n', "it's.trainer.ts");
  expect(text).toContain("import * as trainer from './it\\'s.trainer.ts';");
  expect(text.split('*/')).toHaveLength(2);
});
