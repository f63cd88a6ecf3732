/** Whether a test notices a seeded bug: it passes without the bug, and with the bug it fails by what it looks at. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SeededBug, withBug } from './bug.ts';
import { type Lane, openLane, type Run } from './lane.ts';

export interface Judgement {
  readonly killed: boolean;
  /** By what error, or why not. */
  readonly said: string;
  readonly ms: number;
}

export type Report = (bug: SeededBug, judgement: Judgement) => void;

/** Bugs at a time. */
const lanes = 2;

/** What the tests gave without a bug, by test file: each file is run once. */
type Plain = ReadonlyMap<string, Run>;

/** Judges all bugs, two at a time, and reports each as it is done. */
export async function judgeAll(root: string, bugs: readonly SeededBug[], report: Report): Promise<void> {
  const opened = await Promise.all(Array.from({ length: lanes }, () => openLane(root)));
  try {
    const plain = new Map<string, Run>();
    const files = [...new Set(bugs.map(({ test }) => test))];
    await share(files, opened, async (test, lane) => {
      const names = bugs.filter((bug) => bug.test === test).map(({ name }) => name);
      plain.set(test, await lane.run(test, [...new Set(names)]));
    });
    await share(bugs, opened, async (bug, lane) => {
      const begin = performance.now();
      const verdict = whyNot(root, bug, plain) ?? verdictOf(bug, await lane.run(bug.test, [bug.name], bug));
      report(bug, { ...verdict, ms: performance.now() - begin });
    });
  } finally {
    await Promise.all(opened.map((lane) => lane.close()));
  }
}

/** Each lane takes the next task when it is done with the one before. */
async function share<T>(
  tasks: readonly T[],
  opened: readonly Lane[],
  work: (task: T, lane: Lane) => Promise<void>,
): Promise<void> {
  const waiting = tasks.values();
  await Promise.all(
    opened.map(async (lane) => {
      for (const task of waiting) await work(task, lane);
    }),
  );
}

type Verdict = Omit<Judgement, 'ms'>;

const survived = (...said: readonly string[]): Verdict => ({ killed: false, said: said.join('; ') });

const nothing: Run = { tests: new Map(), outside: [], seeded: false };

/** Why a bug need not be tried. */
function whyNot(root: string, bug: SeededBug, plain: Plain): Verdict | undefined {
  if (withBug(bug, readFileSync(join(root, bug.file), 'utf8')) === undefined)
    return survived(`the patch no longer applies to ${bug.file}`);
  const { tests, outside } = plain.get(bug.test) ?? nothing;
  const test = tests.get(bug.name);
  if (!test) return survived('there is no such test', ...outside);
  if (test.state !== 'passed')
    return survived('the test does not pass without the bug', ...test.errors, ...outside);
  return undefined;
}

/** What a test says when the patch is no program, or nothing was computed. */
const notAboutTheFault = /^(SyntaxError|ReferenceError)\b|Test timed out|no longer applies/;

function verdictOf(bug: SeededBug, { tests, outside, seeded }: Run): Verdict {
  const test = tests.get(bug.name);
  if (!test) return survived('the test was not run', ...outside);
  if (!seeded) return survived(`the test does not load ${bug.file}`);
  if (test.state === 'passed') return survived('the test passed');
  const [error] = test.errors;
  if (test.state !== 'failed' || error === undefined) return survived('the test did not end', ...outside);
  if (notAboutTheFault.test(error)) return survived(`the test failed for another reason: ${error}`);
  return { killed: true, said: error };
}
