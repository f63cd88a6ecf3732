/** The count at the end of a run: right sums, and no way to pass by reporting less. */

import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Finished, finished, repository } from '../cli/run.ts';
import { temporaryFolder } from './children.ts';

const script = join(repository, '.ci', 'count.mjs');

interface TestFile {
  readonly name: string;
  readonly status: string;
  readonly message?: string;
  readonly assertionResults: readonly { readonly status: string }[];
}

const file = (folder: string, ...statuses: readonly string[]): TestFile => ({
  name: join(repository, 'tests', folder, 'some.test.ts'),
  status: statuses.includes('failed') ? 'failed' : 'passed',
  assertionResults: statuses.map((status) => ({ status })),
});

interface Reports {
  readonly tests?: readonly TestFile[] | string;
  readonly status?: string;
  readonly checks?: readonly string[];
  readonly floors?: object;
}

const floors = {
  tests: { least: 4, skipped: 1 },
  folders: { data: { least: 3, skipped: 1 }, dsl: { least: 1, skipped: 0 } },
  checks: { commands: { least: 2, skipped: 0 } },
};

/** Reports of a run in which everything is as it should be. */
const good = {
  tests: [file('data', 'passed', 'passed', 'skipped'), file('dsl', 'passed')],
  status: '0\n',
  checks: ['passed\tcommands\tlint', 'passed\tcommands\ttype check'],
  floors,
} satisfies Reports;

/** Counts the reports that are given; the last line is the verdict. */
async function count(reports: Reports): Promise<{ code: number | null; last: string; text: string }> {
  const { tests, status, checks, floors }: Required<Reports> = { ...good, ...reports };
  const folder = temporaryFolder();
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  write('vitest.json', typeof tests === 'string' ? tests : JSON.stringify({ testResults: tests }));
  write('vitest.status', status);
  write('checks.txt', checks.map((line) => `${line}\n`).join(''));
  write('floors.json', JSON.stringify(floors));
  return verdict(await countIn(folder));
}

/** Counts the reports that lie in a folder. */
const countIn = (folder: string): Promise<Finished> =>
  finished(spawn(process.execPath, [script, folder, join(folder, 'floors.json')]));

const verdict = ({ code, stdout, stderr }: Finished) => ({
  code,
  last: stdout.trimEnd().split('\n').at(-1) ?? '',
  text: stdout + stderr,
});

it('adds up tests and checks', async () => {
  expect(await count({})).toMatchObject({ code: 0, last: '5 passed, 0 failed, 1 skipped' });
});

it('leaves out skipped tests when there are none', async () => {
  const tests = [file('data', 'passed', 'passed', 'passed'), file('dsl', 'passed')];
  expect(await count({ tests })).toMatchObject({ code: 0, last: '6 passed, 0 failed' });
});

it('counts tests that are not yet written as skipped', async () => {
  const tests = [file('data', 'passed', 'passed', 'todo'), file('dsl', 'passed')];
  expect(await count({ tests })).toMatchObject({ code: 0, last: '5 passed, 0 failed, 1 skipped' });
});

it('adds the files of one folder, whatever lies below it', async () => {
  const tests = [file('data', 'passed'), file('data/deep/down', 'passed'), file('dsl', 'passed')];
  expect((await count({ tests })).text).toContain('tests/data               2 passed, 0 failed');
});

const failures: readonly (readonly [string, Reports, string, RegExp])[] = [
  [
    'a failed test',
    { tests: [file('data', 'passed', 'passed', 'failed'), file('dsl', 'passed')], status: '1\n' },
    '5 passed, 1 failed',
    /^tests\/data +2 passed, 1 failed/m,
  ],
  [
    'a failed check',
    { checks: [...good.checks, 'failed\tcommands\tset up'] },
    '5 passed, 1 failed, 1 skipped',
    /^failed: commands: set up$/m,
  ],
  [
    'a folder below its floor',
    { tests: [file('data', 'passed', 'skipped'), file('dsl', 'passed', 'passed')] },
    '5 passed, 1 failed, 1 skipped',
    /^failed: tests\/data: there are 2, at least 3 must be$/m,
  ],
  [
    'all tests below their floor',
    { floors: { ...floors, tests: { least: 5, skipped: 1 } } },
    '5 passed, 1 failed, 1 skipped',
    /^failed: all tests: there are 4, at least 5 must be$/m,
  ],
  [
    'more skipped tests than allowed',
    { tests: [file('data', 'passed', 'passed', 'passed'), file('dsl', 'passed', 'skipped')] },
    '6 passed, 1 failed, 1 skipped',
    /^failed: tests\/dsl: 1 skipped, at most 0 may be$/m,
  ],
  [
    'a folder that is gone',
    { tests: [file('data', 'passed', 'passed', 'passed', 'passed')] },
    '6 passed, 1 failed',
    /^failed: tests\/dsl: no test was run$/m,
  ],
  [
    'a folder without a floor',
    { tests: [...good.tests, file('new', 'passed')] },
    '6 passed, 1 failed, 1 skipped',
    /^failed: tests\/new: has no floor/m,
  ],
  [
    'a runner of checks that printed nothing',
    { checks: [] },
    '3 passed, 1 failed, 1 skipped',
    /^failed: commands: no check was run$/m,
  ],
  [
    'a runner of checks that broke off',
    { checks: good.checks.slice(0, 1) },
    '4 passed, 1 failed, 1 skipped',
    /^failed: commands: there are 1, at least 2 must be$/m,
  ],
  [
    'a line that is no check',
    { checks: [...good.checks, 'commands lint'] },
    '5 passed, 1 failed, 1 skipped',
    /^failed: checks\.txt: not a check: commands lint$/m,
  ],
  ['a test runner that printed nothing', { tests: '' }, '2 passed, 4 failed', /^failed: vitest\.json: /m],
  ['a report that is none', { tests: '{}' }, '2 passed, 4 failed', /^failed: vitest\.json: is no report/m],
  [
    'a test file that cannot be loaded',
    {
      tests: [
        file('data', 'passed', 'passed', 'passed'),
        file('dsl', 'passed'),
        { ...file('dsl'), status: 'failed', message: 'SyntaxError: what?\n  at line 1' },
      ],
      status: '1\n',
    },
    '6 passed, 1 failed',
    /^failed: .*SyntaxError: what\?$/m,
  ],
  [
    'an error outside of every test',
    { status: '1\n' },
    '5 passed, 1 failed, 1 skipped',
    /^failed: the test runner ended with 1$/m,
  ],
  [
    'floors that would let everything pass',
    { floors: { ...floors, tests: { least: 0, skipped: 1 } } },
    '5 passed, 5 failed, 1 skipped',
    /^failed: .*floors\.json: a floor is not of the form/m,
  ],
];

it('takes test files outside of every folder for a folder called "."', async () => {
  const tests = [...good.tests, file('.', 'passed')];
  const withRoot = { ...floors, folders: { ...floors.folders, '.': { least: 1, skipped: 0 } } };
  expect(await count({ tests, floors: withRoot })).toMatchObject({
    code: 0,
    last: '6 passed, 0 failed, 1 skipped',
  });
});

it.each(failures)('%s is a failure', async (_name, reports, last, said) => {
  const result = await count(reports);
  expect(result).toMatchObject({ code: 1, last });
  expect(result.text).toMatch(said);
});

it('a run that left no report at all is a failure', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'floors.json'), JSON.stringify(floors));
  const { code, last } = verdict(await countIn(folder));
  expect({ code, last }).toEqual({ code: 1, last: expect.stringMatching(/^0 passed, [1-9]\d* failed$/) });
});
