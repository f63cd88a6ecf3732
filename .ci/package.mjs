/**
 * Holds what `npm pack` would publish to what the sources give: `node package.mjs FOLDER [CHECKS]`.
 *
 * The list allowed is exact: the compiled form of every source file, and five files by name. A file left over in
 * `dist` from a source that is gone fails as well as one that is missing.
 */

import { spawnSync } from 'node:child_process';
import { appendFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const [folder = '.', checks] = process.argv.slice(2);
const root = resolve(folder);
const named = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'src/cli/bin.mjs'];
const sourceFolders = ['src', 'ir', 'passes', 'codegen'];

const allowed = new Set([...named, ...sourceFolders.flatMap(compiledFiles)]);
const packed = packedFiles();
const extra = [...packed].filter((file) => !allowed.has(file));
const missing = [...allowed].filter((file) => !packed.has(file));
for (const file of extra) console.log(`must not be published: ${file}`);
for (const file of missing) console.log(`is missing: ${file}`);
console.log(`${packed.size} files, ${extra.length} too many, ${missing.length} missing`);
const passed = extra.length + missing.length === 0;
if (checks !== undefined) appendFileSync(checks, `${passed ? 'passed' : 'failed'}\tpackage\tfile list\n`);
process.exitCode = passed ? 0 : 1;

function compiledFiles(name) {
  const files = readdirSync(join(root, name), { encoding: 'utf8', recursive: true });
  return files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `dist/${name}/${file.replaceAll('\\', '/').replace(/\.ts$/, '')}`)
    .flatMap((stem) => ['.js', '.js.map', '.d.ts'].map((end) => stem + end));
}

function packedFiles() {
  const words = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const { status, stdout, stderr } = spawnSync('npm', words, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    // On Windows npm is a script, which only a shell can start.
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm pack failed: ${stderr}`);
  const [{ files }] = JSON.parse(stdout);
  return new Set(files.map(({ path }) => path));
}
