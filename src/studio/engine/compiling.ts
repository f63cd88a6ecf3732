/** From the text of a model to everything that is known of it: its inspection, its files, and the trainer as a module. */

import { CompileError } from '../../../ir/errors.ts';
import type { Compiled } from '../../compile.ts';
import type { Model } from '../../dsl/model.ts';
import * as chainrule from '../../index.ts';
import { instantiate } from '../../instantiate.ts';
import * as runtime from '../../runtime/index.ts';
import type { TrainerModule } from '../../runtime/module.ts';
import { loadModel } from './load.ts';
import { type Addresses, importScript, type Provided } from './modules.ts';
import { modelFile, problemOf, problemThrown } from './problems.ts';
import type { CompileOptions, CompileResult } from './protocol.ts';

/** A model that can be trained. */
export interface Ready {
  readonly text: string;
  readonly model: Model;
  readonly compiled: Compiled;
  readonly module: TrainerModule;
}

export interface Outcome {
  readonly result: CompileResult;
  readonly ready?: Ready;
}

const modules: Provided = new Map<string, object>([
  ['chainrule', chainrule],
  ['chainrule/runtime', runtime],
]);

/** Whatever is wrong with the text is in the result. */
export async function compileText(
  text: string,
  options: CompileOptions,
  addresses: Addresses,
): Promise<Outcome> {
  const begin = performance.now();
  const loaded = await loadModel(text, modules, addresses);
  if (!loaded.ok) return { result: loaded };
  try {
    return await compileModel(loaded.model, text, options, addresses, begin);
  } catch (thrown) {
    return { result: { ok: false, problems: [problemThrown(located(thrown, loaded.model), text)] } };
  }
}

/** A diagnostic that knows no line is about the whole model. */
function located(thrown: unknown, { site }: Model): unknown {
  const lacksSite = thrown instanceof CompileError && thrown.diagnostic.site === undefined && site;
  return lacksSite ? new CompileError({ ...thrown.diagnostic, site }) : thrown;
}

async function compileModel(
  model: Model,
  text: string,
  options: CompileOptions,
  addresses: Addresses,
  begin: number,
): Promise<Outcome> {
  const { inspect } = await import('../../inspection/inspect.ts');
  const { transpile } = await import('../../../codegen/ts/transpile.ts');
  const readSource = (file: string): string | undefined => (file === modelFile ? text : undefined);
  const { inspection, compiled } = await inspect(model, { ...options, readSource });
  const { data, batch, epochs } = model.options;
  const module = await instantiate(compiled.code, (script) => importScript(script, addresses));
  const result: CompileResult = {
    ok: true,
    inspection,
    typescript: compiled.code,
    javascript: transpile(compiled.code),
    warnings: compiled.warnings.map((warning) => problemOf(warning, text)),
    model: {
      name: model.name,
      batch,
      ...(data === undefined ? {} : { data }),
      ...(epochs === undefined ? {} : { epochs }),
    },
    ms: performance.now() - begin,
  };
  return { result, ready: { text, model, compiled, module } };
}
