/** Trainings from the command line: what they print, what they leave, and how they are ended. */

import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  bin,
  chainrule,
  environment,
  finished,
  jsonLines,
  model,
  repository,
  start,
  temporaryFolder,
} from './run.ts';

const isMetrics = { loss: expect.any(Number), accuracy: expect.any(Number) };

describe('train --json', () => {
  it('prints one object per step, counted from 0, and one at the end', async () => {
    const { code, stdout, stderr } = await chainrule('train', model('tiny'), '--epochs', '2', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = jsonLines(stdout);
    const steps = lines.slice(0, -1);
    expect(steps.length).toBe(2 * Math.ceil(1000 / 32));
    steps.forEach((line, step) => {
      expect(line).toEqual({ event: 'step', step, lr: expect.closeTo(0.5), ...isMetrics });
      expect(Object.keys(line)).toEqual(['event', 'step', 'loss', 'lr', 'accuracy']);
    });
    const done = { event: 'done', steps: steps.length, seconds: expect.any(Number) };
    expect(lines.at(-1)).toEqual({ ...done, train: isMetrics, test: isMetrics });
  });

  it('gives the same numbers for the same seed, and others for another', async () => {
    const run = async (...more: readonly string[]) =>
      (await chainrule('train', model('tiny'), '--steps', '5', '--json', ...more)).stdout
        .split('\n')
        .slice(0, 5);
    const [first, again, other, ordered] = await Promise.all([
      run(),
      run('--seed', '0'),
      run('--seed', '1'),
      run('--no-shuffle'),
    ]);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(ordered).not.toEqual(first);
  });

  it('trains in f64 with all digits', async () => {
    const { stdout } = await chainrule('train', model('tiny'), '--steps', '1', '--dtype', 'f64', '--json');
    const loss = jsonLines(stdout)[0]?.loss;
    expect(Math.fround(Number(loss))).not.toBe(loss);
  });

  it('has no test metrics where there are no test data', async () => {
    const { stdout } = await chainrule(
      'train',
      model('tiny'),
      '--data',
      'moons?count=64&test=0',
      '--steps',
      '2',
      '--json',
    );
    expect(jsonLines(stdout).at(-1)).toMatchObject({ event: 'done', steps: 2, test: null });
  });
});

describe('train, eval and predict', () => {
  it('fit together by the files that --out leaves', async () => {
    const out = join(temporaryFolder(), 'new', 'run');
    const trained = await chainrule('train', model('tiny'), '--epochs', '5', '--out', out);
    expect(trained.code).toBe(0);
    expect(trained.stdout).toMatch(/^trained 160 steps in /);
    expect(trained.stdout).toMatch(/^ {2}test .*%$/m);
    expect(readdirSync(out).sort()).toEqual(['report.html', 'tiny.trainer.ts', 'weights.safetensors']);
    const report = readFileSync(join(out, 'report.html'), 'utf8');
    for (const title of ['tiny: training report', '<h2>Confusion matrix', '<h2>Decision boundary'])
      expect(report.includes(title)).toBe(true);
    expect(trained.stdout).toMatch(/^wrote .*, .* and .*report\.html$/m);
    expect(readFileSync(join(out, 'tiny.trainer.ts'), 'utf8')).toContain('export const layout');

    const weights = ['--weights', join(out, 'weights.safetensors'), '--data', 'moons'];
    const [plain, json, classes, records, resumed] = await Promise.all([
      chainrule('eval', model('tiny'), ...weights),
      chainrule('eval', model('tiny'), ...weights, '--json'),
      chainrule('predict', model('tiny'), ...weights),
      chainrule('predict', model('tiny'), ...weights, '--json'),
      chainrule('train', model('tiny'), '--init', join(out, 'weights.safetensors'), '--steps', '0', '--json'),
    ]);
    const numbers = /^ {2}(test .*)$/m.exec(trained.stdout)?.[1]?.replace(/ +/g, ' ');
    expect(plain.stdout.replace(/ +/g, ' ')).toContain(numbers);
    const [evaluation] = jsonLines(json.stdout);
    expect(evaluation).toEqual({ event: 'eval', train: isMetrics, test: isMetrics });
    expect(jsonLines(resumed.stdout)).toMatchObject([{ train: evaluation?.train, test: evaluation?.test }]);

    const lines = classes.stdout.trimEnd().split('\n');
    expect(lines.length).toBe(250);
    expect([...new Set(lines)].sort()).toEqual(['0', '1']);
    const predictions = jsonLines(records.stdout);
    expect(predictions.map(({ label }) => label)).toEqual(lines);
    const outputs = { probabilities: [expect.any(Number), expect.any(Number)] };
    expect(predictions[7]).toEqual({ event: 'prediction', index: 7, outputs, label: lines[7] });
  });
});

describe('a training that is ended early', () => {
  it('stops after the step on Ctrl-C and still saves', async () => {
    const out = temporaryFolder();
    const child = start(['train', model('tiny'), '--steps', '1000000000', '--json', '--out', out]);
    const result = finished(child);
    child.stdout.once('data', () => child.kill('SIGINT'));
    const { code, stdout, stderr } = await result;
    expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
    const lines = jsonLines(stdout);
    expect(lines.at(-1)).toMatchObject({ event: 'done', steps: lines.length - 1 });
    expect(existsSync(join(out, 'weights.safetensors'))).toBe(true);
    const report = readFileSync(join(out, 'report.html'), 'utf8');
    expect(report.includes('The training was interrupted before its end.')).toBe(true);
  });

  it('ends quietly when its output is closed', async () => {
    const command = `"${process.execPath}" "${bin}" train ${model('tiny')} --steps 20000 --json | head -1`;
    const child = spawn('sh', ['-c', command], { cwd: repository, env: environment });
    const { stdout, stderr } = await finished(child);
    expect(stderr).toBe('');
    expect(jsonLines(stdout)).toMatchObject([{ event: 'step', step: 0 }]);
  });
});
