/** The benchmark against rivals, from the command line to the files it writes. */

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, platform, release, totalmem } from 'node:os';
import { runCi } from './ci.ts';
import { chainruleVersion, commit, pathOf } from './compiler.ts';
import { type Entrant, entrants, peaks as heights } from './contenders.ts';
import { writeDocuments } from './document.ts';
import { installPackages, installPython, pythonVersions } from './install.ts';
import { limitsOf } from './limits.ts';
import { type Method, measureCase } from './measure.ts';
import { type Options, parseOptions, usage } from './options.ts';
import { coreCount, pinning } from './pinning.ts';
import { ratiosOf } from './ratios.ts';
import type { Machine, Missing, Results } from './results.ts';
import { measureScaling } from './scaling.ts';
import { caseLines, leftOut, limitLines, ratioLines } from './terminal.ts';

/** Twelve minutes for all cases and contenders. */
const full: Method = { rounds: 5, slice: 0.4, warmUp: 0.35 };
const quick: Method = { rounds: 2, slice: 0.25, warmUp: 0.3 };

export async function main(words: readonly string[]): Promise<void> {
  if (words.includes('--help')) return console.log(usage);
  let options: Options;
  try {
    options = parseOptions(words);
  } catch (thrown) {
    console.error(`${thrown instanceof Error ? thrown.message : thrown}\n\n${usage}`);
    process.exitCode = 2;
    return;
  }
  if (options.render !== undefined) return writeDocuments(JSON.parse(readFileSync(options.render, 'utf8')));
  if (!options.asBuilt && !build()) {
    process.exitCode = 1;
    return;
  }
  if (options.ci) {
    if (!(await runCi(options.check))) process.exitCode = 1;
    return;
  }
  const results = await measureAll(options);
  if (results.missing.some(({ who, isWrong }) => isWrong === true && isOurs(who))) process.exitCode = 1;
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);
  if (options.docs) await writeDocuments(results);
}

/** Builds dist where it is out of date, which would measure what is no longer there. */
const build = (): boolean =>
  spawnSync(process.execPath, [pathOf('.ci/setup.mjs')], { stdio: 'inherit' }).status === 0;

const isOurs = (name: string): boolean => entrants.some(({ who, kind }) => who === name && kind === 'ours');

async function measureAll(options: Options): Promise<Results> {
  const method = options.quick ? quick : full;
  const machine = machineOf();
  console.log(`${machine.cpu}, ${machine.cores} cores, Node ${process.version}`);
  const { able, absent } = install(options.entrants);
  const rows: Results['rows'][number][] = [];
  const missing: Missing[] = [];
  const peaks: Record<string, Readonly<Record<string, number>>> = {};
  for (const one of options.cases) {
    missing.push(...absent.map((reason) => ({ case: one.name, ...reason })));
    const measured = await measureCase(one, [...heightsFor(able), ...able], method, progress);
    rows.push(...measured.rows);
    missing.push(...measured.missing);
    peaks[one.name] = measured.peaks;
    progress('');
    for (const line of caseLines(one.name, measured.rows)) console.log(line);
  }
  const scaling = options.scaling ? await measureScaling(options.quick, progress) : null;
  progress('');
  const results: Results = {
    date: new Date().toISOString().slice(0, 10),
    machine,
    versions: versionsIn(rows),
    method,
    peaks,
    rows,
    missing,
    ratios: ratiosOf(rows).filter((ratio) => options.cases.some(({ name }) => name === ratio.case)),
    limits: limitsOf(scaling),
    scaling,
  };
  const lines = [
    ratioLines(results.ratios),
    limitLines(results.limits),
    leftOut(missing, scaling).map((line) => `Left out: ${line}`),
  ];
  for (const part of lines.filter(({ length }) => length > 0)) console.log(['', ...part].join('\n'));
  return results;
}

/** The native peak is measured with NumPy. */
const heightsFor = (able: readonly Entrant[]): readonly Entrant[] =>
  heights.filter(({ language }) => able.some((one) => one.language === language));

/** Only what takes part is installed. */
function install(entrants: readonly Entrant[]) {
  const needs = (kind: Entrant['kind']): boolean => entrants.some((one) => one.kind === kind);
  const reasons: Partial<Record<Entrant['kind'], string | undefined>> = {
    javascript: needs('javascript') ? installPackages() : undefined,
    python: needs('python') ? installPython() : undefined,
  };
  const absent = entrants.flatMap(({ who, kind }) => {
    const reason = reasons[kind];
    return reason === undefined ? [] : [{ who, reason }];
  });
  return { able: entrants.filter(({ kind }) => reasons[kind] === undefined), absent };
}

function machineOf(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: coreCount,
    os: `${platform()} ${release()}`,
    memory_gib: Math.round(totalmem() / 2 ** 30),
    pinning,
  };
}

function versionsIn(rows: Results['rows']): Readonly<Record<string, string>> {
  const at = commit();
  const rivals = rows.filter(({ kind }) => kind === 'javascript');
  return {
    chainrule: at === undefined ? chainruleVersion() : `${chainruleVersion()} at ${at}`,
    node: process.versions.node,
    v8: process.versions.v8,
    ...Object.fromEntries(rivals.map(({ who, version }) => [who, version])),
    ...(rows.some(({ kind }) => kind === 'python') ? pythonVersions() : {}),
  };
}

/** One line that is written over, where somebody watches. */
function progress(line: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\u001b[K${line}`);
}
