/** What an editor asks about the model as it is typed: its problems, how to go on, and what something is. */

import { getLibFiles } from '@ts-morph/common';
import ts from 'typescript';
import { importable } from './auto-import.ts';
import { modelFile } from './problems.ts';
import type { Calls, Completion, Problem } from './protocol.ts';
import { problemOfDiagnostic } from './script.ts';

export type Language = Pick<Calls, 'check' | 'complete' | 'hover'>;

/** Where the sources of the compiler seem to lie. */
export const packageFolder = '/node_modules/chainrule/';
/** All that can be imported from the package. */
const entryFile = `${packageFolder}src/index.ts`;
const libFolder = '/lib/';

/** As the projects of users are checked, and strictly: what is wrong is better said in the editor. */
const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts'],
  types: [],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  allowImportingTsExtensions: true,
  noEmit: true,
  strict: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  skipLibCheck: true,
  paths: {
    chainrule: [entryFile],
    'chainrule/runtime': [`${packageFolder}src/runtime/index.ts`],
  },
};

/** `sources`: the declarations of the compiler, or its sources, by their paths in the repository. */
export function createLanguage(sources: ReadonlyMap<string, string>): Language {
  const files = new Map([
    ...[...sources].map(([path, text]) => [`${packageFolder}${path}`, text] as const),
    ...getLibFiles().map(({ fileName, text }) => [`${libFolder}${fileName}`, text] as const),
  ]);
  const document = { text: '', version: 0 };
  const service = ts.createLanguageService(hostOf(files, document));
  /** What is asked about is the text that comes with the question. */
  const open = (text: string): void => {
    if (text === document.text) return;
    document.text = text;
    document.version++;
  };
  return {
    check(text) {
      open(text);
      const found = [
        ...service.getSyntacticDiagnostics(modelFile),
        ...service.getSemanticDiagnostics(modelFile),
      ];
      return found.map((diagnostic): Problem => problemOfDiagnostic(diagnostic));
    },
    complete(text, position) {
      open(text);
      return completionsAt(service, text, position);
    },
    hover(text, position) {
      open(text);
      const info = service.getQuickInfoAtPosition(modelFile, position);
      if (info === undefined) return undefined;
      const { start, length } = info.textSpan;
      const [what, purpose] = [info.displayParts, info.documentation].map((one) =>
        ts.displayPartsToString(one),
      );
      const parts = [withoutImport(what ?? ''), purpose].filter((part) => part !== '');
      return { from: start, to: start + length, text: parts.join('\n\n') };
    },
  };
}

/** That a name is imported, its line in the text says as well. */
const withoutImport = (what: string): string => what.replace(/^\(alias\) /, '').replace(/\nimport .*$/, '');

function hostOf(
  files: ReadonlyMap<string, string>,
  document: { readonly text: string; readonly version: number },
): ts.LanguageServiceHost {
  const snapshots = new Map<string, ts.IScriptSnapshot>();
  const textOf = (name: string): string | undefined => (name === modelFile ? document.text : files.get(name));
  return {
    getCompilationSettings: () => options,
    getScriptFileNames: () => [modelFile, entryFile],
    getScriptVersion: (name) => (name === modelFile ? String(document.version) : '0'),
    getScriptSnapshot(name) {
      const text = textOf(name);
      const known = snapshots.get(name);
      if (text === undefined || known) return known;
      const snapshot = ts.ScriptSnapshot.fromString(text);
      if (name !== modelFile) snapshots.set(name, snapshot);
      return snapshot;
    },
    getCurrentDirectory: () => '/',
    getDefaultLibFileName: () => `${libFolder}lib.es2023.d.ts`,
    fileExists: (name) => textOf(name) !== undefined,
    readFile: textOf,
    // Which folders there are is worth nothing: it would save look-ups that cost nothing here.
    directoryExists: () => true,
    getDirectories: () => [],
  };
}

function completionsAt(
  service: ts.LanguageService,
  text: string,
  position: number,
): ReturnType<Language['complete']> {
  const found = service.getCompletionsAtPosition(modelFile, position, {});
  if (found === undefined) return undefined;
  const { start } = found.optionalReplacementSpan ?? { start: wordBefore(text, position) };
  const entries = [...found.entries].sort(({ sortText: a }, { sortText: b }) => (a < b ? -1 : a > b ? 1 : 0));
  const options = entries.map(
    ({ name, kind }): Completion => ({ label: name, type: types.get(kind) ?? 'text' }),
  );
  // Where any value may stand, and not only what belongs to something.
  const isAnywhere = options.some(({ label }) => label === 'globalThis');
  return { from: start, options: isAnywhere ? [...options, ...importsFor(service, options)] : options };
}

function importsFor(service: ts.LanguageService, options: readonly Completion[]): readonly Completion[] {
  const program = service.getProgram();
  const [text, entry] = [modelFile, entryFile].map((name) => program?.getSourceFile(name));
  if (program === undefined || text === undefined || entry === undefined) return [];
  return importable(program, text, entry, new Set(options.map(({ label }) => label)));
}

function wordBefore(text: string, position: number): number {
  let start = position;
  while (/[\w$]/.test(text.charAt(start - 1))) start--;
  return start;
}

const { ScriptElementKind: kinds } = ts;
const types: ReadonlyMap<string, string> = new Map([
  [kinds.functionElement, 'function'],
  [kinds.localFunctionElement, 'function'],
  [kinds.memberFunctionElement, 'method'],
  [kinds.callSignatureElement, 'method'],
  [kinds.memberVariableElement, 'property'],
  [kinds.memberGetAccessorElement, 'property'],
  [kinds.memberAccessorVariableElement, 'property'],
  [kinds.variableElement, 'variable'],
  [kinds.localVariableElement, 'variable'],
  [kinds.constElement, 'variable'],
  [kinds.letElement, 'variable'],
  [kinds.parameterElement, 'variable'],
  [kinds.alias, 'variable'],
  [kinds.keyword, 'keyword'],
  [kinds.primitiveType, 'type'],
  [kinds.typeElement, 'type'],
  [kinds.typeParameterElement, 'type'],
  [kinds.interfaceElement, 'type'],
  [kinds.classElement, 'type'],
  [kinds.string, 'text'],
]);
