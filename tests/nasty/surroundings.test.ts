/** Clocks that go wrong, readers that go away, and terminals that can do little. */

import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createProgress } from '../../src/cli/progress.ts';
import { environment, finished, repository } from '../cli/run.ts';
import { type Built, build } from '../process/built.ts';
import { node, temporaryFolder } from '../process/children.ts';

const model = join(repository, 'tests/cli/models/tiny.ts');

let built: Built;
let cli: string;
beforeAll(() => {
  built = build({ withCli: true });
  const text = `import { main } from ${built.url('src/cli/main.ts')};\nawait main(process.argv.slice(2));\n`;
  cli = built.program('cli.js', text);
}, 60_000);
afterAll(() => built.remove());

/** Clocks as modules to be loaded first: only the time of day goes wrong, as it does on machines. */
const clocks: readonly (readonly [string, string])[] = [
  ['goes backwards', 'let t = 1.7e12; Date.now = () => (t -= 5000);'],
  ['stands in 1970', 'Date.now = () => 0;'],
  ['stands before 1970', 'Date.now = () => -1e9;'],
  [
    'jumps by an hour and back, as daylight saving time does',
    'let n = 0; const now = Date.now; Date.now = () => now() + (n++ % 2) * 3600e3;',
  ],
  ['repeats a second, as a leap second does', 'let n = 0; Date.now = () => 1483228799000 + (n++ % 1000);'],
  ['is no number', 'Date.now = () => Number.NaN;'],
  ['stands in the year 275760', 'Date.now = () => 8.64e15;'],
];

/** `Date` itself is to tell the same time as its `now`. */
const preload = (clock: string): string => `${clock}
const Real = Date;
globalThis.Date = class extends Real {
  constructor(...parts) { super(...(parts.length === 0 ? [Real.now()] : parts)); }
};
`;

/** The emitted files of a training, and what it printed but for how long it took. */
async function trained(flags: readonly string[]) {
  const out = temporaryFolder();
  const words = [cli, 'train', model, '--epochs', '2', '--json', '--out', out];
  const lines = (await node(words, { flags })).trimEnd().split('\n');
  const { seconds, ...done } = JSON.parse(lines.pop() ?? '{}');
  const files = ['tiny.trainer.ts', 'weights.safetensors'].map((file) =>
    readFileSync(join(out, file), 'base64'),
  );
  const report = readFileSync(join(out, 'report.html'), 'utf8');
  const time = /<dt>Time<\/dt><dd>([^<]*)</.exec(report)?.[1];
  return { lines, done, files, seconds, time, names: readdirSync(out) };
}

const timed = { seconds: expect.any(Number), time: expect.any(String) };

describe('a clock of the day that', () => {
  let plain: Awaited<ReturnType<typeof trained>> | undefined;

  it.each(clocks)(
    'case 45: %s changes neither steps nor files, and no duration is negative',
    async (_, clock) => {
      plain ??= await trained([]);
      const found = await trained(['--import', built.program('clock.js', preload(clock))]);
      expect(found).toEqual({ ...plain, ...timed });
      expect(found.seconds).toBeGreaterThan(0);
      expect(found.seconds).toBeLessThan(60);
      expect(found.time).toMatch(/^\d+\.\d s, [\d.]+(e\+\d+)? steps\/s$/);
    },
  );
});

/** The lines of progress while the clock of durations shows `times`, one at each look at it. */
function progressAt(times: readonly number[]): string {
  const texts: string[] = [];
  const rest = [...times];
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => rest.shift() ?? times.at(-1) ?? 0);
  const output = vi.spyOn(process.stderr, 'write').mockImplementation((text) => texts.push(String(text)) > 0);
  try {
    const display = createProgress(['loss']);
    for (const step of [1, 2, 3, 4])
      display.update({
        epoch: 1,
        step,
        stepsTotal: 4,
        samplesSeen: step,
        skipped: 0,
        loss: 1,
        learningRate: 1,
      });
    display.stop();
  } finally {
    clock.mockRestore();
    output.mockRestore();
  }
  return texts.join('');
}

it('case 45: the time left is never negative, not even if durations were', () => {
  for (const times of [
    [0, 3000, 6000, 9000, 12_000, 15_000, 18_000, 21_000],
    [9000, 8000, 7000, 6000, 5000, 4000, 3000, 2000],
    [0, 5000, 1000, 90_000, 2000, 180_000, 0, 0],
    [5, 5, 5, 5, 5, 5, 5, 5],
    [0, Number.NaN, Number.NaN, Number.NaN, Number.NaN],
  ]) {
    const text = progressAt(times);
    expect(text, times.join()).toMatch(/^step 4\/4 .* left {2}loss 1\n$/m);
    expect(text, times.join()).not.toMatch(/-\d|Infinity/);
  }
});

