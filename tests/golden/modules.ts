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

/**
 * Every example whose trainer is committed beside it: `folder/system` for `system.model.ts`, `folder/model` for the
 * `model.ts` of a folder with a single system.
 */
export const examples: readonly string[] = [
  '01-logistic-regression/model',
  '02-softmax-regression/model',
  '03-neural-network/model',
  '04-mini-batch/model',
  ...inChapter('05-initialization', [
    ...['zeros', 'constant', 'normal', 'uniform', 'xavier'],
    ...['glorot-normal', 'glorot-uniform', 'kaiming', 'kaiming-uniform'],
  ]),
  ...inChapter('06-activations', [
    ...['sigmoid', 'softmax', 'tanh', 'relu', 'leaky-relu', 'prelu', 'elu', 'selu', 'gelu', 'gelu-tanh'],
    ...['softplus', 'silu'],
  ]),
  ...inChapter('07-regularization', ['l1', 'l2', 'dropout']),
  ...inChapter('08-schedules', [
    ...['halving', 'halving-on-metric', 'halving-on-plateau', 'piecewise', 'exponential-decay', 'cosine'],
    ...['warm-up', 'cyclic', 'one-cycle', 'one-cycle-momentum'],
  ]),
  ...inChapter('09-optimization', [
    ...['ewa', 'momentum', 'momentum-corrected', 'rmsprop', 'adam', 'adam-uncorrected', 'adamax', 'nesterov'],
    ...['nadam', 'adamw', 'weight-decay', 'gradient-clipping'],
  ]),
  ...inChapter('10-normalization', ['min-max', 'z-score', 'batch-norm', 'batch-norm-plain']),
];

function inChapter(chapter: string, systems: readonly string[]): readonly string[] {
  return systems.map((system) => `${chapter}/${system}`);
}

export const modelPath = (example: string): string =>
  `examples/${example.endsWith('/model') ? example : `${example}.model`}.ts`;

export const trainerPath = (example: string): string => `examples/${example}.trainer.ts`;

/** `chainrule compile examples/<example>.model.ts` without the command line around it. */
export async function compileExample(example: string, options: CompileOptions = {}): Promise<Compiled> {
  const model = await loadModel(join(repository, modelPath(example)));
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
