/** The Python of the tests: an environment with what scale/requirements.txt pins, made when it is missing. */

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const scaleFolder = fileURLToPath(new URL('../../scale/', import.meta.url));
const inScale = (path: string): string => join(scaleFolder, path);

const isWindows = process.platform === 'win32';
const named = process.env.CHAINRULE_PYTHON;
/** `CHAINRULE_PYTHON` names another one that has the packages, or a path where there is nothing, so that these tests are left out. */
export const python = named ?? inScale(isWindows ? '.venv/Scripts/python.exe' : '.venv/bin/python');

/** Makes the environment, once for all test files that run beside each other. */
function whyMissing(): string | undefined {
  const lock = inScale('.venv.lock');
  const mayMake = Date.now() + 300_000;
  for (;;) {
    if (isInstalled()) return undefined;
    try {
      mkdirSync(lock);
      break;
    } catch {
      // One that a killed run has left is older than any installation takes.
      if (age(lock) > 300_000) rmSync(lock, { recursive: true, force: true });
      if (Date.now() > mayMake) return 'somebody else makes its environment';
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    }
  }
  try {
    return install();
  } finally {
    rmdirSync(lock);
  }
}

const age = (path: string): number =>
  Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());

const requirements = inScale('requirements.txt');
const stamp = inScale('.venv/installed.txt');

const isInstalled = (): boolean =>
  existsSync(stamp) && readFileSync(stamp, 'utf8') === readFileSync(requirements, 'utf8');

function install(): string | undefined {
  const found = ['python3.11', 'python3', 'python'].find((name) => succeeds(name, ['-c', recent]));
  if (found === undefined) return 'no Python 3.11 or newer';
  rmSync(inScale('.venv'), { recursive: true, force: true });
  if (!succeeds(found, ['-m', 'venv', inScale('.venv')])) return 'Python could not make an environment';
  const pip = ['-m', 'pip', 'install', '--quiet', '--retries', '1', '--timeout', '20', '-r', requirements];
  if (!succeeds(python, pip)) return 'pip could not install scale/requirements.txt';
  writeFileSync(stamp, readFileSync(requirements));
  return undefined;
}

const recent = 'import sys, venv; sys.exit(sys.version_info < (3, 11))';
const succeeds = (command: string, words: readonly string[]): boolean =>
  spawnSync(command, words, { stdio: 'ignore', timeout: 280_000 }).status === 0;

const reason = named === undefined ? whyMissing() : existsSync(named) ? undefined : 'there is no such Python';

/** Ends the title of tests that are left out where there is no Python. */
export const whyLeftOut = reason === undefined ? '' : ` (left out: ${reason}; CHAINRULE_PYTHON can name one)`;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly ended: Promise<Ended>;
  /** Resolves when a line of the output has `text`, or at the end. */
  saw(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts Python on so many devices, which are threads of the processor. */
export function startPython(words: readonly string[], devices = 1): Running {
  const child = spawn(python, words, {
    env: {
      ...process.env,
      JAX_PLATFORMS: 'cpu',
      XLA_FLAGS: `--xla_force_host_platform_device_count=${devices}`,
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
  const texts = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
      for (const look of waiting) look();
    });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code, ...texts }));
  });
  return {
    ended,
    saw: (text) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (texts.stdout.includes(text)) resolve();
        };
        waiting.add(look);
        look();
        ended.then(() => resolve());
      }),
    kill: (signal) => child.kill(signal),
  };
}

export const runPython = (words: readonly string[], devices = 1): Promise<Ended> =>
  startPython(words, devices).ended;
