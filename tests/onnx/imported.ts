/** Models that are imported from files, loaded and compiled as a user's own are. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CompileOptions, compile } from '../../src/compile.ts';
import type { Model } from '../../src/dsl/model.ts';
import { instantiate } from '../../src/instantiate.ts';
import { loadModel } from '../../src/load-model.ts';
import { type ImportOptions, importOnnx } from '../../src/onnx/import.ts';
import { createTrainer } from '../../src/runtime/trainer.ts';
import type { Columns } from './peers.ts';

const folder = fileURLToPath(new URL('files/', import.meta.url));

/** Files that others have written, by the name of the script's case. */
export const files: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith('.onnx'))
  .map((file) => file.slice(0, -'.onnx'.length))
  .sort();

export const bytesOf = (file: string): Uint8Array =>
  new Uint8Array(readFileSync(join(folder, `${file}.onnx`)));

export interface Case {
  readonly inputs: Columns;
  readonly output: readonly number[];
}

/** Inputs, and what the one who wrote the file computes from them. */
export function caseOf(file: string): Case {
  const {
    inputs,
    output,
  }: { inputs: Record<string, { shape: number[]; data: number[] }>; output: number[] } = JSON.parse(
    readFileSync(join(folder, `${file}.json`), 'utf8'),
  );
  return {
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, { shape, data }]) => [
        name,
        { shape, data: Float32Array.from(data) },
      ]),
    ),
    output,
  };
}

/** The model that a text is, as if it were a file of a user's. */
export async function modelOf(text: string): Promise<Model> {
  const place = mkdtempSync(join(tmpdir(), 'chainrule-import-'));
  try {
    writeFileSync(join(place, 'net.model.ts'), text);
    return await loadModel(join(place, 'net.model.ts'));
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** The model of a file, and a trainer of it that starts from the weights of the file. */
export async function imported(
  bytes: Uint8Array,
  options: Partial<ImportOptions> = {},
  compileOptions: CompileOptions = {},
) {
  const found = importOnnx(bytes, { name: 'net', weightsFile: 'net.weights.safetensors', ...options });
  const model = await modelOf(found.model);
  const { code, layout, warnings } = await compile(model, compileOptions);
  const trainer = createTrainer(await instantiate(code), { seed: 1, init: found.weights });
  return { ...found, trainer, layout, warnings };
}
