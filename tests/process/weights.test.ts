/** The same model, data and seed give the same weights, bit for bit, in every process. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bin, repository } from '../cli/run.ts';
import { node, type Surroundings, sha256, temporaryFolder } from './children.ts';

const model = join(repository, 'examples', 'digits', 'model.ts');

/** The hash of the weights file after 20 steps. */
async function weightsAfter(seed: number, surroundings: Surroundings): Promise<string> {
  const out = temporaryFolder();
  const data = ['--data', 'digits?count=512&test=0', '--batch', '32', '--seed', String(seed)];
  await node([bin, 'train', model, ...data, '--steps', '20', '--json', '--out', out], surroundings);
  return sha256(readFileSync(join(out, 'weights.safetensors')));
}

it('are the same file after 20 steps in four processes with other time zones, languages, heaps and compilers', async () => {
  const hashes = await Promise.all([
    weightsAfter(1, {}),
    weightsAfter(1, { env: { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' } }),
    // Without the optimizing compiler, which must not be where a rounding comes from.
    weightsAfter(1, { flags: ['--no-opt'], env: { TZ: 'America/St_Johns', LANG: 'C', LC_ALL: 'C' } }),
    weightsAfter(1, {
      flags: ['--max-old-space-size=200', '--always-sparkplug'],
      cwd: temporaryFolder(),
    }),
    weightsAfter(2, {}),
  ]);
  const [first, second, third, fourth, otherSeed] = hashes;
  expect([second, third, fourth]).toEqual([first, first, first]);
  expect(otherSeed).not.toBe(first);
});
