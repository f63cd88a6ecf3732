/**
 * A plugin for Vite: `import * as digits from './digits.model.ts?trainer'` is the trainer of that model, compiled when the
 * page is built. What reaches the browser is the emitted code alone.
 */

import { join, relative, sep } from 'node:path';
import { CompileError, showDiagnostic } from '../../ir/errors.ts';
import { readSource } from '../cli/files.ts';
import { compile } from '../compile.ts';
import { loadModel } from '../load-model.ts';
import { sourceMapOf } from '../source-map.ts';
import { createDeclarations, type Declarations } from './declarations.ts';
import { type Request, requestIn } from './request.ts';

/** What a plugin gets of the bundler that calls it. */
interface Context {
  resolve(source: string, importer?: string): Promise<{ readonly id: string } | null>;
  emitFile(file: { readonly type: 'chunk'; readonly id: string }): string;
  addWatchFile(file: string): void;
  warn(message: string): void;
}

interface Loaded {
  readonly code: string;
  readonly map: string | null;
  readonly moduleType?: string;
}

/** The part of Vite's and Rollup's plugins that this one has. */
export interface TrainerPlugin {
  readonly name: string;
  readonly enforce: 'pre';
  configResolved(config: { readonly command: string; readonly base: string; readonly root: string }): void;
  resolveId(this: Context, source: string, importer: string | undefined): Promise<string | undefined>;
  load(this: Context, id: string): Promise<Loaded | undefined>;
}

/** What the plugin may be told. */
export interface TrainerPluginOptions {
  /**
   * A file of declarations that the plugin keeps, from the root of the page: `trainers.d.ts`. With it the editor knows the
   * columns, metrics and outputs of each trainer; without it, `chainrule/vite/client` says what all have in common.
   */
  readonly types?: string;
}

/**
 * `MODEL?trainer` is the trainer module (`layout`, `create`), and `MODEL?trainer-worker` has a function as its default export that starts
 * a worker which serves it, for `connect` of `chainrule/worker`. Options of the command line follow: `?trainer&target=wasm`. A model that
 * changes is compiled again.
 */
export function chainrule({ types }: TrainerPluginOptions = {}): TrainerPlugin {
  let config = { command: 'build', base: '/', root: '' };
  let declarations: Declarations | undefined;
  return {
    name: 'chainrule',
    enforce: 'pre',
    configResolved(resolved) {
      config = { command: resolved.command, base: resolved.base, root: resolved.root };
      declarations = types === undefined ? undefined : createDeclarations(join(resolved.root, types));
    },
    async resolveId(source, importer) {
      if (requestIn(source) === undefined) return undefined;
      const mark = source.indexOf('?');
      const found = await this.resolve(source.slice(0, mark), importer);
      return found === null ? undefined : `${found.id}${source.slice(mark)}`;
    },
    async load(id) {
      const request = requestIn(id);
      if (request === undefined) return undefined;
      this.addWatchFile(request.file);
      switch (request.form) {
        case 'trainer':
          return trainerOf(request, declarations, (message) => this.warn(message));
        case 'trainer-worker':
          return script(
            workerStarter(request, config, (entry) => this.emitFile({ type: 'chunk', id: entry })),
          );
        case 'trainer-worker-entry':
          return script(workerEntry(request));
      }
    },
  };
}

const script = (code: string): Loaded => ({ code, map: null });

/** Errors name the model's file and line, as on the command line. */
async function trainerOf(
  { file, options }: Request,
  declarations: Declarations | undefined,
  warn: (message: string) => void,
): Promise<Loaded> {
  try {
    const { code, graph, provenance, warnings } = await compile(await loadModel(file), {
      ...options,
      readSource,
    });
    declarations?.declare(file, graph);
    for (const warning of warnings) warn(showDiagnostic(warning));
    const map = sourceMapOf(code, provenance?.() ?? [], { file, sourceOf: (source) => source, readSource });
    const { transpile } = await import('../../codegen/ts/transpile.ts');
    return { code: transpile(code), map, moduleType: 'js' };
  } catch (thrown) {
    if (thrown instanceof CompileError) throw new Error(showDiagnostic(thrown.diagnostic));
    throw thrown;
  }
}

const entryOf = ({ file, query }: Request): string => `${file}?trainer-worker-entry${query}`;

/** A worker is a file of its own: one that is emitted with the page, or one that the server of a development makes when it is asked for. */
function workerStarter(
  request: Request,
  { command, base, root }: { readonly command: string; readonly base: string; readonly root: string },
  emit: (entry: string) => string,
): string {
  const entry = entryOf(request);
  const local = relative(root, entry).split(sep).join('/');
  const url =
    command === 'build'
      ? `import.meta.ROLLUP_FILE_URL_${emit(entry)}`
      : JSON.stringify(local.startsWith('..') ? `${base}@fs${entry}` : `${base}${local}`);
  return `export default () => new Worker(new URL(${url}, import.meta.url), { type: 'module' });\n`;
}

const workerEntry = ({ file, query }: Request): string =>
  `import { serve } from 'chainrule/worker';
import * as trainer from ${JSON.stringify(`${file}?trainer${query}`)};
serve(trainer);
`;
