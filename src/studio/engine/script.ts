/** From the text of a model to JavaScript at the same lines: types blanked out, and the places of imports known. */

import { blankSourceFile } from 'ts-blank-space';
import ts from 'typescript';
import type { Problem } from './protocol.ts';

export interface Script {
  /** As long as the text of the model. */
  readonly javascript: string;
  readonly imports: readonly Import[];
}

/** An import or re-export that remains in the JavaScript. */
export interface Import {
  readonly specifier: string;
  /** Of the specifier with its quotes. */
  readonly from: number;
  readonly to: number;
  /** What it asks for by name. */
  readonly names: readonly string[];
}

/** What is wrong with the text as it is written, or its JavaScript. */
export function scriptOf(text: string): Script | readonly Problem[] {
  const wrong = syntaxProblems(text);
  if (wrong.length > 0) return wrong;
  const source = ts.createSourceFile('model.ts', text, ts.ScriptTarget.ES2022, false, ts.ScriptKind.TS);
  const unerasable: Problem[] = [];
  const javascript = blankSourceFile(source, (node) => {
    unerasable.push({
      severity: 'error',
      code: 'model/syntax',
      message: 'This syntax of TypeScript is more than types, and cannot be taken away.',
      help: 'Write it as JavaScript with types: an object instead of an enum, fields instead of parameter properties.',
      from: node.getStart(source),
      to: node.end,
    });
  });
  return unerasable.length > 0 ? unerasable : { javascript, imports: importsOf(source, javascript) };
}

function syntaxProblems(text: string): readonly Problem[] {
  const { diagnostics = [] } = ts.transpileModule(text, {
    fileName: 'model.ts',
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  return diagnostics.map((diagnostic) => problemOfDiagnostic(diagnostic));
}

const severities: { readonly [C in ts.DiagnosticCategory]: Problem['severity'] } = {
  [ts.DiagnosticCategory.Error]: 'error',
  [ts.DiagnosticCategory.Warning]: 'warning',
  [ts.DiagnosticCategory.Suggestion]: 'info',
  [ts.DiagnosticCategory.Message]: 'info',
};

/** What TypeScript says, as a problem. */
export function problemOfDiagnostic({
  start = 0,
  length = 0,
  category,
  code,
  messageText,
}: ts.Diagnostic): Problem {
  return {
    severity: severities[category],
    code: `TS${code}`,
    message: ts.flattenDiagnosticMessageText(messageText, '\n'),
    from: start,
    to: start + length,
  };
}

function importsOf(source: ts.SourceFile, javascript: string): readonly Import[] {
  return source.statements.flatMap((statement): readonly Import[] => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const { moduleSpecifier } = statement;
    if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return [];
    const from = moduleSpecifier.getStart(source);
    const to = moduleSpecifier.end;
    // An import of types alone has been blanked out.
    if (javascript.slice(from, to).trim() === '') return [];
    return [{ specifier: moduleSpecifier.text, from, to, names: namesIn(statement) }];
  });
}

function namesIn(statement: ts.ImportDeclaration | ts.ExportDeclaration): readonly string[] {
  const clause = ts.isImportDeclaration(statement)
    ? statement.importClause?.namedBindings
    : statement.exportClause;
  const isDefault = ts.isImportDeclaration(statement) && statement.importClause?.name !== undefined;
  const named =
    clause && (ts.isNamedImports(clause) || ts.isNamedExports(clause)) ? [...clause.elements] : [];
  const names = named
    .filter(({ isTypeOnly }) => !isTypeOnly)
    .map(({ name, propertyName }) => propertyName ?? name)
    .filter((name) => ts.isIdentifier(name))
    .map(({ text }) => text);
  return isDefault ? ['default', ...names] : names;
}
