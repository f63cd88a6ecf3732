/** Strips the types from an emitted module, so that it can be run where only JavaScript can. */

import { ts } from 'ts-morph';

/** The JavaScript of a TypeScript module; types are not checked, and nothing else is changed. */
export function transpile(code: string): string {
  const compilerOptions: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
  };
  return ts.transpileModule(code, { compilerOptions }).outputText;
}
