/** Loads the text of a model: a module of its own that shares the compiler with whoever loads it. */

import { CompileError, errors } from '../../../ir/errors.ts';
import { isModel, type Model } from '../../dsl/model.ts';
import { siteIn } from '../../dsl/site.ts';
import { type Addresses, importScript, type Provided, provide, shimOf } from './modules.ts';
import { modelFile, problemThrown } from './problems.ts';
import type { Problem } from './protocol.ts';
import type { Import, Script } from './script.ts';

export type Loaded =
  | { readonly ok: true; readonly model: Model }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const failed = (...problems: readonly Problem[]): Loaded => ({ ok: false, problems });

/** The model that `text` exports by default; whatever keeps it from being one is a problem with its line. */
export async function loadModel(text: string, modules: Provided, addresses: Addresses): Promise<Loaded> {
  // Brings the compiler of TypeScript along, which is large.
  const { scriptOf } = await import('./script.ts');
  const script = scriptOf(text);
  if (!('javascript' in script)) return failed(...script);
  const foreign = script.imports.filter(({ specifier }) => !modules.has(specifier));
  if (foreign.length > 0) return failed(...foreign.map((one) => foreignImport(one, modules)));
  try {
    const found = defaultOf(await run(script, modules, addresses));
    if (isModel(found)) return { ok: true, model: found };
    throw errors.modelExport('model.ts', kindOf(found));
  } catch (thrown) {
    return failed(problemThrown(threwItself(thrown), text));
  }
}

const defaultOf = (module: unknown): unknown =>
  typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined;

async function run({ javascript, imports }: Script, modules: Provided, addresses: Addresses) {
  provide(modules);
  const shims = imports.map(({ specifier, names }) => addresses.make(shimOf(specifier, modules, names)));
  const parts: string[] = [];
  let at = 0;
  imports.forEach(({ from, to }, i) => {
    parts.push(javascript.slice(at, from), JSON.stringify(shims[i]));
    at = to;
  });
  // The name is what stack traces say, and so where lines of the model are found.
  const script = `${parts.join('')}${javascript.slice(at)}\n//# sourceURL=${modelFile}\n`;
  try {
    return await importScript(script, addresses);
  } finally {
    for (const shim of shims) addresses.release(shim);
  }
}

function foreignImport({ specifier, from, to }: Import, modules: Provided): Problem {
  return {
    severity: 'error',
    code: 'model/import',
    message: `${JSON.stringify(specifier)} cannot be imported: a model of the studio is one file.`,
    help: `It can import from ${[...modules.keys()].map((name) => `'${name}'`).join(' and ')}.`,
    from,
    to,
  };
}

/** What the text throws while it is run, as a diagnostic of its line. */
function threwItself(thrown: unknown): CompileError {
  if (thrown instanceof CompileError) return thrown;
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  const { diagnostic } = errors.modelThrew('model.ts', message);
  const site = thrown instanceof Error ? siteIn(thrown.stack ?? '') : undefined;
  return new CompileError(site ? { ...diagnostic, site } : diagnostic);
}

function kindOf(found: unknown): string {
  if (found === undefined) return 'missing';
  if (found === null) return 'null';
  return typeof found === 'object' ? 'an object that is no model' : `a ${typeof found}`;
}
