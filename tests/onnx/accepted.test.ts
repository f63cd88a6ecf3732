/** What is imported can be compiled: files drawn at random become models that have a step, or say why there is nothing to train. */

import { expect, it } from 'vitest';
import { CompileError } from '../../ir/errors.ts';
import { compile } from '../../src/compile.ts';
import { importOnnx } from '../../src/onnx/import.ts';
import { InputError } from '../../src/runtime/errors.ts';
import { publishCounts } from '../counts.ts';
import { createRandom } from '../fuzz/random.ts';
import { onnx } from '../fuzz/targets/onnx.ts';
import { seed } from '../properties/seed.ts';
import { modelOf } from './imported.ts';

const wanted = 300;

/** Of files that are networks in form alone: one that learns nothing, and sizes that no machine has. */
const refusals = ['loss/no-parameter', 'shape/too-large', 'shape/dimension', 'shape/empty'];

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return importOnnx(bytes, { name: 'drawn', weightsFile: 'w.safetensors' }).model;
  } catch (thrown) {
    if (thrown instanceof InputError) return undefined;
    throw thrown;
  }
}

it(`${wanted} drawn files that are imported can be compiled`, async () => {
  let compiled = 0;
  for (let i = 0; compiled < wanted; i++) {
    const text = textOf(onnx.grow(createRandom(seed, i, 77)));
    if (text === undefined) continue;
    try {
      await compile(await modelOf(text));
      compiled++;
    } catch (thrown) {
      const code = thrown instanceof CompileError ? thrown.diagnostic.code : String(thrown);
      expect(refusals, `${code}: ${thrown}\n${text}`).toContain(code);
    }
  }
  publishCounts('onnx', { 'drawn files compiled': compiled });
}, 120_000);
