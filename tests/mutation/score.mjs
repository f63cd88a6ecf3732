/**
 * Adds up reports of mutation testing: `node tests/mutation/score.mjs FILE REPORT...` writes FILE. A mutant that was tried
 * several times, with more tests or more time, counts by the best that became of it.
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, platform } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [to, ...reports] = process.argv.slice(2);
if (to === undefined || reports.length === 0) {
  console.error('Write: node tests/mutation/score.mjs FILE REPORT...');
  process.exit(2);
}

/** From the best that can become of a mutant to the worst. */
const order = [
  'Killed',
  'Timeout',
  'Survived',
  'NoCoverage',
  'Ignored',
  'RuntimeError',
  'CompileError',
  'Pending',
];

const keyOf = ({ location: { start, end }, mutatorName, replacement }) =>
  [start.line, start.column, end.line, end.column, mutatorName, replacement].join(' ');

/** By file, by mutant: what became of it. Reports of another text of a file than the newest are left out. */
function statuses() {
  const files = new Map();
  for (const report of [...reports].reverse()) {
    for (const [name, { source, mutants }] of Object.entries(
      JSON.parse(readFileSync(report, 'utf8')).files,
    )) {
      const known = files.get(name) ?? { source, mutants: new Map() };
      if (known.source !== source) continue;
      files.set(name, known);
      for (const mutant of mutants) {
        const key = keyOf(mutant);
        const before = known.mutants.get(key) ?? mutant.status;
        known.mutants.set(key, order.indexOf(mutant.status) < order.indexOf(before) ? mutant.status : before);
      }
    }
  }
  return files;
}

function scoreOf(found) {
  const count = (status) => found.filter((one) => one === status).length;
  const [killed, timeout, survived, noCoverage] = order.slice(0, 4).map(count);
  const total = killed + timeout + survived + noCoverage;
  const percent = total === 0 ? 100 : Math.round((10_000 * (killed + timeout)) / total) / 100;
  return { killed, timeout, survived, noCoverage, total, percent, loading: count('Ignored') };
}

const files = [...statuses()].sort(([a], [b]) => (a < b ? -1 : 1));
const folderOf = (name) =>
  name
    .split('/')
    .slice(0, name.startsWith('src/') ? 2 : 1)
    .join('/');
const folders = [...new Set(files.map(([name]) => folderOf(name)))];
const statusesOf = (chosen) => chosen.flatMap(([, { mutants }]) => [...mutants.values()]);
const version = (name) =>
  JSON.parse(readFileSync(`${root}node_modules/${name}/package.json`, 'utf8')).version;
const git = (...words) => execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim();

const score = {
  commit: git('rev-parse', '--short', 'HEAD'),
  stryker: version('@stryker-mutator/core'),
  machine: `${platform()} ${arch()}, ${availableParallelism()} cores, Node ${process.versions.node}`,
  folders: Object.fromEntries(
    folders.map((folder) => [
      folder,
      scoreOf(statusesOf(files.filter(([name]) => folderOf(name) === folder))),
    ]),
  ),
  files: Object.fromEntries(files.map(([name, { mutants }]) => [name, scoreOf([...mutants.values()])])),
};
mkdirSync(dirname(to), { recursive: true });
writeFileSync(to, `${JSON.stringify(score, null, 2)}\n`);
for (const [name, { percent, killed, timeout, total }] of Object.entries({
  ...score.folders,
  ...score.files,
}))
  console.log(`${name.padEnd(34)} ${percent.toFixed(1).padStart(5)} %  ${killed + timeout} of ${total}`);
