/** Files that real workers are started from: the runtime and a trainer as JavaScript, in a folder of their own. */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const repository = fileURLToPath(new URL('../..', import.meta.url));

const compilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
};

function writeScript(folder: string, path: string): void {
  const source = readFileSync(join(repository, path), 'utf8');
  const target = join(folder, path.replace(/\.ts$/, '.js'));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, ts.transpileModule(source, { compilerOptions }).outputText);
}

export interface WorkerFiles {
  /** The path of a file with this content, from which `src/runtime` and `tests/runtime/linear.js` can be imported. */
  file(name: string, content: string): string;
  remove(): void;
}

/** `others` are paths from the root of the repository. */
export function workerFiles(...others: readonly string[]): WorkerFiles {
  const folder = mkdtempSync(join(tmpdir(), 'chainrule-worker-'));
  const runtime = readdirSync(join(repository, 'src', 'runtime'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join('src', 'runtime', file));
  for (const path of [...runtime, join('tests', 'runtime', 'linear.ts'), ...others])
    writeScript(folder, path);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  return {
    file(name, content) {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
