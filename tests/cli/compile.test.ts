/** `chainrule compile` and `predict` on files of one's own. */

import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { chainrule, finished, jsonLines, model, repository, start, temporaryFolder } from './run.ts';

it('writes the trainer beside a model of any folder', async () => {
  const folder = temporaryFolder();
  copyFileSync(join(repository, model('tiny')), join(folder, 'net.ts'));
  const { code, stdout, stderr } = await finished(start(['compile', 'net.ts', '--verify'], folder));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(
    /^wrote net\.trainer\.ts\n {2}[\d,]+ lines, [\d,]+ bytes\n {2}arena of [\d,]+ bytes .* 64\n {2}compiled in \d+ ms\n$/,
  );
  const written = readFileSync(join(folder, 'net.trainer.ts'), 'utf8');
  const printed = await finished(start(['compile', 'net.ts', '-o', '-'], folder));
  expect(printed.stdout).toBe(written);
});

it('prints the program after a pass, and names the passes when there is no such', async () => {
  const wrong = await chainrule('compile', model('tiny'), '--print-after', 'nope');
  expect(wrong.code).toBe(1);
  const [, passes = ''] = /error\[pass\/unknown\]: .*\n {2}The passes are: (.*)\./.exec(wrong.stderr) ?? [];
  const [first = ''] = passes.split(', ');
  const { code, stdout } = await chainrule('compile', model('tiny'), '--print-after', first);
  expect(code).toBe(0);
  expect(stdout).not.toBe('');
  expect(existsSync(join(repository, 'tests', 'cli', 'models', 'tiny.trainer.ts'))).toBe(false);
});

it('says where it cannot write', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'taken'), '');
  const { code, stderr } = await chainrule('compile', model('tiny'), '-o', join(folder, 'taken', 'x.ts'));
  expect(stderr).toContain('error[file/write]: ');
  expect(stderr).toContain('taken');
  expect(code).toBe(1);
});

it('trains a number label and predicts from a CSV file without one', async () => {
  const folder = temporaryFolder();
  const path = join(repository, model('line'));
  const rows = Array.from({ length: 40 }, (_, i) => `${i / 20 - 1},${(2 * i) / 20 - 1.5}`);
  writeFileSync(join(folder, 'line.csv'), `x,y\n${rows.join('\n')}\n`);
  writeFileSync(join(folder, 'new.csv'), 'x,id\n0.5,1\n-0.5,2\n');
  const words = ['--data', 'csv:line.csv?label=y', '--epochs', '60', '--out', 'out'];
  const trained = await finished(start(['train', path, ...words], folder));
  expect({ code: trained.code, stdout: trained.stdout }).toMatchObject({ code: 0 });
  const weights = ['--weights', 'out/weights.safetensors', '--data', 'csv:new.csv', '--json'];
  const { stdout } = await finished(start(['predict', path, ...weights], folder));
  expect(jsonLines(stdout)).toEqual([
    { event: 'prediction', index: 0, outputs: { prediction: expect.closeTo(1.5, 2) }, label: null },
    { event: 'prediction', index: 1, outputs: { prediction: expect.closeTo(-0.5, 2) }, label: null },
  ]);
});
