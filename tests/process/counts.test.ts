/** The counts of a run are held to their floors, and nothing passes by not being counted. */

import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { finished, repository } from '../cli/run.ts';
import { addCounts, readCounts } from '../counts.ts';
import { temporaryFolder } from './children.ts';

const script = join(repository, '.ci', 'counts.mjs');

/** Holds `lines` to `floors`; gives the exit code, what is printed and the checks that are noted. */
async function hold(lines: readonly object[], floors: object) {
  const folder = temporaryFolder();
  const [counts, limits, checks] = ['counts.jsonl', 'floors.json', 'checks.txt'].map((name) =>
    join(folder, name),
  );
  writeFileSync(counts ?? '', lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  writeFileSync(limits ?? '', JSON.stringify({ counts: floors }));
  writeFileSync(checks ?? '', '');
  const words = [script, counts ?? '', limits ?? '', checks ?? ''];
  const { code, stdout } = await finished(spawn(process.execPath, words));
  return { code, stdout, checks: readFileSync(checks ?? '', 'utf8') };
}

const lines = [
  { area: 'graphs', counts: { graphs: 3, 'worst error': 2 } },
  { area: 'graphs', counts: { graphs: 4, 'worst error': 1 } },
];

it('sums what several files report, and keeps the worst', async () => {
  const floors = { graphs: { graphs: { least: 7, most: 7 }, 'worst error': { least: 2, most: 2 } } };
  const { code, checks } = await hold(lines, floors);
  expect(code).toBe(0);
  expect(checks).toBe('passed\tcounts\tgraphs: graphs\npassed\tcounts\tgraphs: worst error\n');
});

it.each([
  ['too few', { graphs: { graphs: { least: 8 } } }],
  ['too many', { graphs: { 'worst error': { most: 1.5 } } }],
  ['nothing of a name', { graphs: { others: { least: 1 } } }],
  ['nothing of an area', { pairs: { '*': { least: 1 } } }],
  ['nothing of an area, of which there must be little', { pairs: { skipped: { most: 1 } } }],
  ['one name of all that falls below', { graphs: { '*': { least: 3 } } }],
])('fails for %s', async (_what, floors) => {
  const { code, checks } = await hold(lines, floors);
  expect(code).toBe(1);
  expect(checks).toMatch(/^failed\tcounts\t/);
});

it('the same sums are made of counts in tests', () => {
  const file = join(temporaryFolder(), 'counts.jsonl');
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  expect(readCounts(file)).toEqual({ graphs: { graphs: 7, 'worst error': 2 } });
  expect(addCounts({ a: { x: 1 } }, { b: { y: 2 } })).toEqual({ a: { x: 1 }, b: { y: 2 } });
});
