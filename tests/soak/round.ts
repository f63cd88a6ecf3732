/** One round of a soak: the tests of some folders with a seed of their own, in a process of their own. */

import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Counts, readCounts } from '../counts.ts';

/** Which tests, and how many trials they make where that is not for `graphs` to say. */
export interface Extent {
  readonly folders: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface RoundPlan extends Extent {
  /** Random training graphs, in all. */
  readonly graphs: number;
  readonly workers: number;
  /** A round that takes longer is ended and counts as failed. */
  readonly limitSeconds: number;
}

export interface Round {
  readonly seed: number;
  readonly seconds: number;
  readonly passed: number;
  readonly failed: number;
  /** Full names and first lines of what failed. */
  readonly failures: readonly string[];
  readonly counts: Counts;
}

/** What failed, without the stack: it names files of one machine. */
export const withoutStack = (message: string): string =>
  message
    .split('\n')
    .filter((line) => !/^\s+at /.test(line))
    .join('\n');

/** Runs the round; what it prints is kept only when it fails. */
export async function runRound({
  folders,
  env: more = {},
  graphs,
  workers,
  limitSeconds,
}: RoundPlan): Promise<Round> {
  const folder = mkdtempSync(join(tmpdir(), 'chainrule-soak-'));
  const [report, counts] = [join(folder, 'vitest.json'), join(folder, 'counts.jsonl')];
  const seed = randomInt(2 ** 31);
  const begin = performance.now();
  const words = [
    'vitest',
    'run',
    ...folders,
    '--reporter=json',
    `--outputFile=${report}`,
    `--maxWorkers=${workers}`,
  ];
  const env = {
    ...process.env,
    CHAINRULE_SEED: String(seed),
    CHAINRULE_GRAPHS: String(graphs),
    CHAINRULE_COUNTS: counts,
    ...more,
  };
  try {
    const ended = await run(['npx', ...words], env, limitSeconds);
    const seconds = (performance.now() - begin) / 1000;
    return {
      seed,
      seconds,
      ...resultsIn(report, ended),
      counts: existsSync(counts) ? readCounts(counts) : {},
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The exit code, or why there is none. */
function run(words: readonly string[], env: NodeJS.ProcessEnv, limitSeconds: number): Promise<string> {
  const [program = '', ...rest] = words;
  return new Promise((resolve) => {
    const child = spawn(program, rest, { env, stdio: 'ignore', detached: true });
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, limitSeconds * 1000);
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      resolve(signal === null ? `code ${code}` : `${signal} after ${limitSeconds} s`);
    });
  });
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

function resultsIn(file: string, ended: string): Pick<Round, 'passed' | 'failed' | 'failures'> {
  if (!existsSync(file)) return { passed: 0, failed: 1, failures: [`the round ended with ${ended}`] };
  const { numPassedTests, numFailedTests, testResults }: VitestReport = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((result) => result.status === 'failed');
    if (status === 'failed' && failed.length === 0) return [`${name}: ${message?.slice(0, 500) ?? 'failed'}`];
    return failed.map(
      ({ fullName, failureMessages }) =>
        `${fullName}: ${withoutStack(failureMessages?.[0] ?? '').slice(0, 2_000)}`,
    );
  });
  if (failures.length === 0 && ended !== 'code 0')
    return {
      passed: numPassedTests,
      failed: numFailedTests + 1,
      failures: [`the round ended with ${ended}`],
    };
  return { passed: numPassedTests, failed: Math.max(numFailedTests, failures.length), failures };
}
