/** From the text of an emitted trainer module to the module itself, without a file on the way. */

import { errors } from '../ir/errors.ts';
import type { TrainerModule } from './runtime/module.ts';

/** Imports the text of a JavaScript module. */
export type ImportModule = (script: string) => Promise<unknown>;

/**
 * Runs an emitted module. Throws `ir/invalid` when it is none: then the compiler is wrong, not the model. In a page, where a
 * policy may forbid `data:`, `importModule` says how.
 */
export async function instantiate(
  code: string,
  importModule: ImportModule = importData,
): Promise<TrainerModule> {
  // Imported here because it brings the TypeScript compiler along, which takes half a second to load.
  const { transpile } = await import('../codegen/ts/transpile.ts');
  // Without a name of its own, each line of a stack trace would repeat the whole module.
  const script = `${transpile(code)}\n//# sourceURL=emitted-trainer.mjs\n`;
  const module = await attempt(() => importModule(script));
  if (!isTrainerModule(module)) throw errors.invalid('the emitted module does not export layout and create.');
  return module;
}

const importData: ImportModule = (script) =>
  import(/* @vite-ignore */ `data:text/javascript;base64,${Buffer.from(script).toString('base64')}`);

async function attempt(load: () => Promise<unknown>): Promise<unknown> {
  try {
    return await load();
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw errors.invalid(`the emitted module cannot be loaded: ${reason}.`);
  }
}

const isTrainerModule = (x: unknown): x is TrainerModule =>
  typeof x === 'object' &&
  x !== null &&
  'layout' in x &&
  typeof x.layout === 'object' &&
  'create' in x &&
  typeof x.create === 'function';