it('case 45: an emitted file has no time in it, so that two of them made at any time are equal', async () => {
  const words = [cli, 'compile', model, '-o', '-', '--target', 'wasm'];
  const flags = ['--import', built.program('year.js', preload('Date.now = () => 4e12;'))];
  const code = await node(words, { flags });
  expect(code).toBe(await node(words));
  expect(code).not.toMatch(/\b(?:19|20)\d\d-\d\d|GMT|UTC|Date\b|performance/);
});

describe('a reader that goes away', () => {
  /** Reads the beginning of a stream, closes it, and waits for the end of the program. */
  async function leaving(words: readonly string[], stream: 'stdout' | 'stderr') {
    const child = spawn(process.execPath, [cli, ...words], { cwd: repository, env: environment });
    const end = finished(child);
    child[stream].once('data', () => child[stream].destroy());
    return end;
  }

  it('case 46: ends a training without a trace of EPIPE', async () => {
    const { code, stderr } = await leaving(['train', model, '--steps', '200000', '--json'], 'stdout');
    expect({ code, stderr }).toEqual({ code: 141, stderr: '' });
  });

  it('case 46: ends one whose progress nobody reads any more', async () => {
    const { code, stdout } = await leaving(['train', model, '--steps', '100000000'], 'stderr');
    expect({ code, stdout }).toEqual({ code: 141, stdout: '' });
  });

  it('case 46: ends a prediction and a compilation', async () => {
    for (const words of [
      ['compile', model, '-o', '-'],
      ['train', '--help'],
    ]) {
      const { code, stderr } = await leaving(words, 'stdout');
      // A short text is written before the reader goes.
      expect([0, 141]).toContain(code);
      expect(stderr).toBe('');
    }
  });

  it('case 46: ends what is piped into head', () => {
    const { status, stdout, stderr } = spawnSync(
      'bash',
      [
        '-o',
        'pipefail',
        '-c',
        '"$0" "$1" train "$2" --steps 100000 --json | head -n 2',
        process.execPath,
        cli,
        model,
      ],
      { cwd: repository, encoding: 'utf8', env: environment },
    );
    expect(stdout.split('\n').map((line) => line.slice(0, 15))).toEqual([
      '{"event":"step"',
      '{"event":"step"',
      '',
    ]);
    expect({ status, stderr }).toEqual({ status: 141, stderr: '' });
  });
});

/** What a training writes to a terminal of that kind: `script` gives it one, its two streams as one. */
function onTerminal(env: { readonly [name: string]: string }): string {
  const folder = temporaryFolder();
  const command = `stty cols 100; "${process.execPath}" "${cli}" train "${model}" --steps 20000`;
  const { NO_COLOR: _, ...colored } = environment;
  const { stdout, status } = spawnSync('script', ['-qec', command, join(folder, 'typescript')], {
    cwd: repository,
    encoding: 'utf8',
    env: { ...colored, ...env },
  });
  expect(status).toBe(0);
  return stdout;
}

const escapeCode = '\u001b';
const hasScript = spawnSync('script', ['--version']).status === 0;

describe('a terminal', () => {
  it('case 46: is there to be tried', () => {
    // On systems without `script` the cases below would show nothing.
    expect(hasScript || process.platform !== 'linux').toBe(true);
  });

  it('case 46: that is capable has a bar, and gets its cursor back', () => {
    if (!hasScript) return;
    const text = onTerminal({ TERM: 'xterm-256color' });
    expect(text).toMatch(/[█░]+.* steps\/s .* left/);
    expect(text.lastIndexOf(`${escapeCode}[?25h`)).toBeGreaterThan(text.lastIndexOf(`${escapeCode}[?25l`));
    expect(text).toContain('trained 20,000 steps');
  });

  it.each([{ TERM: 'dumb' }, { TERM: 'dumb', NO_COLOR: '1' }])(
    'case 46: of %j has lines, and no sequences',
    (env) => {
      if (!hasScript) return;
      const text = onTerminal(env);
      expect(text).not.toContain(escapeCode);
      expect(text).not.toMatch(/[█░]/);
      expect(text).toMatch(/^step 20,000\/20,000 {2}epoch \d+ .* 0:00 left {2}loss/m);
      expect(text).toContain('trained 20,000 steps');
    },
  );

  it('case 46: none at all has lines as well', async () => {
    const child = spawn(process.execPath, [cli, 'train', model, '--steps', '50'], {
      cwd: repository,
      env: environment,
    });
    child.stdin.end();
    const { code, stdout, stderr } = await finished(child);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^step 50\/50 .*\n$/);
    expect(stdout + stderr).not.toContain(escapeCode);
  });
});
