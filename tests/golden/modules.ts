/** What the golden tests share: the examples as the command line compiles them, and committed texts. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect } from 'vitest';
import { type Compiled, type CompileOptions, compile } from '../../src/compile.ts';
import { loadModel } from '../../src/load-model.ts';
import { hostWith } from '../types/snippets.ts';

export const repository = fileURLToPath(new URL('../../', import.meta.url));

export const chapters = [
  '01-logistic-regression',
  '02-softmax-regression',
  '03-neural-network',
  '04-mini-batch',
] as const;

/** `chainrule compile examples/<chapter>/model.ts` without the command line around it. */
export async function compileChapter(chapter: string, options: CompileOptions = {}): Promise<Compiled> {
  const model = await loadModel(join(repository, 'examples', chapter, 'model.ts'));
  return compile(model, { readSource: (file) => readFileSync(file, 'utf8'), ...options });
}

/** Holds `text` to the committed file; with UPDATE_GOLDEN=1 the file is written instead. */
export function expectGolden(text: string, path: string): void {
  const file = join(repository, path);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text);
  expect(existsSync(file), `${path} is missing; UPDATE_GOLDEN=1 writes it`).toBe(true);
  expect(text, `${path} differs; UPDATE_GOLDEN=1 rewrites it`).toBe(readFileSync(file, 'utf8'));
}

/** What the compiler says about modules (texts by name) in a project that asks for `strict` and no more. */
export function strictDiagnostics(modules: ReadonlyMap<string, string>): readonly string[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    strict: true,
    noEmit: true,
    lib: ['lib.es2022.d.ts'],
    types: [],
  };
  const texts = new Map([...modules].map(([name, text]) => [`/virtual/${name}.ts`, text]));
  const program = ts.createProgram([...texts.keys()], options, hostWith(texts, options));
  const found = ts.getPreEmitDiagnostics(program);
  return found.map(({ messageText, file, start = 0 }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
    return `${file?.fileName}:${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}
