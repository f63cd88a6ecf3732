/** The compiler as plain JavaScript in a folder of its own: children load it in half the time, whatever is built. */

import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { repository } from '../cli/run.ts';

const folders = ['ir', 'passes', 'codegen', 'src'];
/** Nothing of the command line, unless it is asked for. */
const usuallyLeftOut = /^src\/(?:cli|report|testing|oracle|data)\//;

const filesOf = (folder: string): readonly string[] =>
  readdirSync(join(repository, folder), { encoding: 'utf8', recursive: true })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
};

export interface Built {
  readonly folder: string;
  /** The address of a source file, as a quoted text for a program to import. */
  readonly url: (file: string) => string;
  /** Writes a program to be run into the folder; gives its path. */
  readonly program: (name: string, text: string) => string;
  readonly remove: () => void;
}

/** Transpiles the sources as they are now, those of the command line `withCli`. To be removed when the tests are done. */
export function build({ withCli = false }: { readonly withCli?: boolean } = {}): Built {
  const folder = mkdtempSync(join(tmpdir(), 'chainrule-built-'));
  const wanted = folders.flatMap(filesOf).filter((file) => withCli || !usuallyLeftOut.test(file));
  for (const file of wanted) {
    const target = join(folder, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    const source = readFileSync(join(repository, file), 'utf8');
    writeFileSync(target, ts.transpileModule(source, { compilerOptions }).outputText);
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  return {
    folder,
    url: (file) => JSON.stringify(pathToFileURL(join(folder, file.replace(/\.ts$/, '.js'))).href),
    program(name, text) {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
