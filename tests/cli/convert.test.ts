/** `chainrule convert`: weights from safetensors to NumPy and back, and `.npz` wherever weights are taken. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNpz } from '../../src/data/numpy.ts';
import { decodeSafetensors } from '../../src/runtime/safetensors.ts';
import { chainrule, model } from './run.ts';

const tiny = model('tiny');

describe('convert', () => {
  let folder: string;
  let weights: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'chainrule-convert-'));
    weights = join(folder, 'weights.safetensors');
    const trained = await chainrule(
      'train',
      tiny,
      '--data',
      'moons?count=200',
      '--steps',
      '5',
      '--out',
      folder,
    );
    expect(trained).toMatchObject({ code: 0 });
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('writes the arrays by their names, and they come back with their bits', async () => {
    const [npz, back] = [join(folder, 'weights.npz'), join(folder, 'back.safetensors')];
    const { code, stdout } = await chainrule('convert', weights, '-o', npz);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/wrote .*weights\.npz: \d+ arrays\n/),
    });
    const { tensors } = decodeSafetensors(readFileSync(weights));
    expect([...readNpz(readFileSync(npz), npz).keys()]).toEqual([...tensors.keys()]);
    expect(await chainrule('convert', npz, '-o', back)).toMatchObject({ code: 0 });
    expect(decodeSafetensors(readFileSync(back)).tensors).toEqual(tensors);
    // Both are ours, and may be written over; what is not ours may not.
    expect(await chainrule('convert', npz, '-o', back)).toMatchObject({ code: 0 });
    writeFileSync(npz, 'mine');
    expect(await chainrule('convert', weights, '-o', npz)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('output/exists'),
    });
  });

  it('is not needed: weights are taken from .npz as they are', async () => {
    const npz = join(folder, 'other.npz');
    await chainrule('convert', weights, '-o', npz);
    const results = await Promise.all(
      [weights, npz].map((file) =>
        chainrule('eval', tiny, '--weights', file, '--data', 'moons?count=50', '--json'),
      ),
    );
    expect(results[1]).toEqual(results[0]);
    expect(results[0]).toMatchObject({ code: 0 });
  });

  it('refuses other kinds of files', async () => {
    expect(await chainrule('convert', weights, '-o', join(folder, 'weights.pt'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('.npz or .safetensors'),
    });
    expect(await chainrule('convert')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('convert needs the argument WEIGHTS'),
    });
  });
});
