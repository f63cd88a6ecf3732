/** `chainrule export --to onnx`: a file beside the model or where it was told to be, and never over one of the user's. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeOnnx } from '../../src/onnx/decode.ts';
import { chainrule, finished, model, repository, start, temporaryFolder } from './run.ts';

const tiny = join(repository, model('tiny'));

describe('export --to onnx', () => {
  it('writes what the model predicts, with weights of a training', async () => {
    const folder = temporaryFolder();
    const trained = await finished(start(['train', tiny, '--steps', '3', '--out', 'out'], folder));
    expect({ code: trained.code, stderr: trained.stderr }).toMatchObject({ code: 0 });
    const words = ['export', tiny, '--to', 'onnx', '--weights', 'out/weights.safetensors', '-o', 'net.onnx'];
    const { code, stdout, stderr } = await finished(start(words, folder));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^wrote net\.onnx\n {2}[\d,]+ bytes, opset 22, for batches of any size\n$/);
    const graph = decodeOnnx(readFileSync(join(folder, 'net.onnx')));
    expect(graph.producer).toBe('chainrule');
    expect(graph.inputs.map(({ shape }) => shape?.[0])).toEqual(graph.inputs.map(() => undefined));
    // The same line again writes over what it has written, and a file of the user's stays.
    expect((await finished(start(words, folder))).code).toBe(0);
    writeFileSync(join(folder, 'net.onnx'), 'mine');
    const refused = await finished(start(words, folder));
    expect(refused.stderr).toContain('error[output/exists]');
    expect(readFileSync(join(folder, 'net.onnx'), 'utf8')).toBe('mine');
  });

  it('writes initial weights to stdout, the same for the same seed', async () => {
    const bytesFor = async (seed: string): Promise<string> => {
      const words = ['export', model('tiny'), '--to', 'onnx', '--seed', seed, '-o', '-'];
      const { code, stdout } = await chainrule(...words);
      expect(code).toBe(0);
      return stdout;
    };
    const [first, again, other] = await Promise.all(['1', '1', '2'].map(bytesFor));
    expect(first).toContain('chainrule');
    expect(first).toBe(again);
    expect(first).not.toBe(other);
  });

  it('asks for a format that it knows', async () => {
    const missing = await chainrule('export', model('tiny'));
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect(missing.stderr).toContain('export needs the option --to');
    const wrong = await chainrule('export', model('tiny'), '--to', 'tflite');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('expected onnx or stablehlo');
  });

  it('does not write a model whose statistics nobody has fitted', async () => {
    const folder = temporaryFolder();
    const path = join(repository, 'examples', '10-normalization', 'z-score.model.ts');
    const { code, stderr } = await finished(start(['export', path, '--to', 'onnx', '-o', 'z.onnx'], folder));
    expect(stderr).toContain('error[train/not-fitted]');
    expect(code).toBe(1);
    expect(existsSync(join(folder, 'z.onnx'))).toBe(false);
  });
});
