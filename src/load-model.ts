/** Loads a user's model file, TypeScript or JavaScript, from any folder. */

import { type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { createJiti } from 'jiti';
import { CompileError, errors } from '../ir/errors.ts';
import { isModel, type Model } from './dsl/model.ts';
import { siteIn } from './dsl/site.ts';
import * as chainrule from './index.ts';
import * as runtime from './runtime/index.ts';

/**
 * The model that `path` (relative to `cwd`) exports by default.
 *
 * Throws `CompileError`: `model/missing`, `model/syntax`, `model/threw` or `model/export`, and what the model
 * itself throws about its options.
 */
export async function loadModel(path: string, cwd: string = process.cwd()): Promise<Model> {
  const file = resolve(cwd, path);
  const kind = entryAt(file, path);
  if (kind === undefined) throw errors.modelMissing(path);
  if (!kind.isFile()) throw notAFile(path);
  const exports = await importFile(file, path);
  const found = memberOf(exports, 'default');
  if (isModel(found)) return found;
  throw errors.modelExport(path, describe(found, exports));
}

/** What lies at a path; one that no file can have is told like one that none has. */
function entryAt(file: string, path: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch (thrown) {
    const reason = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown';
    const { diagnostic } = errors.modelMissing(path);
    throw new CompileError({ ...diagnostic, message: `the model file ${path} cannot be read: ${reason}.` });
  }
}

/**
 * Transpiled always, never by Node itself: only then does `chainrule` mean these very modules, whatever copy is
 * installed beside the model, and a `CompileError` thrown there is one here.
 */
async function importFile(file: string, path: string): Promise<unknown> {
  const jiti = createJiti(import.meta.url, {
    interopDefault: false,
    // The cache would leave code to be run in a folder for temporary files that all users of a machine share.
    fsCache: false,
    // Nor is one that was loaded before in this process the same: it may have been changed.
    moduleCache: false,
    virtualModules: { chainrule, 'chainrule/runtime': runtime },
  });
  try {
    return await jiti.import(file);
  } catch (thrown) {
    if (thrown instanceof CompileError) throw thrown;
    throw syntaxError(thrown) ?? threw(thrown, path);
  }
}

/** What the transpiler says about a file that it cannot parse: the reason, and `file:line:column` below it. */
const parseError = /^ParseError: (.*?)\s*\n\s*(.*):(\d+):\d+\s*$/s;

function syntaxError(thrown: unknown): CompileError | undefined {
  const match = thrown instanceof Error ? parseError.exec(thrown.message) : null;
  const [, reason, file, line] = match ?? [];
  if (reason === undefined || file === undefined) return undefined;
  return new CompileError({
    code: 'model/syntax',
    severity: 'error',
    message: `this is not TypeScript: ${reason.replace(/\.$/, '')}.`,
    site: { file, line: Number(line) },
  });
}

function threw(thrown: unknown, path: string): CompileError {
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  // A failed import appends the modules that asked for it, which is not for the reader of one line.
  const { diagnostic } = errors.modelThrew(path, message.replace(/\nRequire stack:[\s\S]*$/, ''));
  const site = thrown instanceof Error ? siteIn(thrown.stack ?? '') : undefined;
  return new CompileError(site ? { ...diagnostic, site } : diagnostic);
}

function notAFile(path: string): CompileError {
  const { diagnostic } = errors.modelMissing(path);
  return new CompileError({
    ...diagnostic,
    message: `${path} is a folder, not a model file.`,
    help: `Name the file in it, such as ${path.replace(/\/$/, '')}/model.ts.`,
  });
}

const memberOf = (x: unknown, name: string): unknown =>
  typeof x === 'object' && x !== null ? new Map(Object.entries(x)).get(name) : undefined;

function describe(found: unknown, exports: unknown): string {
  if (found === undefined) {
    const named = Object.entries(exports ?? {}).find(([, value]) => isModel(value));
    return named ? `missing; ${named[0]} is a model, but not exported as default` : 'missing';
  }
  if (found === null) return 'null';
  if (typeof found === 'object') return `an object { ${Object.keys(found).join(', ')} }`;
  return typeof found === 'function' ? 'a function' : `the ${typeof found} ${JSON.stringify(found)}`;
}
