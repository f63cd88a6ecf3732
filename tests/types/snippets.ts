/** Type-checks pieces of a user's program as an editor does, all in one run of the compiler. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(repository, 'tests', 'types');

/** A file that exists for the compiler alone; other snippets import it as `./name.ts`. */
const pathOf = (name: string): string => join(folder, `${name}.ts`).replaceAll('\\', '/');

export function projectOptions(): ts.CompilerOptions {
  const path = join(repository, 'tsconfig.json');
  const read = ts.readConfigFile(path, (file) => readFileSync(file, 'utf8'));
  return ts.parseJsonConfigFileContent(read.config, ts.sys, repository).options;
}

/** A host that knows `files` (paths to texts) besides those on the disk. */
export function hostWith(files: ReadonlyMap<string, string>, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  return {
    ...host,
    fileExists: (file) => files.has(file) || host.fileExists(file),
    readFile: (file) => files.get(file) ?? host.readFile(file),
    getSourceFile: (file, languageVersion, ...rest) => {
      const text = files.get(file);
      return text === undefined
        ? host.getSourceFile(file, languageVersion, ...rest)
        : ts.createSourceFile(file, text, languageVersion, true);
    },
  };
}

const textOf = ({ messageText }: ts.Diagnostic): string => ts.flattenDiagnosticMessageText(messageText, '\n');

/** What the compiler says about each snippet, by the snippet's name. */
export function check<Name extends string>(
  snippets: Readonly<Record<Name, string>>,
): (name: Name) => readonly string[] {
  const options = projectOptions();
  const files = new Map(Object.entries<string>(snippets).map(([name, text]) => [pathOf(name), text]));
  const program = ts.createProgram([...files.keys()], options, hostWith(files, options));
  return (name) => {
    const source = program.getSourceFile(pathOf(name));
    if (source === undefined) throw new Error(`There is no snippet ${name}.`);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      textOf,
    );
  };
}
