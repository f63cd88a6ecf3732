/** `chainrule import`: a model and its weights, which `train --init` goes on from. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { chainrule, finished, jsonLines, repository, start, temporaryFolder } from './run.ts';

const onnxFile = (name: string): string => join(repository, 'tests', 'onnx', 'files', `${name}.onnx`);

/** Rows whose class follows from their first numbers. */
const rows = (count: number, width: number): string => {
  const header = `${Array.from({ length: width }, (_, i) => `c${i}`).join()},y`;
  const lines = Array.from({ length: count }, (_, row) => {
    const numbers = Array.from({ length: width }, (__, i) => Math.sin(row * (i + 1.3)).toFixed(4));
    return `${numbers.join()},${Number(numbers[0]) > 0 ? 1 : 0}`;
  });
  return `${[header, ...lines].join('\n')}\n`;
};

it('writes a model and its weights, which are trained further', async () => {
  const folder = temporaryFolder();
  const words = ['import', onnxFile('torch-normalized-script'), '-o', 'net.model.ts'];
  const { code, stdout, stderr } = await finished(start(words, folder));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(
    /^wrote net\.model\.ts, \d+ lines\nwrote net\.weights\.safetensors, 8 arrays, [\d,]+ bytes\n/,
  );
  expect(stdout).toContain('chainrule train net.model.ts --init net.weights.safetensors');
  writeFileSync(join(folder, 'data.csv'), rows(200, 6));
  const common = ['net.model.ts', '--data', 'csv:data.csv?label=y', '--json'];
  const weights = ['--weights', 'net.weights.safetensors'];
  const before = await finished(start(['eval', ...common, ...weights], folder));
  const init = ['--init', 'net.weights.safetensors', '--epochs', '30'];
  const trained = await finished(start(['train', ...common, ...init], folder));
  expect({ code: trained.code, stderr: trained.stderr }).toEqual({ code: 0, stderr: '' });
  const lossOf = (text: string): number => {
    const last = jsonLines(text).at(-1);
    return Number(JSON.parse(JSON.stringify(last?.train)).loss);
  };
  expect(lossOf(trained.stdout)).toBeLessThan(lossOf(before.stdout) - 0.05);
});

it('tells what it left out, and takes the loss that it is told', async () => {
  const folder = temporaryFolder();
  const words = ['import', onnxFile('sklearn-mlp'), '-o', 'mlp.model.ts', '--loss', 'mean-squared-error'];
  const { code, stderr } = await finished(start(words, folder));
  expect(code).toBe(0);
  expect(stderr).toBe('note: left out the output "output_label", which is not made of numbers\n');
  expect(readFileSync(join(folder, 'mlp.model.ts'), 'utf8')).toContain('meanSquaredError(');
  const wrong = await finished(start([...words.slice(0, -1), 'hinge'], folder));
  expect(wrong).toMatchObject({ code: 2 });
});

it('writes neither file over one of the user, and none for a file that it cannot read', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'net.weights.safetensors'), 'mine');
  const words = ['import', onnxFile('torch-classifier-script'), '-o', 'net.model.ts'];
  const taken = await finished(start(words, folder));
  expect(taken.stderr).toContain('error[output/exists]');
  expect(existsSync(join(folder, 'net.model.ts'))).toBe(false);
  expect((await finished(start([...words, '--force'], folder))).code).toBe(0);
  // What import has written, it may write over.
  expect((await finished(start(words, folder))).code).toBe(0);
  writeFileSync(join(folder, 'bad.onnx'), readFileSync(onnxFile('torch-classifier-script')).subarray(0, 300));
  const bad = await finished(start(['import', 'bad.onnx'], folder));
  expect(bad.stderr).toMatch(/^bad\.onnx: error\[onnx\/format\]: .*\(byte \d+\)/);
  expect(bad.code).toBe(1);
  expect(existsSync(join(folder, 'bad.model.ts'))).toBe(false);
});

it('names its files after the one it reads, and says what it takes', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'small.onnx'), readFileSync(onnxFile('sklearn-linear')));
  const { code, stdout } = await finished(start(['import', 'small.onnx'], folder));
  expect(code).toBe(0);
  expect(stdout).toContain('wrote small.model.ts');
  expect(stdout).toContain('wrote small.weights.safetensors');
  const missing = await chainrule('import');
  expect(missing.code).toBe(2);
  expect(missing.stderr).toContain('NET.onnx');
  const none = await finished(start(['import', 'nowhere.onnx'], folder));
  expect(none.stderr).toContain('error[data/file-missing]');
});
