/** What XLA makes of exported steps, on one device, on eight, and on two processes: the losses of our own runtime. */

import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishCounts } from '../counts.ts';
import { runPython, startPython, whyLeftOut } from './python.ts';
import {
  driveWords,
  type Exported,
  exported,
  launcher,
  lossesIn,
  newFolder,
  ourLosses,
  perTraining,
  removeFolder,
  stepsIn,
  type Told,
  toldIn,
  trainings,
  worstDifference,
} from './trainings.ts';

const all = Object.values(trainings);
const steps = 200;
const folder = newFolder();
afterAll(() => removeFolder(folder));

describe.skipIf(whyLeftOut !== '')(`a training by XLA${whyLeftOut}`, { timeout: 180_000 }, () => {
  const exports = new Map<string, Exported>();
  const expected = new Map<string, readonly number[]>();
  const wordsOf = (name: string): readonly string[] => exports.get(name)?.words ?? [];

  beforeAll(async () => {
    for (const training of all) {
      exports.set(training.name, await exported(training, folder));
      expected.set(training.name, await ourLosses(training, steps));
    }
  }, 60_000);

  it.each([1, 8])('on %i devices has the losses of our runtime, step by step', async (devices) => {
    const lists = all.map(({ name }) => [...wordsOf(name), '--steps', String(steps)]);
    const { stdout, stderr } = await runPython(driveWords(folder, lists), devices);
    const told = perTraining(toldIn(stdout));
    expect(told, stderr).toHaveLength(all.length);
    all.forEach(({ name, dtype }, i) => {
      const losses = lossesIn(told[i] ?? []);
      const done = told[i]?.find(({ event }) => event === 'done');
      expect(losses, name).toHaveLength(steps);
      expect(done, name).toMatchObject({ steps, devices });
      const worst = worstDifference(expected.get(name) ?? [], losses);
      expect(worst, name).toBeLessThan(dtype === 'f64' ? 1e-11 : 1e-5);
      expect(worst, `${name} is computed by another`).toBeGreaterThan(0);
      publishCounts('scale', {
        trainings: 1,
        steps: losses.length,
        [`worst of 1e9 in ${dtype}`]: worst * 1e9,
      });
    });
  });

  it('says that it differs when it does: another seed has other losses', async () => {
    const { name } = trainings.dropout;
    const words = [...wordsOf(name), '--steps', '20', '--seed', '4'];
    const { stdout } = await runPython([launcher, ...words]);
    expect(worstDifference(lossesIn(toldIn(stdout)), expected.get(name) ?? [])).toBeGreaterThan(1e-2);
  });

  it('takes .npz and .csv as well, and refuses what the model cannot take', async () => {
    const { name } = trainings.page;
    const [step = '', , file = ''] = wordsOf(name);
    const { code, stderr } = await runPython([fileURLToPath(new URL('./tables.py', import.meta.url)), file]);
    expect(code, stderr).toBe(0);
    const table = file.replace(/safetensors$/, 'csv');
    const lists = [
      [step, '--data', file.replace(/safetensors$/, 'npz'), '--steps', '10'],
      [step, '--data', table, '--label', 'kind', '--steps', '10'],
      [step, '--data', table, '--steps', '10'],
      [step, '--data', join(folder, 'z-score-nesterov.data.safetensors'), '--steps', '10'],
    ];
    const { stdout } = await runPython(driveWords(folder, lists));
    const [arrays, rows, wrong, other] = perTraining(toldIn(stdout));
    for (const told of [arrays, rows])
      expect(worstDifference((expected.get(name) ?? []).slice(0, 10), lossesIn(told ?? []))).toBeLessThan(
        1e-5,
      );
    for (const told of [wrong, other]) expect(told).toMatchObject([{ event: 'exit', code: 1 }]);
    expect(stdout).toContain("'y' in ");
    expect(stdout).toContain('takes classes 0 to 1');
  });

  it('makes steps of fewer records than a batch, and says what was not exported for them', async () => {
    const few = { ...trainings.page, name: 'few', data: 'moons?count=20' };
    const { words } = await exported(few, folder);
    const [step = ''] = wordsOf(trainings.page.name);
    const lists = [
      [...words, '--steps', '5'],
      [step, ...words.slice(1), '--steps', '5'],
    ];
    const { stdout } = await runPython(driveWords(folder, lists));
    const [told, refused] = perTraining(toldIn(stdout));
    expect(worstDifference(await ourLosses(few, 5), lossesIn(told ?? []))).toBeLessThan(1e-5);
    expect(refused).toMatchObject([{ event: 'exit', code: 1 }]);
    expect(stdout).toContain('export with --records');
  });

  describe('of two processes', () => {
    const { name } = trainings.dropout;
    const until = 60;
    let uninterrupted: readonly Told[] = [];

    it('has the losses of our runtime as well', async () => {
      const { told, codes } = await twoProcesses([...wordsOf(name), '--steps', String(until)]);
      expect(codes).toEqual([0, 0]);
      expect(told.find(({ event }) => event === 'done')).toMatchObject({ steps: until, devices: 2 });
      expect(lossesIn(told)).toHaveLength(until);
      expect(worstDifference(lossesIn(told), expected.get(name) ?? [])).toBeLessThan(1e-5);
      uninterrupted = told;
    });

    it('loses nothing but the steps since its last checkpoint when one of them is killed, and then the other', async () => {
      const checkpoints = join(folder, 'killed');
      const words = [
        ...wordsOf(name),
        '--steps',
        String(until),
        '--checkpoint',
        checkpoints,
        '--every',
        '10',
      ];
      const once = await twoProcesses(words, { at: '"checkpoint", "steps": 20', killed: 1 });
      // Neither can go on without the other.
      expect(once.codes).not.toContain(0);
      // The first holds the lock on the checkpoints, and writes them.
      const twice = await twoProcesses([...words, '--resume'], {
        at: '"checkpoint", "steps": 40',
        killed: 0,
      });
      expect(twice.codes).not.toContain(0);
      goesOn(twice.told, lastCheckpoint(once.told));
      const { told, codes, stderr } = await twoProcesses([...words, '--resume']);
      expect(codes, stderr).toEqual([0, 0]);
      goesOn(told, lastCheckpoint(twice.told));
      expect(stepsIn(told).at(-1)).toBe(until - 1);
    });

    it('ends at once when the first refuses to begin', async () => {
      const checkpoints = join(folder, 'killed');
      const words = [...wordsOf(name), '--steps', String(until), '--checkpoint', checkpoints];
      const { codes, stderr } = await twoProcesses(words);
      expect(codes).not.toContain(0);
      expect(stderr).toContain('--resume goes on from them');
    });

    /** From the last checkpoint or a later one that nobody lived to tell of, with the bits of what was never stopped. */
    function goesOn(told: readonly Told[], last: number): void {
      const [{ event, steps: from = -1 } = { event: 'nothing' }] = told;
      expect(event).toBe('resumed');
      expect(from).toBeGreaterThanOrEqual(last);
      const made = stepsIn(told);
      expect(made).toEqual(made.map((_, i) => from + i));
      expect(lossesIn(told)).toEqual(lossesIn(uninterrupted).slice(from, from + made.length));
    }
  });
});

const lastCheckpoint = (told: readonly Told[]): number =>
  Math.max(...told.flatMap(({ event, steps: at }) => (event === 'checkpoint' && at ? [at] : [])));

/** Two processes that train together, until one is killed once the first has told of something. */
async function twoProcesses(
  words: readonly string[],
  kill?: { readonly at: string; readonly killed: 0 | 1 },
) {
  const coordinator = `127.0.0.1:${await freePort()}`;
  const [first, second] = [0, 1].map((id) =>
    startPython([
      launcher,
      ...words,
      ...['--processes', '2', '--process-id', String(id), '--coordinator', coordinator, '--heartbeat', '10'],
    ]),
  );
  if (first === undefined || second === undefined) throw new Error('two processes were not started');
  if (kill !== undefined) {
    await first.saw(kill.at);
    (kill.killed === 0 ? first : second).kill('SIGKILL');
  }
  const ends = await Promise.all([first.ended, second.ended]);
  return {
    told: toldIn(ends[0].stdout),
    codes: ends.map(({ code }) => code),
    stderr: ends.map(({ stderr }) => stderr).join('\n'),
  };
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null
          ? resolve(address.port)
          : reject(new Error('there is no free port')),
      );
    });
  });
