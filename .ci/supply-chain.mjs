/**
 * What the package is made of, and whether it can be made again: `checksOf(ROOT)` gives the checks one by one.
 *
 * Each is a name and a function that gives what is wrong, a line each, and nothing where all is well.
 */

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const manifests = ['package.json', 'bench/rivals/package.json'];
const locks = ['package-lock.json', 'bench/rivals/package-lock.json'];

/** What a copy needs to be built and to be packed; the last ones may be missing. */
const sources = [
  ...['src', 'ir', 'passes', 'codegen', 'scale'],
  ...['tsconfig.json', 'tsconfig.build.json', 'package.json'],
];
/** What Python leaves in a folder. */
const leftOver = /[\\/](?:\.venv|__pycache__)/;
const texts = ['README.md', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md'];

export const staticChecks = (root) => [
  ['versions are exact', () => manifests.flatMap((file) => inexact(root, file))],
  [
    'every package has its hash and comes from the registry',
    () => locks.flatMap((file) => unlocked(root, file)),
  ],
  ['no package needs a script to be installed', () => installScripts(root)],
];

export const checksOf = (root) => [
  ...staticChecks(root),
  ['two clean copies give the same package', () => copiesDiffer(root)],
];

const read = (root, file) => JSON.parse(readFileSync(join(root, file), 'utf8'));

/** `1.2.3`, with what may follow: a range, a tag, an address or a folder is whatever others make of it. */
const isExact = (version) => /^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version);

function inexact(root, file) {
  const manifest = read(root, file);
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies', 'overrides'];
  return kinds.flatMap((kind) =>
    Object.entries(manifest[kind] ?? {})
      .filter(([, version]) => !isExact(version))
      .map(([name, version]) => `${file}: ${kind}: ${name} is ${JSON.stringify(version)}`),
  );
}

const entriesOf = (root, file) => Object.entries(read(root, file).packages).filter(([path]) => path !== '');

/** Where the lock file names no address, it is the registry's. */
function unlocked(root, file) {
  const wrong = ({ integrity, resolved, link }) =>
    link ||
    !/^sha512-[\w+/]{86}==$/.test(integrity ?? '') ||
    (resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/'));
  return entriesOf(root, file)
    .filter(([, entry]) => wrong(entry))
    .map(
      ([path, { integrity, resolved }]) => `${file}: ${path}: ${integrity ?? 'no hash'} ${resolved ?? ''}`,
    );
}

/** Those of the benchmarks are not published, and are installed without their scripts as well. */
const installScripts = (root) =>
  entriesOf(root, 'package-lock.json')
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => `package-lock.json: ${path} has a script that runs when it is installed`);

/** Built from a fresh installation without scripts, and from the packages at hand: both as the one at the root. */
function copiesDiffer(root) {
  const top = mkdtempSync(join(tmpdir(), 'chainrule-copies-'));
  try {
    const fresh = copyOf(root, join(top, 'fresh'));
    cpSync(join(root, 'package-lock.json'), join(fresh, 'package-lock.json'));
    cpSync(join(root, '.ci', 'setup.mjs'), join(fresh, '.ci', 'setup.mjs'));
    const installed = run(
      'npm',
      ['ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'],
      fresh,
    );
    if (installed.status !== 0) return [`npm ci --ignore-scripts failed: ${installed.stderr}`];
    const built = run('node', [join('.ci', 'setup.mjs')], fresh);
    if (built.status !== 0) return [`the build of a fresh copy failed: ${built.stdout}${built.stderr}`];
    const other = copyOf(root, join(top, 'at another place'));
    symlinkSync(join(root, 'node_modules'), join(other, 'node_modules'), 'junction');
    const again = run('npm', ['run', 'build', '--silent'], other);
    if (again.status !== 0) return [`the build of another copy failed: ${again.stdout}${again.stderr}`];
    return [...differences([fresh, other, root]), ...unusable(root, fresh)];
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
}

function copyOf(root, folder) {
  for (const path of [...sources, ...texts])
    if (existsSync(join(root, path)))
      cpSync(join(root, path), join(folder, path), {
        recursive: true,
        filter: (from) => !leftOver.test(from),
      });
  return folder;
}

function differences(folders) {
  const hashes = folders.map((folder) => packed(folder).integrity);
  console.log(`  the package is ${hashes[0]}`);
  return hashes.every((hash) => hash === hashes[0]) ? [] : [`the packages differ: ${hashes.join(', ')}`];
}

/** The fresh copy compiles an example to the bytes that are kept beside it. */
function unusable(root, fresh) {
  const example = join('examples', '01-logistic-regression', 'model.ts');
  const model = join(root, example);
  const { status, stdout, stderr } = run(
    'node',
    [join('src', 'cli', 'bin.mjs'), 'compile', model, '-o', '-'],
    fresh,
  );
  const expected = readFileSync(join(dirname(model), 'model.trainer.ts'), 'utf8');
  if (status === 0 && stdout === expected) return [];
  return [`a fresh copy does not compile ${example} as it should: ${stderr || 'other bytes'}`];
}

/** What `npm pack` would publish from a folder: its files and the hash of the whole. */
export function packed(folder) {
  const { status, stdout, stderr } = run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], folder);
  if (status !== 0) throw new Error(`npm pack failed: ${stderr}`);
  const [found] = JSON.parse(stdout);
  return found;
}

/** Whether the registry signed what is installed. It is told and decides nothing: the registry may not be reachable. */
export function signatures(root) {
  const { status, stdout, stderr } = run('npm', ['audit', 'signatures'], root, 20_000);
  const lines = `${stdout}${stderr}`
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('npm warn'));
  return status === 0 ? lines.join(' ') : `not checked (${lines[0] ?? 'the registry does not answer'})`;
}

function run(program, words, cwd, timeout = 240_000) {
  const isNode = program === 'node';
  return spawnSync(isNode ? process.execPath : program, words, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    timeout,
    env: { ...process.env, CHAINRULE_FROM_SOURCE: '0' },
    // On Windows npm is a script, which only a shell can start.
    shell: !isNode && process.platform === 'win32',
  });
}
