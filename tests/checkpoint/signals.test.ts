/** Signals: the first one ends a training after its step, with a checkpoint; the second one ends the process. */

import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bindSplit } from '../../src/bind.ts';
import { openFolder } from '../../src/checkpoint/folder.ts';
import { compile } from '../../src/compile.ts';
import { loadData } from '../../src/data/spec.ts';
import { instantiate } from '../../src/instantiate.ts';
import { loadModel } from '../../src/load-model.ts';
import { fitWithCheckpoints } from '../../src/runtime/checkpoint/fit.ts';
import { createTrainer, uniform01 } from '../../src/runtime/index.ts';
import { bin, environment, finished, jsonLines, repository, start, temporaryFolder } from '../cli/run.ts';
import { publishCounts } from '../counts.ts';
import { sha256 } from '../process/children.ts';
import { seed } from '../properties/seed.ts';

/** CHAINRULE_SIGNALS asks for more, as a soak does. */
const trials = Number(process.env.CHAINRULE_SIGNALS ?? 50);
const model = 'tests/checkpoint/models/restless.ts';
const train = (folder: string, ...more: readonly string[]): readonly string[] => [
  'train',
  model,
  '--checkpoint',
  folder,
  '--resume',
  ...more,
];

function newestIn(folder: string): { readonly step: number; readonly hash: string } {
  const names = readdirSync(folder);
  expect(names.filter((name) => !/^step-\d{16}\.safetensors$/.test(name))).toEqual([]);
  const name = names.sort().at(-1) ?? '';
  return { step: Number(/\d+/.exec(name)?.[0]), hash: sha256(readFileSync(join(folder, name))) };
}

const { code } = await compile(await loadModel(join(repository, model)));
const restless = await instantiate(code);
const dataset = await loadData('moons?count=100&test=20', { dtype: 'f32' });
const columns = bindSplit(restless.layout, dataset, dataset.train);

/** Trains on, or from the beginning, in this process; gives the hash of the last checkpoint. */
async function goOn(folder: string, steps: number): Promise<string> {
  const store = openFolder(folder);
  const trainer = createTrainer(restless, { seed: 0 });
  const options = { store, every: 1000, resume: true };
  for await (const _ of fitWithCheckpoints(trainer, columns, { steps, batch: 16 }, options));
  await store.close();
  const { step, hash } = newestIn(folder);
  expect(step).toBe(steps);
  return hash;
}

/** Resolves with the first chunk that the process prints. */
const firstWords = (child: ReturnType<typeof start>): Promise<void> =>
  new Promise((resolve) => child.stdout.once('data', () => resolve()));

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

describe('case 43: a signal', () => {
  it(`at any moment of a training: ${trials} times`, async () => {
    const long = '100000';
    let [inTraining, atStep] = [0, 0];
    const references = new Map<number, Promise<string>>();
    let next = 0;
    const worker = async (root: string): Promise<void> => {
      for (let trial = next++; trial < trials; trial = next++) {
        const folder = join(root, String(trial));
        const signal = trial % 2 === 0 ? 'SIGINT' : 'SIGTERM';
        const child = start(train(folder, '--steps', long, '--every', '5', '--json'));
        const ended = finished(child);
        await firstWords(child);
        await new Promise((resolve) => setTimeout(resolve, 150 * uniform01(seed, 0, 0, trial)));
        child.kill(signal);
        const { code, stdout, stderr } = await ended;
        expect({ code, stderr }).toEqual({ code: exitCodes[signal], stderr: '' });
        const events = jsonLines(stdout);
        const { step } = newestIn(folder);
        // What was said is what was saved.
        expect(events.filter(({ event }) => event === 'step').length).toBe(step);
        expect(events.at(-1)).toMatchObject({ event: 'done', steps: step });
        inTraining++;
        atStep = Math.max(atStep, step);
        // Gone on with to the next hundred, it has the bytes of the training that was never stopped.
        const to = Math.ceil((step + 1) / 100) * 100;
        const hash = await goOn(folder, to);
        const whole = references.get(to) ?? goOn(join(root, `whole-${to}`), to);
        references.set(to, whole);
        expect(hash).toBe(await whole);
      }
    };
    const root = temporaryFolder();
    await Promise.all([worker(root), worker(root)]);
    publishCounts('signals', { signals: inTraining, 'last step': atStep });
  }, 3_600_000);

  it('that comes a second time ends the process at once, even within a step that takes long', async () => {
    const folder = temporaryFolder();
    const slow = [
      'train',
      'tests/checkpoint/models/slow.ts',
      '--checkpoint',
      folder,
      '--steps',
      '9',
      '--json',
    ];
    const child = start(slow);
    const ended = new Promise<string | null>((resolve) => child.on('close', (_, signal) => resolve(signal)));
    await firstWords(child);
    child.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 50));
    // The first one is heard between two steps.
    const again = setInterval(() => child.kill('SIGINT'), 20);
    const signal = await ended;
    clearInterval(again);
    expect(signal === 'SIGINT' || child.exitCode === 143).toBe(true);
  });

  it('tells a person what happens, and how to end at once', async () => {
    const folder = temporaryFolder();
    const child = start(train(folder, '--steps', '1000000'));
    const ended = finished(child);
    await new Promise<void>((resolve) =>
      child.stderr.on('data', (text: string) => {
        if (text.includes('beginning with step 1')) resolve();
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toContain('ending after this step; once more to end at once');
    expect(stdout).toMatch(/^interrupted after [\d,]+ steps/);
    expect(stdout).toContain(`checkpoint of step`);
  });
});

describe('case 46: a training whose output nobody reads any more', () => {
  it('ends after its step, with a checkpoint and the files that were asked for', async () => {
    const folder = temporaryFolder();
    const [checkpoints, out] = [join(folder, 'ck'), join(folder, 'out')];
    const words = train(checkpoints, '--steps', '1000000', '--json', '--out', out).join(' ');
    const command = `"${process.execPath}" "${bin}" ${words} | head -3; echo "\${PIPESTATUS[0]}"`;
    const child = spawn('bash', ['-c', command], { cwd: repository, env: environment });
    const { stdout, stderr } = await finished(child);
    expect(stderr).toBe('');
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBe(4);
    expect(lines.at(-1)).toBe('141');
    expect(newestIn(checkpoints).step).toBeGreaterThan(0);
    expect(existsSync(join(out, 'weights.safetensors'))).toBe(true);
  });
});
