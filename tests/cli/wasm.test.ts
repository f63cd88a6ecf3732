/** compile and train for WebAssembly, with its files and its threads. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { transpile } from '../../codegen/ts/transpile.ts';
import { instantiate } from '../../src/instantiate.ts';
import type { TrainerModule } from '../../src/runtime/module.ts';
import { chainrule, model, temporaryFolder } from './run.ts';

it('compile --wasm-file writes a trainer that loads its WebAssembly from beside it', async () => {
  const folder = temporaryFolder();
  const trainer = join(folder, 'net.trainer.ts');
  const words = ['compile', model('tiny'), '--target', 'wasm', '-o', trainer];
  await chainrule(...words);
  const embedded = readFileSync(trainer, 'utf8');
  const { code, stdout } = await chainrule(...words, '--wasm-file', '--wat');
  expect(code).toBe(0);
  expect(stdout).toMatch(/net\.trainer\.wasm, [\d,]+ bytes that the trainer loads/);
  expect(stdout).toMatch(/net\.trainer\.wat, the WebAssembly as text/);
  expect(readFileSync(join(folder, 'net.trainer.wat'), 'utf8')).toMatch(/^\(module\n/);
  const script = join(folder, 'net.trainer.mjs');
  writeFileSync(script, transpile(readFileSync(trainer, 'utf8')));
  const fromFile: TrainerModule = await import(pathToFileURL(script).href);
  const stepOf = (module: TrainerModule) => {
    const { state, step } = module.create();
    for (const values of Object.values(state)) values.fill(0.5);
    const batch = Object.fromEntries(
      module.layout.inputs.map(({ name, dtype }) => [
        name,
        dtype === 'i32' ? new Int32Array(8) : Float32Array.from({ length: 64 }, Math.sin),
      ]),
    );
    return { metrics: { ...step(batch, 4, 0, 0) }, state };
  };
  expect(stepOf(fromFile)).toEqual(stepOf(await instantiate(embedded)));
});

it.each(['--wasm-file', '--wat'])('%s needs WebAssembly, and a file', async (option) => {
  const typescript = await chainrule('compile', model('tiny'), option);
  expect(typescript).toMatchObject({ code: 2, stderr: expect.stringContaining('is about WebAssembly') });
  const terminal = await chainrule('compile', model('tiny'), '--target', 'wasm', '-o', '-', option);
  expect(terminal).toMatchObject({ code: 2, stderr: expect.stringContaining('needs a file') });
});

it('train --threads trains on several threads, and ends', async () => {
  const one = await chainrule('train', model('tiny'), '--steps', '20', '--json', '--target', 'wasm');
  const two = await chainrule(
    'train',
    model('tiny'),
    '--steps',
    '20',
    '--json',
    '--target',
    'wasm',
    '--threads',
    '2',
  );
  expect(two.code).toBe(0);
  const steps = ({ stdout }: { stdout: string }): string[] =>
    stdout.split('\n').filter((line) => line.includes('"event":"step"'));
  expect(steps(two)).toHaveLength(20);
  expect(steps(two)).toEqual(steps(one));
});

it.each([
  [['--threads', '2'], 'option --threads is about WebAssembly.'],
  [['--target', 'wasm', '--threads', '0'], 'expected a whole number from 1 to 256, got "0"'],
  [['--target', 'wasm', '--threads', 'two'], 'got "two"'],
])('compile %j is refused', async (words, message) => {
  const { code, stderr } = await chainrule('compile', model('tiny'), ...words);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
