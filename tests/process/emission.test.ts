/** The emitted bytes depend on the model and the options, not on the process that makes them. */

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bin, repository } from '../cli/run.ts';
import { node, type Surroundings, temporaryFolder } from './children.ts';

const model = join(repository, 'examples', '03-neural-network', 'model.ts');

const emit = (file: string, surroundings: Surroundings): Promise<string> =>
  node([bin, 'compile', file, '--out', '-'], surroundings);

it('are the same in five processes with other time zones, languages, folders and heaps', async () => {
  const folder = temporaryFolder();
  const copy = join(folder, 'model.ts');
  copyFileSync(model, copy);
  const codes = await Promise.all([
    emit(model, {}),
    emit(model, { env: { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' } }),
    emit(model, { cwd: folder, env: { TZ: 'America/St_Johns', LANG: 'C', LC_ALL: 'C' } }),
    emit('03-neural-network/model.ts', {
      cwd: join(repository, 'examples'),
      flags: ['--max-old-space-size=200', '--no-opt'],
      env: { TZ: 'UTC', LANG: 'de_DE.UTF-8', HOME: folder, NODE_ENV: 'production' },
    }),
    // Another copy of the model, named by an address relative to its own folder.
    emit('model.ts', { cwd: folder, flags: ['--max-old-space-size=4000', '--random-seed=7'] }),
  ]);
  expect(codes[0]).toContain('export function create(');
  for (const code of codes.slice(1)) expect(code).toBe(codes[0]);
});

it('differ for another precision, so that equal bytes mean something', async () => {
  const [f32, f64] = await Promise.all([
    emit(model, {}),
    node([bin, 'compile', model, '--out', '-', '--dtype', 'f64']),
  ]);
  expect(f64).not.toBe(f32);
});
