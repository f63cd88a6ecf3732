/** What the process tests share: child processes with other surroundings, folders, and emitted code as files. */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { onTestFinished } from 'vitest';
import { type CompileOptions, compile } from '../../src/compile.ts';
import { loadModel } from '../../src/load-model.ts';
import { environment, type Finished, finished, repository } from '../cli/run.ts';

/** What may differ between two runs without changing a byte of their results. */
export interface Surroundings {
  readonly flags?: readonly string[];
  readonly env?: { readonly [name: string]: string };
  readonly cwd?: string;
}

/** Runs Node.js on `words`; a child that fails fails the test, with what it said. */
export async function node(words: readonly string[], surroundings: Surroundings = {}): Promise<string> {
  return run(process.execPath, [...(surroundings.flags ?? []), ...words], surroundings);
}

export async function run(
  program: string,
  words: readonly string[],
  { env = {}, cwd = repository }: Surroundings = {},
): Promise<string> {
  const child = spawn(program, words, { cwd, env: { ...environment, ...env } });
  const { code, stdout, stderr }: Finished = await finished(child);
  if (code !== 0) throw new Error(`${program} ${words.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
  return stdout;
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'chainrule-process-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const sha256 = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');

/** Writes the JavaScript of a TypeScript module, whose imports stay where they are. */
function writeModule(source: string, file: string): void {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    },
  });
  writeFileSync(file, outputText);
}

function copyModules(from: string, to: string): void {
  for (const file of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const target = join(to, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeModule(readFileSync(join(from, file), 'utf8'), target);
  }
}

/**
 * A folder that holds nothing but an emitted trainer (`trainer.js`), the runtime (`runtime/index.js`), checkpoints
 * (`checkpoint/index.js`) and `main.js`, the program to be run: neither the compiler nor its packages are within reach.
 */
export async function standalone(
  model: string,
  main: string,
  { folder = temporaryFolder(), ...options }: CompileOptions & { readonly folder?: string } = {},
): Promise<string> {
  const { code } = await compile(await loadModel(join(repository, model)), options);
  mkdirSync(folder, { recursive: true });
  writeModule(code, join(folder, 'trainer.js'));
  for (const part of ['runtime', 'checkpoint'])
    copyModules(join(repository, 'src', part), join(folder, part));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  writeFileSync(join(folder, 'main.js'), main);
  return folder;
}
