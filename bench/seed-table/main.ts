/** Trains every example of the chapters and writes what came out beside what the seed reports. */

import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Dataset } from '../../src/data/dataset.ts';
import { loadData } from '../../src/data/spec.ts';
import { measure } from './measure.ts';
import { documentOf, injected, tableOf } from './render.ts';
import { type Result, type Results, readResults, settings, writeResults } from './results.ts';
import { findRows, orphans, pathOf, type Row } from './rows.ts';

const usage = `npm run seed-table -- [--steps N] [--only TEXT] [--data digits]

Trains the examples of all chapters on MNIST and writes docs/seed-results.md, the tables of the chapters' READMEs, and
bench/seed-table/results.json, from which both are made. MNIST is read from the folder CHAINRULE_MNIST if that is set,
and from the cache or the network otherwise; where it cannot be had, the digits that the project draws itself are taken.

  --steps N      steps of every network, in place of 200 (chapter 3: 60; batch normalization: 1,500)
  --only TEXT    the rows whose name has TEXT in it, such as 09 or optimization/adam; the others keep their results
  --data digits  a trial on the project's own digits: prints the table and writes nothing
  --render       writes the documents anew from the results there are, and trains nothing`;

interface Options {
  readonly steps: number | undefined;
  readonly only: string;
  readonly trial: boolean;
  readonly render: boolean;
}

export async function main(words: readonly string[]): Promise<void> {
  const options = parse(words);
  if (options === undefined) {
    console.error(usage);
    process.exitCode = 2;
    return;
  }
  const rows = findRows();
  for (const key of orphans(rows)) throw new Error(`The seed's figure of ${key} has no example.`);
  if (options.render) return writeDocuments(rows, readResults());
  const chosen = rows.filter(({ key }) => key.includes(options.only));
  const failures = chosen.length === 0 ? [`No row has "${options.only}" in its name.`] : [];
  const images = chosen.length === 0 ? undefined : await readImages(options.trial);
  if (images !== undefined) {
    const ran = await runAll(chosen, images, options);
    if (options.trial) console.log(`\n${tableOf(chosen, ran.results)}`);
    else writeDocuments(rows, ran.results);
    failures.push(...ran.failures);
  }
  for (const failure of failures) console.error(failure);
  if (failures.length > 0 || images === undefined) process.exitCode = 1;
}

function parse(words: readonly string[]): Options | undefined {
  const given = new Map<string, string>();
  for (let i = 0; i < words.length; i++) {
    const name = words[i] ?? '';
    if (given.has(name)) return undefined;
    given.set(name, name === '--render' ? 'yes' : (words[++i] ?? ''));
  }
  const known = ['--steps', '--only', '--data', '--render'];
  if ([...given].some(([name, value]) => !known.includes(name) || value === '')) return undefined;
  const steps = given.get('--steps');
  const data = given.get('--data');
  if (steps !== undefined && !/^[1-9]\d{0,6}$/.test(steps)) return undefined;
  if (data !== undefined && data !== 'digits') return undefined;
  return {
    steps: steps === undefined ? undefined : Number(steps),
    only: given.get('--only') ?? '',
    trial: data === 'digits',
    render: given.has('--render'),
  };
}

/** Undefined where the folder that was named has no MNIST: whoever names one does not want other data. */
async function readImages(trial: boolean): Promise<Dataset | undefined> {
  const { dtype } = settings;
  const folder = process.env.CHAINRULE_MNIST;
  if (trial) return loadData('digits', { dtype });
  try {
    return await loadData(folder ? `mnist:${folder}` : 'mnist', { dtype });
  } catch (thrown) {
    console.error(`MNIST cannot be had: ${messageOf(thrown)}`);
    if (folder) return undefined;
    console.error('The digits that the project draws itself are taken instead.');
    return loadData('digits', { dtype });
  }
}

/** One row after the other. Results are kept after each, so that a run that is broken off has not been for nothing. */
async function runAll(rows: readonly Row[], images: Dataset, { steps, trial }: Options) {
  let results: Results = trial ? {} : readResults();
  const failures: string[] = [];
  for (const row of rows) {
    const result = await runRow(row, images, steps);
    results = { ...results, [row.key]: result };
    if (!trial) writeResults(results);
    if ('failed' in result) failures.push(`${row.key} failed: ${result.failed}`);
    console.log(`${row.key.padEnd(40)} ${summaryOf(result)}`);
  }
  return { results, failures };
}

async function runRow(row: Row, images: Dataset, steps: number | undefined): Promise<Result> {
  const run = {
    date: new Date().toISOString().slice(0, 10),
    machine: cpus()[0]?.model.trim() || 'unknown processor',
    node: process.versions.node,
    data: images.name,
  };
  try {
    const { data, ...measured } = await measure(row, { steps, images });
    return { run: { ...run, data }, ...measured };
  } catch (thrown) {
    return { run, failed: messageOf(thrown) };
  }
}

function summaryOf(result: Result): string {
  if ('failed' in result) return `failed: ${result.failed}`;
  const { train, test, steps, seconds } = result;
  const tested = test === undefined ? '' : `, test ${(100 * test.accuracy).toFixed(2)} %`;
  return `train ${(100 * train.accuracy).toFixed(2)} %${tested}, ${steps} steps in ${seconds.toFixed(1)} s`;
}

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

function writeDocuments(rows: readonly Row[], results: Results): void {
  writeFileSync(pathOf('docs/seed-results.md'), documentOf(rows, results));
  for (const chapter of new Set(rows.map((row) => row.chapter))) {
    const readme = pathOf(`examples/${chapter}/README.md`);
    const own = rows.filter((row) => row.chapter === chapter);
    writeFileSync(readme, injected(readFileSync(readme, 'utf8'), tableOf(own, results)));
  }
}
