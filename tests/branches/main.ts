/** Says what share of the branches tests take, folder by folder, and names those of the core that none takes. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { branchesOf, type FileBranches, type FileCoverage } from './branches.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const data = fileURLToPath(new URL('../../out/coverage/coverage-final.json', import.meta.url));

/** Folders in which every branch that can be taken must be. */
const core = ['ir', 'passes', 'codegen'];

/** The first folder of a path; of `src`, the second. */
const folderOf = (path: string): string => {
  const [first = '', second = ''] = path.split('/');
  return first === 'src' && !second.endsWith('.ts') ? `src/${second}` : first;
};

const percent = (part: number, whole: number): number => (whole === 0 ? 100 : (100 * part) / whole);

function read(): readonly FileBranches[] {
  const found: Readonly<Record<string, FileCoverage>> = JSON.parse(readFileSync(data, 'utf8'));
  return Object.values(found)
    .map((file) => ({ ...file, path: relative(root, file.path).replaceAll('\\', '/') }))
    .map((file) => branchesOf(file, readFileSync(`${root}${file.path}`, 'utf8')))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

interface Sums {
  readonly taken: number;
  readonly missed: number;
  readonly fallbacks: number;
  /** Of the branches that can be taken. */
  readonly percent: number;
}

function sumsOf(files: readonly FileBranches[]): Sums {
  const taken = files.reduce((sum, file) => sum + file.taken, 0);
  const missed = files.reduce((sum, file) => sum + file.missed.length, 0);
  const fallbacks = files.reduce((sum, file) => sum + file.fallbacks.length, 0);
  return { taken, missed, fallbacks, percent: Math.floor(100 * percent(taken, taken + missed)) / 100 };
}

const lineOf = (name: string, { taken, missed, fallbacks, percent }: Sums): string =>
  `${name.padEnd(12)} ${percent.toFixed(2).padStart(6)} % of ${taken + missed} branches, and ${fallbacks} type fallbacks not taken`;

/** Gives the exit code. `--all` names all branches that are not taken, `--json FILE` writes the figures. */
export function main(words: readonly string[]): number {
  const { values } = parseArgs({
    args: [...words],
    options: { all: { type: 'boolean', default: false }, json: { type: 'string' } },
  });
  if (!existsSync(data)) {
    console.error(
      'There is no coverage data: run the tests with --config tests/branches/vitest.config.ts first.',
    );
    return 2;
  }
  const files = read();
  const names = [...new Set([...core, ...files.map(({ path }) => folderOf(path)).sort()])];
  const folders = Object.fromEntries(
    names.map((name) => [name, sumsOf(files.filter(({ path }) => folderOf(path) === name))]),
  );
  for (const [name, sums] of Object.entries(folders)) console.log(lineOf(name, sums));
  const inCore = files.filter(({ path }) => core.includes(folderOf(path))).flatMap(({ missed }) => missed);
  for (const line of values.all ? files.flatMap(({ missed }) => missed) : inCore)
    console.log(`not taken: ${line}`);
  if (values.json !== undefined) {
    const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd: root,
      encoding: 'utf8',
    }).trim();
    mkdirSync(dirname(values.json), { recursive: true });
    writeFileSync(values.json, `${JSON.stringify({ commit, folders }, null, 2)}\n`);
  }
  return inCore.length === 0 ? 0 : 1;
}
