/** Takes over the reports of runs and writes docs/quality.md from them. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { withoutStack } from '../../tests/soak/round.ts';
import { pageOf, type Reports } from './render.ts';
import { readCi, type SoakReport } from './reports.ts';

const usage = `npm run quality -- [--reports DIR] [--soak FILE] [--mutation FILE] [--coverage FILE]

Writes docs/quality.md from docs/quality/*.json. Each option takes over a new report first:

  --reports DIR    what .ci/run has left in DIR: CHAINRULE_REPORTS=DIR .ci/run
  --soak FILE      what npm run soak has written
  --mutation FILE  what npm run mutation has written
  --coverage FILE  what npm run coverage has written`;

export const repository = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(repository, 'docs', 'quality');
const pathOf = (name: string): string => join(folder, `${name}.json`);

/** The reports that the page is made of, as they are kept. */
export function keptReports(): Reports {
  const read = (name: string) =>
    existsSync(pathOf(name)) ? { [name]: JSON.parse(readFileSync(pathOf(name), 'utf8')) } : {};
  const ci: Reports['ci'] = JSON.parse(readFileSync(pathOf('ci'), 'utf8'));
  return { ci, ...read('soak'), ...read('mutation'), ...read('coverage') };
}

export async function main(words: readonly string[]): Promise<void> {
  const given = readOptions(words);
  if (given === undefined) {
    console.error(usage);
    process.exitCode = 2;
    return;
  }
  mkdirSync(folder, { recursive: true });
  const keep = (name: string, report: unknown): void =>
    writeFileSync(pathOf(name), `${JSON.stringify(report, undefined, 1)}\n`);
  if (given.reports !== undefined) keep('ci', readCi(given.reports));
  if (given.soak !== undefined) keep('soak', readSoak(given.soak));
  for (const name of ['mutation', 'coverage'] as const) {
    const file = given[name];
    if (file !== undefined) keep(name, JSON.parse(readFileSync(file, 'utf8')));
  }
  const page = join(repository, 'docs', 'quality.md');
  writeFileSync(page, pageOf(keptReports()));
  console.log(`wrote ${page}`);
}

/** Stacks name files of the machine that the soak ran on. */
function readSoak(file: string): SoakReport {
  const report: SoakReport = JSON.parse(readFileSync(file, 'utf8'));
  const rounds = report.rounds.map((round) => ({ ...round, failures: round.failures.map(withoutStack) }));
  return { ...report, rounds };
}

function readOptions(words: readonly string[]) {
  const string = { type: 'string' } as const;
  try {
    const options = { reports: string, soak: string, mutation: string, coverage: string };
    return parseArgs({ args: [...words], options }).values;
  } catch {
    return undefined;
  }
}
