/** What the command line prints: no name, path, cell or argument steers the terminal, or writes a line of its own. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { CompileError } from '../../ir/errors.ts';
import { commands } from '../../src/cli/commands.ts';
import { usageError } from '../../src/cli/failure.ts';
import { metricTable } from '../../src/cli/metric-table.ts';
import { print, printJson, printWarnings, reportError, shortPath, shown } from '../../src/cli/output.ts';
import { parse } from '../../src/cli/parser.ts';
import { jsonLine, plain, plainLines } from '../../src/cli/plain.ts';
import { createProgress } from '../../src/cli/progress.ts';
import { loadData } from '../../src/data/spec.ts';
import { loadModel } from '../../src/load-model.ts';
import { InputError } from '../../src/runtime/errors.ts';
import { publishCounts } from '../counts.ts';
import { hostileNames, limit, unsafeIn } from './names.ts';
import { assertNoPoisoning } from './poisoning.ts';

const names = hostileNames();
const counted = new Map<string, number>();
const folder = mkdtempSync(join(tmpdir(), 'chainrule-terminal-'));

vi.setConfig({ testTimeout: limit });

afterEach(() => {
  vi.restoreAllMocks();
  assertNoPoisoning();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  publishCounts('injection', Object.fromEntries(counted));
});

/** What is written to both streams while `run` runs, with its one last line break. */
async function printed(run: () => unknown): Promise<string> {
  const texts: string[] = [];
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      texts.push(String(text));
      return true;
    });
  try {
    await run();
  } finally {
    vi.restoreAllMocks();
  }
  return texts.join('');
}

/** Printed as one message: its first line, and indented ones. */
async function expectOneMessage(run: () => unknown, what: string): Promise<string> {
  const text = await printed(run);
  expect(unsafeIn(text), what).toBeUndefined();
  expect(text.endsWith('\n'), what).toBe(true);
  const [, ...rest] = text.trimEnd().split('\n');
  expect(
    rest.filter((line) => !line.startsWith('  ')),
    what,
  ).toEqual([]);
  return text;
}

/** Reports what `run` throws, or what it promises to throw. */
const reported = (run: () => unknown) => async (): Promise<void> => {
  try {
    await run();
  } catch (thrown) {
    reportError(thrown);
    return;
  }
  throw new Error('Nothing was thrown.');
};

describe('a text made plain', () => {
  it('holds nothing that steers a terminal, and is as it was where it held none', () => {
    for (const name of names) {
      expect(unsafeIn(plainLines(name)), JSON.stringify(name)).toBeUndefined();
      expect(plain(name)).not.toMatch(/[\n\r]/);
      expect(plain(plain(name))).toBe(plain(name));
      if (unsafeIn(name) === undefined && !name.includes('\n')) expect(plain(name)).toBe(name);
    }
  });

  it('spells out a sequence that would look like a colour of ours', () => {
    expect(shown('\u001b[31mred\u001b[39m')).toBe('\\u001b[31mred\\u001b[39m');
    expect(plain('a\u202eb\u009b1mc\u{e0041}')).toBe('a\\u202eb\\u009b1mc\\udb40\\udc41');
    expect(plain('naïve 日本 😀 é')).toBe('naïve 日本 😀 é');
  });
});

it('lines of JSON are one line each, and read back as the same text', async () => {
  for (const name of names) {
    const value = { event: name, [name]: 1.5, list: [name], __proto__: null };
    const text = await printed(() => printJson(value));
    expect(unsafeIn(text), JSON.stringify(name)).toBeUndefined();
    expect(text.indexOf('\n')).toBe(text.length - 1);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    expect(Object.keys(JSON.parse(text))).toContain(name);
    expect(unsafeIn(jsonLine(name))).toBeUndefined();
    expect(JSON.parse(jsonLine(name))).toBe(name);
  }
  counted.set('JSON', names.length);
});

it('errors of every kind are one message each', async () => {
  for (const name of names) {
    const what = JSON.stringify(name);
    const site = { file: `/${name}/model.ts`, line: 3 };
    const diagnostic = {
      code: 'name/invalid',
      severity: 'error',
      message: name,
      help: 'Help.',
      site,
    } as const;
    const compileError = new CompileError(diagnostic);
    const found = new InputError({ code: 'data/csv', message: name, help: 'Help.', at: `${name}:1:2` });
    for (const error of [compileError, found, usageError(name, 'Help.')])
      await expectOneMessage(() => reportError(error), what);
    await expectOneMessage(() => printWarnings([{ ...diagnostic, severity: 'warning' }]), what);
    expect(unsafeIn(await printed(() => reportError(new Error(name))))).toBeUndefined();
    expect(unsafeIn(shortPath(`/x/${name}`)) ?? plain(shortPath(name))).toBe(shortPath(name));
  }
  counted.set('errors', 5 * names.length);
});

it('what is not known on the command line, in a data spec or in a folder is told as one message', async () => {
  const version = '1.0.0';
  for (const name of names.filter((each) => !commands.some((command) => command.name === each))) {
    const what = JSON.stringify(name);
    if (!/^-[hv]$|^--(?:help|version)$|^help$/.test(name))
      await expectOneMessage(
        reported(() => parse(commands, [name], { version })),
        what,
      );
    const wrong = [`--${name}x`, '--steps', name];
    await expectOneMessage(
      reported(() => parse(commands, ['train', 'm.ts', ...wrong], { version })),
      what,
    );
    for (const spec of [
      `x${name}`,
      `moons?${name}x=1`,
      `moons?count=x${name}`,
      `csv:${folder}/x${name}/no?label=a`,
    ])
      await expectOneMessage(
        reported(() => loadData(spec, { dtype: 'f32' })),
        what,
      );
    if (!name.includes('\0'))
      await expectOneMessage(
        reported(() => loadModel(`x${name}`, folder)),
        what,
      );
  }
  counted.set('arguments', 6 * names.length);
});

it('cells and headers of a CSV file are told as one message', async () => {
  const path = join(folder, 'data.csv');
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const load = (content: string, query: string) => {
    writeFileSync(path, content);
    return loadData(`csv:${path}?${query}`, { dtype: 'f32' });
  };
  for (const name of names) {
    const what = JSON.stringify(name);
    const header = `${quoted(`x${name}`)},y\n`;
    await expectOneMessage(
      reported(() => load(`${header}${quoted(`x${name}`)},1\n`, 'label=y')),
      what,
    );
    await expectOneMessage(
      reported(() => load(`${header}1,1\n`, 'label=nothing')),
      what,
    );
    await expectOneMessage(
      reported(() => load(`${quoted(`x${name}`)},${header}1,2,3\n`, 'label=y')),
      what,
    );
  }
  counted.set('CSV', 3 * names.length);
});

it('tables and progress stay in their lines', async () => {
  for (const name of names.filter((each) => each !== 'loss' && each !== 'learningRate')) {
    const metrics = { loss: 1, [name]: 2 };
    const table = await printed(() => {
      for (const line of metricTable([['train', metrics]])) print(line);
    });
    expect(unsafeIn(table), JSON.stringify(name)).toBeUndefined();
    expect(table.split('\n')).toHaveLength(3);
    const step = { step: 5, stepsTotal: 5, epoch: 1, samplesSeen: 1, skipped: 0, learningRate: 1 };
    const line = await printed(() => createProgress([name]).update({ ...metrics, ...step }));
    expect(unsafeIn(line), JSON.stringify(name)).toBeUndefined();
    expect(line).toMatch(/^step 5\/5 .*\n$/);
  }
  counted.set('tables', names.length);
});
