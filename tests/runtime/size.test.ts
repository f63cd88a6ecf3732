/** What a page has to load: bundles of the runtime and of trainers, minified and packed as a server packs them. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'rolldown';
import { afterAll, expect, test } from 'vitest';
import { compile } from '../../src/compile.ts';
import { loadModel } from '../../src/load-model.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'chainrule-size-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const source = (path: string): string => JSON.stringify(join(repository, 'src', 'runtime', path));

/** Bytes after gzip -9 of a program with all that it imports. */
async function packed(name: string, program: string): Promise<number> {
  const input = join(folder, `${name}.ts`);
  writeFileSync(input, program);
  const { output } = await build({ input, write: false, output: { format: 'esm', minify: true } });
  return gzipSync(output[0].code, { level: 9 }).length;
}

// Limits are for holding what was reached: whoever passes one either saves the bytes elsewhere or raises it knowingly.
test.each([
  ['a trainer without its model', `export { createTrainer } from ${source('index.ts')};`, 10_200],
  ['the page of a trainer in a worker', `export { connect } from ${source('worker/index.ts')};`, 2_500],
  [
    'a trainer with checkpoints',
    `export { createTrainer } from ${source('index.ts')}; export { fitWithCheckpoints } from ${source('checkpoint/index.ts')};`,
    13_100,
  ],
  [
    'a trainer with checkpoints in a database',
    `export { createTrainer } from ${source('index.ts')}; export { fitWithCheckpoints, openDatabase } from ${source('checkpoint/index.ts')};`,
    14_500,
  ],
  // Checkpoints are what the worker's own file brings along.
  ['a worker without checkpoints', `export { serve } from ${source('worker/index.ts')};`, 12_200],
  ['an error alone', `export { InputError } from ${source('index.ts')};`, 150],
])('%s', async (_, program, limit) => {
  const bytes = await packed('part', program);
  expect(bytes).toBeLessThanOrEqual(limit);
  // A limit far above what is there holds nothing.
  expect(bytes).toBeGreaterThan(0.6 * limit);
});

test.each([
  ['ts', 12_100],
  ['wasm', 18_500],
] as const)('the network of chapter 3 with its trainer, target %s', async (target, limit) => {
  const model = await loadModel(join(repository, 'examples', '03-neural-network', 'model.ts'));
  const { code } = await compile(model, { target });
  writeFileSync(join(folder, `${target}.trainer.ts`), code);
  const bytes = await packed(
    target,
    `import { createTrainer } from ${source('index.ts')};
    import * as network from './${target}.trainer.ts';
    export const trainer = createTrainer(network);`,
  );
  expect(bytes).toBeLessThanOrEqual(limit);
});
