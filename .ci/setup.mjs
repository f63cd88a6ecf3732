/** Makes a fresh clone ready: installs what is missing and builds what is out of date. Runs before start and test. */

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const buildInfo = join(root, 'dist', '.tsbuildinfo');
const sources = ['src', 'ir', 'passes', 'codegen', 'tsconfig.json', 'tsconfig.build.json'];

checkNode();
if (!isInstalled()) {
  console.log('Installing the packages that package-lock.json names...');
  npm('ci', '--no-audit', '--no-fund', '--ignore-scripts');
}
if (!isBuilt()) {
  console.log('Building dist from the sources...');
  const begin = new Date();
  npm('run', 'build', '--silent');
  // The compiler leaves the file as it is when only times of sources changed, and would be started every time.
  utimesSync(buildInfo, begin, begin);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 11)) return;
  console.error(`chainrule needs Node.js 20.11 or newer; this is ${process.versions.node}.`);
  console.error('Install a newer one from https://nodejs.org and try again.');
  process.exit(1);
}

/** npm leaves its own copy of the lock file in node_modules, as new as the last installation. */
function isInstalled() {
  const lock = modified(join(root, 'package-lock.json'));
  return modified(join(root, 'node_modules', '.package-lock.json')) >= lock;
}

function isBuilt() {
  const results = [join('src', 'cli', 'main.js'), join('inspector', 'inspector.js')];
  if (!results.every((path) => existsSync(join(root, 'dist', path)))) return false;
  const built = modified(buildInfo);
  return built > 0 && sources.every((source) => newest(join(root, source)) <= built);
}

/** The time of the newest file in a folder and below; that of a file itself. */
function newest(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  return readdirSync(path).reduce(
    (latest, name) => Math.max(latest, newest(join(path, name))),
    found.mtimeMs,
  );
}

function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function npm(...words) {
  // On Windows npm is a script, which only a shell can start.
  const { status, error } = spawnSync('npm', words, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  console.error(`npm ${words.join(' ')} failed${error === undefined ? '' : `: ${error.message}`}.`);
  process.exit(1);
}
