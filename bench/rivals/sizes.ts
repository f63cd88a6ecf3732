/** What a page has to load to train the seed's network: trainer and runtime, bundled, minified and compressed. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Bundle, esbuild } from './bundlers.ts';
import { compileCase, compiler, type Target } from './compiler.ts';

export interface Size {
  readonly target: Target;
  /** `trainer`: the emitted module alone. */
  readonly what: 'trainer' | 'trainer and runtime';
  readonly minified: number;
  readonly gzip: number;
  /** Bytes that the compressed one is to stay below. */
  readonly goal: number | null;
}

const goals: Readonly<Record<Target, number>> = { ts: 8 * 1024, wasm: 12 * 1024 };

const entries: Readonly<Record<Size['what'], string>> = {
  trainer: "export { create, layout } from './seed.trainer.ts';",
  'trainer and runtime':
    "import { createTrainer } from 'chainrule/runtime'; import * as seed from './seed.trainer.ts'; " +
    'export const trainer = createTrainer(seed, { seed: 1 });',
};

export async function measureSizes() {
  const sizes: Size[] = [];
  const reasons: string[] = [];
  for (const target of ['ts', 'wasm'] as const) {
    try {
      sizes.push(...(await sizesOf(target, esbuild())));
    } catch (thrown) {
      reasons.push(`size of ${target}: ${thrown instanceof Error ? thrown.message : thrown}`);
    }
  }
  return { sizes, reasons };
}

export async function sizesOf(target: Target, bundle: Bundle): Promise<readonly Size[]> {
  const folder = mkdtempSync(join(tmpdir(), 'chainrule-size-'));
  try {
    const { code } = await compileCase(await compiler(), 'seed', { target });
    writeFileSync(join(folder, 'seed.trainer.ts'), code);
    const all: Size[] = [];
    for (const what of ['trainer', 'trainer and runtime'] as const) {
      const entry = join(folder, 'entry.ts');
      writeFileSync(entry, entries[what]);
      const bytes = await bundle(entry);
      const gzip = gzipSync(bytes, { level: 9 }).length;
      const goal = what === 'trainer' ? null : goals[target];
      all.push({ target, what, minified: bytes.length, gzip, goal });
    }
    return all;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
