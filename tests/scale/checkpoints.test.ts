/** Checkpoints are one format: what scale/run.py writes our runtime goes on from, and the other way round. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFolder } from '../../src/checkpoint/index.ts';
import { decodeCheckpoint } from '../../src/runtime/checkpoint/checkpoint.ts';
import { fileOf } from '../../src/runtime/checkpoint/file-names.ts';
import { fitWithCheckpoints } from '../../src/runtime/checkpoint/fit.ts';
import { runPython, startPython, whyLeftOut } from './python.ts';
import {
  driveWords,
  exported,
  launcher,
  lossesIn,
  newFolder,
  ourLosses,
  ours,
  perTraining,
  removeFolder,
  stepsIn,
  toldIn,
  trainings,
  worstDifference,
} from './trainings.ts';

const training = trainings.dropout;
const { batch } = training;
const folder = newFolder();
afterAll(() => removeFolder(folder));
const at = (name: string): string => join(folder, name);

/** Makes the steps up to `steps` here, and gives their losses. */
async function trainHere(name: string, steps: number, resume: boolean): Promise<readonly number[]> {
  const { trainer, data } = await ours(training);
  const store = openFolder(at(name));
  const losses: number[] = [];
  try {
    const made = fitWithCheckpoints(trainer, data, { steps, batch }, { store, every: 30, resume });
    for await (const { loss } of made) losses.push(loss);
  } finally {
    await store.close();
  }
  return losses;
}

describe.skipIf(whyLeftOut !== '')(`checkpoints of scale/run.py${whyLeftOut}`, { timeout: 120_000 }, () => {
  let words: readonly string[] = [];
  let other = '';
  let expected: readonly number[] = [];
  /** Makes trainings in one process, each with words of its own. */
  async function trainThere(lists: readonly (readonly string[])[]) {
    const made = lists.map((list) => [...words, ...list]);
    const { stdout } = await runPython(driveWords(folder, made));
    return perTraining(toldIn(stdout)).map((told, i) => ({
      told,
      code: told.find(({ event }) => event === 'exit')?.code,
      text: stdout.split('"event": "training"')[i + 1] ?? '',
    }));
  }
  const from = (name: string): readonly string[] => ['--checkpoint', at(name), '--every', '30'];

  beforeAll(async () => {
    words = (await exported(training, folder)).words;
    const noisier = { ...training, name: 'noisier', data: 'moons?count=600&noise=0.3' };
    other = (await exported(noisier, folder)).words.at(-1) ?? '';
    expected = await ourLosses(training, 100);
    await trainHere('ours', 70, false);
    await trainHere('damaged', 70, false);
  }, 60_000);

  it('are gone on from by our runtime, and are weights for predictions', async () => {
    await trainThere([['--steps', '70', ...from('theirs')]]);
    const bytes = new Uint8Array(readFileSync(join(at('theirs'), fileOf(70))));
    const mine = new Uint8Array(readFileSync(join(at('ours'), fileOf(70))));
    const { tensors: _, ...facts } = decodeCheckpoint(bytes);
    const { tensors: __, ...wanted } = decodeCheckpoint(mine);
    expect(facts).toEqual(wanted);
    const { trainer } = await ours(training);
    trainer.load(bytes, { parametersOnly: true });
    const { probabilities } = trainer.predict({ x: [1, 0, -1, 0.5] });
    trainer.load(mine, { parametersOnly: true });
    const { probabilities: same } = trainer.predict({ x: [1, 0, -1, 0.5] });
    expect(worstDifference([...(same ?? [])], [...(probabilities ?? [])])).toBeLessThan(1e-4);
    const losses = await trainHere('theirs', 100, true);
    expect(losses).toHaveLength(30);
    expect(worstDifference(expected.slice(70), losses)).toBeLessThan(1e-5);
  });

  it('are gone on from there when our runtime has written them, unless something is other than it was', async () => {
    const newest = join(at('damaged'), fileOf(70));
    const bytes = readFileSync(newest);
    bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 1;
    writeFileSync(newest, bytes);
    const held = openFolder(at('held'));
    const [occupied, seed, table, order, locked, damaged, resumed] = await trainThere([
      ['--steps', '100', ...from('ours')],
      ['--steps', '100', ...from('ours'), '--resume', '--seed', '9'],
      ['--data', other, '--steps', '100', ...from('ours'), '--resume'],
      ['--steps', '100', ...from('ours'), '--resume', '--no-shuffle'],
      ['--steps', '100', ...from('held')],
      ['--steps', '100', ...from('damaged'), '--resume'],
      ['--steps', '100', ...from('ours'), '--resume'],
    ]);
    await held.close();
    expect(occupied).toMatchObject({ code: 1, text: expect.stringContaining('--resume goes on from them') });
    expect(seed).toMatchObject({ code: 1, text: expect.stringContaining('seed is 9 instead of 3') });
    expect(table).toMatchObject({ code: 1, text: expect.stringContaining('data is') });
    expect(order).toMatchObject({
      code: 1,
      text: expect.stringContaining('shuffle is False instead of True'),
    });
    expect(locked).toMatchObject({ code: 1, text: expect.stringContaining(`process ${process.pid} of`) });
    expect(damaged?.text).toContain('it is damaged');
    expect(stepsIn(damaged?.told ?? [])[0]).toBe(60);
    expect(worstDifference(expected.slice(60), lossesIn(damaged?.told ?? []))).toBeLessThan(1e-5);
    expect(stepsIn(resumed?.told ?? [])[0]).toBe(70);
    expect(lossesIn(resumed?.told ?? [])).toHaveLength(30);
    expect(worstDifference(expected.slice(70), lossesIn(resumed?.told ?? []))).toBeLessThan(1e-5);
  });

  it('are written at the end of a step that a signal has made the last', async () => {
    const running = startPython([launcher, ...words, '--steps', '1000000', ...from('stopped')]);
    await running.saw('"step": 35,');
    running.kill('SIGTERM');
    const { code, stdout } = await running.ended;
    expect(code).toBe(143);
    const told = toldIn(stdout);
    const made = stepsIn(told).length;
    expect(told.filter(({ event }) => event === 'checkpoint').at(-1)).toMatchObject({ steps: made });
    // The lock is gone with the process, and what it has written is whole.
    await expect(trainHere('stopped', made + 1, true)).resolves.toHaveLength(1);
  });
});
