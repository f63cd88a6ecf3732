/**
 * Holds what `npm pack` would publish to what the sources give: `node package.mjs FOLDER [CHECKS]`.
 *
 * The list allowed is exact: the compiled form of every source file, and some files by name. A file left over in
 * `dist` from a source that is gone fails as well as one that is missing. With CHECKS, where lines for `.ci/count.mjs`
 * go, what the package is made of is looked at too (`supply-chain.mjs`).
 */

import { appendFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checksOf, packed, signatures } from './supply-chain.mjs';

const [folder = '.', checks] = process.argv.slice(2);
const root = resolve(folder);
const named = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md', 'src/cli/bin.mjs'];
/** The launcher of exported steps, which is run from where the package lies. */
const launcher = readdirSync(join(root, 'scale')).filter((file) => /^[\w.]+\.(py|md|txt)$/.test(file));
const sourceFolders = ['src', 'ir', 'passes', 'codegen'];
/** Pages, which are bundled: the inspector into two files, and the studio for whoever hosts it, not for this package. */
const bundled = {
  folders: ['src/inspector/', 'src/studio/'],
  files: ['inspector.js', 'inspector.css', 'licenses.md'],
};

report('file list', fileList());
if (checks !== undefined) {
  for (const [name, find] of checksOf(root)) report(name, find());
  console.log(`signatures of the registry: ${signatures(root)}`);
}

function report(name, wrong) {
  for (const line of wrong) console.log(`  ${line}`);
  const passed = wrong.length === 0;
  if (checks !== undefined) {
    console.log(`${passed ? 'passed' : 'FAILED'}  ${name}`);
    appendFileSync(checks, `${passed ? 'passed' : 'failed'}\tpackage\t${name}\n`);
  }
  if (!passed) process.exitCode = 1;
}

function fileList() {
  const required = new Set([
    ...named,
    ...sourceFolders.flatMap(compiledFiles),
    ...bundled.files.map((file) => `dist/inspector/${file}`),
    ...launcher.map((file) => `scale/${file}`),
  ]);
  const files = new Set(packed(root).files.map(({ path }) => path));
  const extra = [...files].filter((file) => !required.has(file));
  const missing = [...required].filter((file) => !files.has(file));
  console.log(`${files.size} files, ${extra.length} too many, ${missing.length} missing`);
  return [
    ...extra.map((file) => `must not be published: ${file}`),
    ...missing.map((file) => `is missing: ${file}`),
  ];
}

function compiledFiles(name) {
  const files = readdirSync(join(root, name), { encoding: 'utf8', recursive: true });
  return files
    .map((file) => `${name}/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.ts') && !bundled.folders.some((folder) => file.startsWith(folder)))
    .map((file) => `dist/${file.replace(/\.ts$/, '')}`)
    .flatMap((stem) => ['.js', '.js.map', '.d.ts'].map((end) => stem + end));
}
