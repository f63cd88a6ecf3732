/** Stripping the types of an emitted module leaves exactly the JavaScript that the TypeScript compiler makes of it. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { transpile } from '../../codegen/ts/transpile.ts';
import { examples, repository, trainerPath } from './modules.ts';

/** What the TypeScript compiler prints, in its own layout, without comments: those of types stay where they were. */
function compiled(code: string): string {
  const compilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
    removeComments: true,
  };
  return ts.transpileModule(code, { compilerOptions }).outputText;
}

it.each(examples)('of %s', (example) => {
  const code = readFileSync(join(repository, trainerPath(example)), 'utf8');
  const script = transpile(code);
  expect(compiled(script)).toBe(compiled(code));
  // Nothing else has moved: stack traces and breakpoints are at the lines of the module.
  expect(script).toHaveLength(code.length);
  expect(script.split('\n')).toHaveLength(code.split('\n').length);
});
