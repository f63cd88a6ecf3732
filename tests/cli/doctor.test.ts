/** `chainrule doctor`: what the host has, as the host has it. */

import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { chainrule } from './run.ts';

it('tells what this host supports and what that means', async () => {
  const { code, stdout, stderr } = await chainrule('doctor');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(`on Node.js ${process.versions.node}`);
  for (const name of ['WebAssembly SIMD', 'relaxed SIMD', 'threads', 'WebGPU'])
    expect(stdout).toMatch(new RegExp(`^ {2}${name} +(yes|no) +\\S`, 'm'));
});

it('tells programs the same as JSON', async () => {
  const { stdout } = await chainrule('doctor', '--json');
  const lines: readonly unknown[] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toHaveLength(5);
  expect(lines[0]).toEqual({
    event: 'finding',
    name: 'WebAssembly SIMD',
    has: true,
    means: expect.stringContaining('the target wasm runs'),
  });
  expect(lines[4]).toMatchObject({ event: 'host', cores: availableParallelism() });
});
