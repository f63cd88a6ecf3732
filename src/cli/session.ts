/** What all commands begin with: the model loaded, compiled and made into a module, and its data read. */

import { type Compiled, type CompileOptions, compile } from '../compile.ts';
import type { Dataset } from '../data/dataset.ts';
import { loadData } from '../data/spec.ts';
import type { Model } from '../dsl/model.ts';
import { instantiate } from '../instantiate.ts';
import { loadModel } from '../load-model.ts';
import type { TrainerModule } from '../runtime/module.ts';
import { readSource } from './files.ts';
import { printError, printWarnings } from './output.ts';

export interface CompiledModel {
  readonly model: Model;
  readonly compiled: Compiled;
  /** From the traced model to the text, in milliseconds. */
  readonly compileMs: number;
}

/** Loads and compiles; warnings are printed. */
export const compileModel = async (path: string, options: CompileOptions): Promise<CompiledModel> =>
  compileLoaded(await loadModel(path), options);

export async function compileLoaded(model: Model, options: CompileOptions): Promise<CompiledModel> {
  const begin = performance.now();
  const compiled = await compile(model, { readSource, ...options });
  const compileMs = performance.now() - begin;
  printWarnings(compiled.warnings);
  return { model, compiled, compileMs };
}

export const moduleOf = ({ compiled }: CompiledModel): Promise<TrainerModule> => instantiate(compiled.code);

/** The module with as many threads as it was compiled for; why there are fewer is told on stderr. */
export async function threadedModuleOf(session: CompiledModel): Promise<TrainerModule> {
  const module = await moduleOf(session);
  const { threads } = session.compiled;
  if (threads === 1) return module;
  const { withThreads } = await import('../runtime/threads/index.ts');
  const threaded = await withThreads(module, threads);
  if (threaded.note !== undefined) printError(`one thread: ${threaded.note}`);
  return threaded;
}

/** The data set of a spec; a download is told on stderr unless `quiet`. */
export function readData(spec: string, dtype: 'f32' | 'f64', quiet: boolean): Promise<Dataset> {
  let file = '';
  return loadData(spec, {
    dtype,
    onProgress: (name, _received, total) => {
      if (quiet || name === file) return;
      file = name;
      printError(`downloading ${name}${total === undefined ? '' : ` (${(total / 1e6).toFixed(1)} MB)`}`);
    },
  });
}
