/** The learning-rate range test from the command line, on a parabola of curvature 2: rates above 1 diverge on it. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chainrule, finished, jsonLines, model, repository, start, temporaryFolder } from './run.ts';

const quadratic = join(repository, model('quadratic'));
const sweep = (folder: string, ...words: readonly string[]) => {
  const rows = Array.from({ length: 400 }, (_, i) => {
    const x = i % 2 === 0 ? 1 : -1;
    return `${x},${(3 * x + Math.sin(12.9898 * i) * Math.cos(78.233 * i)).toFixed(4)}`;
  });
  writeFileSync(join(folder, 'line.csv'), `x,y\n${rows.join('\n')}\n`);
  return finished(start(['lr-range', quadratic, '--data', 'csv:line.csv?label=y', ...words], folder));
};

const full = ['--min', '1e-4', '--max', '10', '--steps', '400', '--batch', '400'];

describe('lr-range', () => {
  it('finds the rate above which the loss turns up, and says so', async () => {
    const folder = temporaryFolder();
    const { code, stdout } = await sweep(folder, ...full);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^swept 3\d\d of 400 steps up to a learning rate of [\d.]+, where the loss got out of hand$/m,
    );
    const [, turn = '', max = '', min = ''] =
      /turned up at a learning rate of ([\d.]+)\.\nProposed bounds: max ([\d.]+) .* and min ([\d.]+) /.exec(
        stdout,
      ) ?? [];
    expect(Number(turn)).toBeGreaterThan(0.9);
    expect(Number(turn)).toBeLessThan(1.5);
    expect(Number(max)).toBeCloseTo(0.8 * Number(turn), 1);
    expect(Number(min)).toBeCloseTo(Number(max) / 10, 5);
    expect(stdout).toContain('wrote lr-range.svg');
    const svg = readFileSync(join(folder, 'lr-range.svg'), 'utf8');
    expect(svg).toMatch(/^<svg xmlns=/);
    for (const text of ['Learning-rate range test of quadratic', 'learning rate', `max ${max}`, `min ${min}`])
      expect(svg.includes(`>${text}<`)).toBe(true);
    expect(svg.includes('>accuracy<')).toBe(false);
  });

  it('does so for small batches, a linear sweep and in f64, as JSON', async () => {
    const folder = temporaryFolder();
    const runs = await Promise.all([
      sweep(folder, ...full.slice(0, 6), '--json', '--out', 'a.svg'),
      sweep(
        folder,
        '--linear',
        '--min',
        '0',
        '--max',
        '3',
        '--steps',
        '800',
        '--batch',
        '400',
        '--json',
        '--out',
        'b.svg',
      ),
      sweep(folder, ...full.slice(0, 6), '--dtype', 'f64', '--seed', '3', '--json', '--out', 'new/c.svg'),
    ]);
    const ranges = [
      [0.25, 1.1],
      [0.9, 1.25],
      [0.25, 1.1],
    ] as const;
    runs.forEach(({ code, stdout, stderr }, i) => {
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const lines = jsonLines(stdout);
      const done = lines.at(-1) ?? {};
      expect(done).toMatchObject({
        event: 'done',
        verdict: 'turned',
        interrupted: false,
        steps: lines.length - 1,
      });
      expect(done.turn).toBeGreaterThan(ranges[i]?.[0] ?? 0);
      expect(done.turn).toBeLessThan(ranges[i]?.[1] ?? 0);
      expect(lines[0]).toEqual({ event: 'step', step: 0, lr: expect.any(Number), loss: expect.any(Number) });
      expect(existsSync(join(folder, String(done.file)))).toBe(true);
    });
    const rates = runs.map(({ stdout }) => jsonLines(stdout).map(({ lr }) => Number(lr)));
    expect(rates[0]?.[0]).toBeCloseTo(1e-4, 8);
    expect((rates[2]?.[1] ?? 0) / (rates[2]?.[0] ?? 1)).toBeCloseTo(1e5 ** (1 / 399), 10);
    expect(rates[1]?.[0]).toBe(0);
    expect(rates[1]?.[10]).toBeCloseTo((3 * 10) / 799, 6);
  });

  it('says when the loss never turned up, and when it never fell', async () => {
    const folder = temporaryFolder();
    const [low, high, none] = await Promise.all([
      sweep(folder, '--min', '1e-3', '--max', '0.1', '--steps', '200'),
      sweep(folder, '--min', '2', '--max', '9', '--steps', '200', '--out', 'high.svg'),
      sweep(folder, '--min', '1e-9', '--max', '1e-7', '--steps', '50', '--out', 'none.svg'),
    ]);
    expect(low.stdout).toMatch(/had not turned up at the highest rate, 0\.1: raise --max\./);
    expect(high.stdout).toMatch(/never fell: it rose .* Lower --min\./);
    expect(none.stdout).toMatch(/never fell, nor did it rise: .* Raise --max\./);
    expect([low.code, high.code, none.code]).toEqual([0, 0, 0]);
  });

  it('sweeps its default range in one epoch and draws the accuracy as well', async () => {
    const folder = temporaryFolder();
    const words = ['lr-range', join(repository, model('tiny')), '--batch', '8', '--max', '100', '--json'];
    const { code, stdout } = await finished(start(words, folder));
    expect(code).toBe(0);
    const [first] = jsonLines(stdout);
    expect(first).toEqual({
      event: 'step',
      step: 0,
      lr: expect.closeTo(1e-5, 9),
      loss: expect.any(Number),
      accuracy: expect.any(Number),
    });
    // 1000 records in batches of 8.
    expect((jsonLines(stdout)[1]?.lr as number) / 1e-5).toBeCloseTo(1e7 ** (1 / 124), 3);
    expect(readFileSync(join(folder, 'lr-range.svg'), 'utf8').includes('>accuracy<')).toBe(true);
  });
});

describe('wrong usage of lr-range', () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    [
      'a rate of 0',
      ['--min', '0'],
      'option --min: expected a number above 0, got 0.\n  A sweep by equal ratios',
    ],
    [
      'a rate that f32 takes for 0',
      ['--min', '1e-60'],
      'option --min: expected a number above 0, got 1e-60.',
    ],
    ['a rate below 0', ['--min', '-1', '--linear'], 'option --min: expected a number from 0, got -1.'],
    ['no number', ['--max', 'NaN'], 'option --max: expected a number such as 0.01 or 1e-5, got "NaN".'],
    ['too large a number', ['--max', '1e39'], 'option --max: 1e+39 is too large for f32.'],
    ['an empty range', ['--min', '1', '--max', '1'], 'option --min: 1 is not below --max, which is 1.'],
    [
      'a range upside down',
      ['--max', '1e-6'],
      'option --min: 0.00001 is not below --max, which is 0.000001.',
    ],
    ['too few steps', ['--steps', '9'], 'option --steps: expected a whole number from 10, got "9".'],
    [
      'another kind of file',
      ['--out', 'model.ts'],
      'option --out: expected a file name that ends in .svg, got "model.ts".',
    ],
    ['a batch too large', ['--batch', '65'], 'option --batch: 65 is more than 64'],
  ];

  it.concurrent.each(cases)('%s', async (_title, words, message) => {
    const { code, stdout, stderr } = await chainrule('lr-range', model('tiny'), ...words);
    expect(stderr).toContain(`error[usage]: ${message}`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('tells data and models that cannot be used as the other commands do', async () => {
    const [data, none, missing] = await Promise.all([
      chainrule('lr-range', model('tiny'), '--data', 'csv:nope.csv'),
      chainrule('lr-range', model('line')),
      chainrule('lr-range', model('nope')),
    ]);
    expect(data.stderr).toContain('nope.csv: error[data/file-missing]');
    expect(none.stderr).toContain('error[usage]: the model "line" names no data.');
    expect(missing.stderr).toContain('error[model/missing]');
    expect([data.code, none.code, missing.code]).toEqual([1, 2, 1]);
  });

  it('says that nothing can be drawn when the loss is not finite from the beginning', async () => {
    const { code, stderr } = await chainrule('lr-range', model('logs'), '--steps', '10');
    expect(stderr).toContain('error[train/not-finite]: the loss is not finite from the beginning');
    expect(code).toBe(1);
  });
});
