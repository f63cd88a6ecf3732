/** Installs the rivals beside this file, when they are asked for and not there: npm packages, and a Python environment. */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

const isWindows = process.platform === 'win32';
export const pythonPath = pathOf(isWindows ? '.venv/Scripts/python.exe' : '.venv/bin/python');
/** What PyTorch compiles is kept from run to run. */
export const pythonCache = pathOf('.venv/compiled');

/** Gives the reason why there are no JavaScript rivals. */
export function installPackages(): string | undefined {
  const lock = modified('package-lock.json');
  if (modified('node_modules/.package-lock.json') >= lock) return undefined;
  console.log('Installing the JavaScript rivals (320 MB, once)...');
  // Without scripts: nothing here needs one, and they would fetch from elsewhere.
  const { status } = run('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], isWindows);
  return status === 0 ? undefined : 'npm could not install it';
}

/** Gives the reason why there are no Python rivals. */
export function installPython(): string | undefined {
  const wanted = readFileSync(pathOf('requirements.txt'), 'utf8');
  const stamp = pathOf('.venv/installed.txt');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return undefined;
  const python = ['python3.11', 'python3', 'python'].find(isRecent);
  if (python === undefined) return 'there is no Python 3.11 or newer';
  console.log(
    'Installing the Python rivals (1 GB, or 6 GB where PyTorch has its libraries for graphics cards; once)...',
  );
  rmSync(pathOf('.venv'), { recursive: true, force: true });
  const made = run(python, ['-m', 'venv', pathOf('.venv')]);
  if (made.status !== 0) return 'python could not make an environment';
  if (process.platform === 'linux') preferSmallTorch(wanted);
  const { status } = run(pythonPath, [...pip, '-r', pathOf('requirements.txt')]);
  if (status !== 0) return 'pip could not install it';
  mkdirSync(pythonCache, { recursive: true });
  writeFileSync(stamp, wanted);
  return undefined;
}

const pip = ['-m', 'pip', 'install', '--quiet'] as const;

/** PyTorch's own index has builds for processors alone; where it cannot be reached, the large one comes with the others. */
function preferSmallTorch(requirements: string): void {
  const torch = /^torch==\S+$/m.exec(requirements)?.[0];
  if (torch === undefined) return;
  const index = ['--index-url', 'https://download.pytorch.org/whl/cpu'];
  const brief = ['--no-deps', '--retries', '0', '--timeout', '10'];
  spawnSync(pythonPath, [...pip, ...brief, ...index, torch], { stdio: 'ignore' });
}

const run = (command: string, words: readonly string[], shell = false) =>
  spawnSync(command, words, { cwd: pathOf('.'), stdio: 'inherit', shell });

const isRecent = (python: string): boolean =>
  spawnSync(python, ['-c', 'import sys, venv; sys.exit(sys.version_info < (3, 11))']).status === 0;

const modified = (file: string): number => statSync(pathOf(file), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Versions of the Python packages that are named in the requirements, and of Python. */
export function pythonVersions(): Readonly<Record<string, string>> {
  const script =
    'import json, platform, importlib.metadata as m, numpy; ' +
    'blas = numpy.show_config(mode="dicts")["Build Dependencies"]["blas"]; ' +
    'print(json.dumps({"python": platform.python_version(), ' +
    '**{n: m.version(n) for n in ("numpy", "torch", "jax", "jaxlib")}, ' +
    '"BLAS of numpy": f\'{blas["name"]} {blas["version"]}\'}))';
  const { status, stdout } = spawnSync(pythonPath, ['-c', script], { encoding: 'utf8' });
  return status === 0 ? JSON.parse(stdout) : {};
}
