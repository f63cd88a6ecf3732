/** The built compiler, with the types of its sources. */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Layout, TrainerModule } from '../../src/runtime/module.ts';

const root = new URL('../../', import.meta.url);

export const pathOf = (path: string): string => fileURLToPath(new URL(path, root));

export type Target = 'ts' | 'wasm';

export interface CompileOptions {
  readonly target: Target;
  readonly relaxed?: boolean;
  /** As many as `onThreads` is to start. */
  readonly threads?: number;
}

interface Compiled {
  readonly code: string;
  readonly layout: Layout;
}

export type Model = Awaited<ReturnType<typeof import('../../src/load-model.ts').loadModel>>;

/** Written out for the targets and options that are wanted here, whichever of them the sources have. */
type Compile = (model: Model, options: CompileOptions) => Promise<Compiled>;

export async function compiler() {
  if (!existsSync(pathOf('dist/src/compile.js')))
    throw new Error('dist is not built; node .ci/setup.mjs builds it.');
  const built = (path: string): string => new URL(`dist/src/${path}`, root).href;
  const { compile }: { readonly compile: Compile } = await import(built('compile.js'));
  const { loadModel }: typeof import('../../src/load-model.ts') = await import(built('load-model.js'));
  const { instantiate }: typeof import('../../src/instantiate.ts') = await import(built('instantiate.js'));
  const runtime: typeof import('../../src/runtime/index.ts') = await import(built('runtime/index.js'));
  const language: typeof import('../../src/index.ts') = await import(built('index.js'));
  return { compile, loadModel, instantiate, runtime, language };
}

export type Compiler = Awaited<ReturnType<typeof compiler>>;

/** A network of `models/`, emitted. */
export async function compileCase({ compile, loadModel }: Compiler, name: string, options: CompileOptions) {
  return compile(await loadModel(pathOf(`bench/rivals/models/${name}.ts`)), options);
}

/** A module whose programs run on several threads, until it is closed. */
export interface ThreadedModule extends TrainerModule {
  /** As many as there are, where it says so. */
  readonly threads?: number;
  /** Why there are fewer than were asked for. */
  readonly note?: string;
  readonly close: () => void | Promise<void>;
}

const threadsUrl = new URL('dist/src/runtime/threads/index.js', root);

const hasThreads = (): boolean => existsSync(threadsUrl);

/** Throws where there are fewer threads. */
export async function onThreads(module: TrainerModule, threads: number): Promise<ThreadedModule> {
  if (threads === 1) return { ...module, close: () => undefined };
  if (!hasThreads()) throw new Error('the runtime has no threads');
  const found: {
    readonly withThreads: (module: TrainerModule, threads: number) => Promise<ThreadedModule>;
  } = await import(threadsUrl.href);
  const made = await found.withThreads(module, threads);
  if (made.threads !== undefined && made.threads < threads)
    throw new Error(made.note ?? `there are ${made.threads} threads`);
  return made;
}

export function chainruleVersion(): string {
  const { version }: { readonly version: string } = JSON.parse(readFileSync(pathOf('package.json'), 'utf8'));
  return version;
}

/** The commit that is checked out, where Git knows. */
export function commit(): string | undefined {
  const { status, stdout } = spawnSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: pathOf('.'),
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : undefined;
}
