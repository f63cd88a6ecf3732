/** Others who read the format: onnxruntime and the checker of onnx, installed once beside this file. */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { TypedArray } from '../../src/runtime/module.ts';

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const isWindows = process.platform === 'win32';
const python = pathOf(isWindows ? '.venv/Scripts/python.exe' : '.venv/bin/python');

const run = (command: string, words: readonly string[], shell = false): boolean =>
  spawnSync(command, words, { cwd: pathOf('.'), stdio: 'ignore', shell }).status === 0;

const modified = (file: string): number => statSync(pathOf(file), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Test files run side by side: who comes second waits for the first. */
function alone<T>(what: string, work: () => T): T {
  const lock = pathOf(`node_modules.${what}.lock`);
  const patience = Date.now() + 300_000;
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      // One that was left by a process that was ended is taken over.
      if (Date.now() > patience) rmSync(lock, { recursive: true, force: true });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  try {
    return work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** Gives the reason why there is no onnxruntime. */
function installRuntime(): string {
  const isThere = (): boolean => modified('node_modules/.package-lock.json') >= modified('package-lock.json');
  if (isThere()) return '';
  return alone('runtime', () => {
    // Without scripts: they would fetch libraries for graphics cards from elsewhere.
    const words = ['ci', '--no-audit', '--no-fund', '--ignore-scripts'];
    return isThere() || run('npm', words, isWindows) ? '' : 'npm could not install onnxruntime-node';
  });
}

/** Gives the reason why there is no checker. */
function installPython(): string {
  const wanted = readFileSync(pathOf('requirements.txt'), 'utf8');
  const stamp = pathOf('.venv/installed.txt');
  const isThere = (): boolean => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  if (isThere()) return '';
  return alone('python', () => {
    if (isThere()) return '';
    const found = ['python3.11', 'python3', 'python'].find((name) =>
      run(name, ['-c', 'import sys, venv; sys.exit(sys.version_info < (3, 11))']),
    );
    if (found === undefined) return 'there is no Python 3.11 or newer';
    rmSync(pathOf('.venv'), { recursive: true, force: true });
    if (!run(found, ['-m', 'venv', pathOf('.venv')])) return 'python could not make an environment';
    const install = ['-m', 'pip', 'install', '--quiet', '-r', pathOf('requirements.txt')];
    if (!run(python, install)) return 'pip could not install onnx';
    writeFileSync(stamp, wanted);
    return '';
  });
}

interface OrtTensor {
  readonly data: TypedArray | BigInt64Array | Uint8Array;
  readonly dims: readonly number[];
  readonly type: string;
}
interface OrtSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: { readonly [name: string]: OrtTensor }): Promise<{ readonly [name: string]: OrtTensor }>;
  release(): Promise<void>;
}
interface Ort {
  readonly InferenceSession: { create(bytes: Uint8Array, options?: object): Promise<OrtSession> };
  readonly Tensor: new (type: string, data: TypedArray, dims: readonly number[]) => OrtTensor;
}

const withoutRuntime = installRuntime();
const withoutPython = installPython();

export const hasRuntime: boolean = withoutRuntime === '';
export const hasPython: boolean = withoutPython === '';

const leftOut = (reason: string): string => (reason === '' ? '' : ` (left out: ${reason})`);
/** Ends the title of tests that are left out where there is no onnxruntime. */
export const whyNoRuntime: string = leftOut(withoutRuntime);
/** Ends the title of tests that are left out where there is no Python. */
export const whyNoPython: string = leftOut(withoutPython);

export interface Column {
  readonly data: TypedArray;
  readonly shape: readonly number[];
}

export type Columns = Readonly<Record<string, Column>>;

const typeNames = new Map<string, string>([
  ['Float32Array', 'float32'],
  ['Float64Array', 'float64'],
  ['Int32Array', 'int32'],
]);

/** What onnxruntime computes from inputs: one result after the other, by name. */
export async function openSession(bytes: Uint8Array) {
  const ort: Ort = createRequire(pathOf('package.json'))('onnxruntime-node');
  // Warnings would be printed; errors are thrown.
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const tensorOf = ({ data, shape }: Column): OrtTensor =>
    new ort.Tensor(typeNames.get(data.constructor.name) ?? 'unknown', data, shape);
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    async run(inputs: Columns): Promise<ReadonlyMap<string, OrtTensor>> {
      const feeds = Object.fromEntries(Object.entries(inputs).map(([name, x]) => [name, tensorOf(x)]));
      return new Map(Object.entries(await session.run(feeds)));
    },
  };
}

/** What the checker of onnx says of files, by their names; nothing of one that it accepts. */
export function complaintsAbout(folder: string): Readonly<Record<string, string>> {
  const script = `
import json, os, sys, onnx
found = {}
for name in sorted(os.listdir(sys.argv[1])):
    try:
        onnx.checker.check_model(onnx.load(os.path.join(sys.argv[1], name)), full_check=True)
    except Exception as error:
        found[name] = str(error)
print(json.dumps(found))`;
  const { status, stdout, stderr } = spawnSync(python, ['-c', script, folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
