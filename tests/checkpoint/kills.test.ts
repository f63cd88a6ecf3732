/** No kill costs more than the steps since the last checkpoint: wherever it comes, the training ends with the same bytes. */

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { CompileOptions } from '../../src/compile.ts';
import { uniform01 } from '../../src/runtime/index.ts';
import { environment } from '../cli/run.ts';
import { publishCounts } from '../counts.ts';
import { sha256, standalone } from '../process/children.ts';
import { seed } from '../properties/seed.ts';

/** CHAINRULE_KILLS asks for more, as a soak does. */
const trials = Number(process.env.CHAINRULE_KILLS ?? 200);
const killsPerTrial = 2;
/** Of a training that is killed at any moment, and of one that is killed at one of its first saves. */
const [steps, fewSteps] = ['120', '20'];
const atOnce = 2;

/** Trains to the end in the folder of its first argument; kills itself around the operation that it is told. */
const main = `
import { openFolder, fitWithCheckpoints } from './checkpoint/index.js';
import { nodeFiles } from './checkpoint/file-port.js';
import { systemProcesses } from './checkpoint/process-identity.js';
import { createTrainer } from './runtime/index.js';
import { withThreads } from './runtime/threads/index.js';
import { randomUUID } from 'node:crypto';
import * as emitted from './trainer.js';

const [folder, steps, killAt = 'Infinity', side = 'before'] = process.argv.slice(2);
let done = 0;
const kill = () => process.kill(process.pid, 'SIGKILL');
const files = Object.fromEntries(Object.entries(nodeFiles).map(([name, run]) => [name, (...words) => {
  const isNow = done++ === Number(killAt);
  if (isNow && side === 'before') kill();
  const result = run(...words);
  if (isNow && side === 'after') kill();
  return result;
}]));

const module = 'threads' in emitted ? await withThreads(emitted, 2) : emitted;
const trainer = createTrainer(module, { seed: 5 });
const records = 100;
const data = {
  x: Float32Array.from({ length: 2 * records }, (_, i) => Math.sin(i * i)),
  y: Int32Array.from({ length: records }, (_, i) => (i * i) % 3 % 2),
};
const store = openFolder(folder, { files, processes: systemProcesses(), owner: randomUUID() });
for await (const _ of fitWithCheckpoints(trainer, data, { steps: Number(steps), batch: 16 }, { store, every: 4, resume: true }));
await store.close();
await module.close?.();
console.log('operations', done);
`;

type Target = 'ts' | 'wasm' | 'threads';
const programs = new Map<Target, string>();

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly said: string;
}

/** Runs the program until it ends, or until it is killed after so many milliseconds. */
function run(program: string, words: readonly string[], killAfter?: number): Promise<Ended> {
  const child = spawn(process.execPath, [join(program, 'main.js'), ...words], { env: environment });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, said });
    });
  });
}

const programOf = (target: Target): string => programs.get(target) ?? '';

/** The last checkpoint of a training: weights, slots, statistics, and where it stands in its data and random numbers. */
function lastOf(folder: string): string {
  const names = readdirSync(folder).sort();
  const newest = names.filter((name) => name.startsWith('step-')).at(-1) ?? '';
  expect(
    names.filter((name) => name.endsWith('.tmp') || name.endsWith('.damaged') || name === 'lock'),
  ).toEqual([]);
  return `${newest} ${sha256(readFileSync(join(folder, newest)))}`;
}

let root: string;
let expected: string;
let milliseconds: number;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'chainrule-kills-'));
  const model = 'tests/checkpoint/models/restless.ts';
  const make = (target: Target, options: CompileOptions) =>
    standalone(model, main, { folder: join(root, target), ...options });
  programs.set('ts', await make('ts', {}));
  programs.set('wasm', await make('wasm', { target: 'wasm' }));
  programs.set('threads', await make('threads', { target: 'wasm', threads: 2 }));
  const begin = performance.now();
  const { said } = await run(programOf('ts'), [join(root, 'whole'), steps]);
  milliseconds = performance.now() - begin;
  expect(said).toMatch(/^operations \d+\n$/);
  expected = lastOf(join(root, 'whole'));
  expect(expected).toMatch(/^step-0000000000000120\.safetensors /);
  return () => rmSync(root, { recursive: true, force: true });
}, 60_000);

/** Several at once, each with its number. */
async function inParallel(count: number, task: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await task(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

async function finish(target: Target, folder: string, [to, bytes]: readonly [string, string]): Promise<void> {
  const { code, said } = await run(programOf(target), [folder, to]);
  expect(said).toMatch(/^operations/);
  expect(code).toBe(0);
  expect(lastOf(folder)).toBe(bytes);
  rmSync(folder, { recursive: true, force: true });
}

it('SIGKILL at any moment, twice, and on with another target', async () => {
  const targets: readonly Target[] = ['ts', 'wasm', 'ts', 'wasm', 'threads'];
  let [kills, tooLate] = [0, 0];
  await inParallel(trials, async (trial) => {
    const folder = join(root, `trial-${trial}`);
    for (let turn = 0; turn < killsPerTrial; turn++) {
      // Rather in the training than before it: starting takes a third of the time.
      const after = milliseconds * (0.2 + 0.7 * uniform01(seed, turn, 0, trial));
      const target = targets[(trial + turn) % targets.length] ?? 'ts';
      const { signal, said } = await run(programOf(target), [folder, steps], after);
      if (signal === 'SIGKILL') kills++;
      else {
        expect(said).toMatch(/^operations/);
        tooLate++;
      }
    }
    await finish(targets[(trial + 2) % targets.length] ?? 'ts', folder, [steps, expected]);
  });
  publishCounts('kills', { trials, kills, 'came too late': tooLate });
  expect(kills).toBeGreaterThan(0.5 * trials * killsPerTrial);
}, 3_600_000);

it('SIGKILL before and after every operation of the first saves', async () => {
  const folder = join(root, 'counting');
  const { said } = await run(programOf('ts'), [folder, fewSteps]);
  const whole = lastOf(folder);
  const all = Number(/^operations (\d+)/.exec(said)?.[1]);
  expect(all).toBeGreaterThan(45);
  // Opening, and three saves: the third removes the first.
  const operations = 45;
  let kills = 0;
  await inParallel(2 * operations, async (index) => {
    const trial = join(root, `operation-${index}`);
    const words = [trial, fewSteps, String(Math.floor(index / 2)), index % 2 === 0 ? 'before' : 'after'];
    const { signal } = await run(programOf('ts'), words);
    expect(signal).toBe('SIGKILL');
    kills++;
    await finish('ts', trial, [fewSteps, whole]);
  });
  publishCounts('kills', { 'at an operation': kills });
}, 600_000);
