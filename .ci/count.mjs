/**
 * Adds up what all runners of a run report, and holds the sums to the floors: `node count.mjs REPORTS FLOORS`.
 *
 * REPORTS is a folder of `vitest.json` (its JSON reporter), `vitest.status` (its exit code) and `checks.txt` (lines
 * `passed|failed<TAB>runner<TAB>check`). FLOORS is a JSON file: the fewest tests there must be, skipped ones included,
 * and the most that may be skipped, for all tests and for each folder of tests; and the same for each other runner. A
 * missed floor counts as a failure, and so does a report that is missing or cannot be read.
 */

import { readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const [reports = '.', floorsFile = 'floors.json'] = process.argv.slice(2);
const testFolder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'tests');
const problems = [];

const floors = readFloors();
const folders = countTests();
const runners = countChecks();
const tests = sum([...folders.values()]);
hold('all tests', tests, floors.tests);
for (const [name, count] of folders) hold(`tests/${name}`, count, floors.folders[name]);
for (const name of Object.keys(floors.folders)) {
  if (!folders.has(name)) problems.push(`tests/${name}: no test was run`);
}
for (const [name, count] of runners) hold(name, count, floors.checks[name]);
for (const name of Object.keys(floors.checks)) {
  if (!runners.has(name)) problems.push(`${name}: no check was run`);
}
report();

function readFloors() {
  try {
    const { tests, folders, checks } = JSON.parse(readFileSync(floorsFile, 'utf8'));
    const limits = [tests, ...Object.values(folders), ...Object.values(checks)];
    if (limits.every(isLimit)) return { tests, folders, checks };
    problems.push(`${floorsFile}: a floor is not of the form { "least": 1, "skipped": 0 }`);
  } catch (error) {
    problems.push(`${floorsFile}: ${error.message}`);
  }
  return { tests: { least: 1, skipped: 0 }, folders: {}, checks: {} };
}

function isLimit(limit) {
  return limit?.least > 0 && limit.skipped >= 0 && limit.skipped <= limit.least;
}

/** Passed, failed and skipped tests by the folder of `tests` that they lie in. */
function countTests() {
  const found = new Map();
  const files = readTests();
  for (const { name, status, message, assertionResults } of files) {
    const [first, ...below] = relative(testFolder, name).split(sep);
    const folder = below.length === 0 ? '.' : first;
    for (const result of assertionResults) add(found, folder, result.status);
    // A file that cannot be loaded has no tests to fail.
    if (status === 'failed' && !assertionResults.some((result) => result.status === 'failed')) {
      problems.push(`${name}: ${message?.split('\n')[0] || 'failed as a whole'}`);
    } else if (assertionResults.length === 0) problems.push(`${name}: has no tests`);
  }
  const failed = sum([...found.values()]).failed + problems.length;
  const status = readText('vitest.status')?.trim();
  // What is thrown outside of every test is in the exit code alone.
  if (status !== '0' && failed === 0) problems.push(`the test runner ended with ${status ?? 'no status'}`);
  return found;
}

function readTests() {
  const text = readText('vitest.json');
  if (text === undefined) return [];
  try {
    const { testResults } = JSON.parse(text);
    if (Array.isArray(testResults) && testResults.every((file) => Array.isArray(file.assertionResults)))
      return testResults;
    problems.push('vitest.json: is no report of tests');
  } catch (error) {
    problems.push(`vitest.json: ${error.message}`);
  }
  return [];
}

/** Passed and failed checks by runner. */
function countChecks() {
  const found = new Map();
  for (const line of (readText('checks.txt') ?? '').split('\n')) {
    if (line === '') continue;
    const [status, runner, name] = line.split('\t');
    if (!['passed', 'failed'].includes(status) || !runner || !name)
      problems.push(`checks.txt: not a check: ${line}`);
    else add(found, runner, status);
    if (status === 'failed') console.log(`failed: ${runner}: ${name}`);
  }
  return found;
}

function readText(name) {
  try {
    return readFileSync(join(reports, name), 'utf8');
  } catch (error) {
    problems.push(`${name}: ${error.message}`);
    return undefined;
  }
}

function add(counts, key, status) {
  const count = counts.get(key) ?? { passed: 0, failed: 0, skipped: 0 };
  count[status === 'passed' || status === 'failed' ? status : 'skipped']++;
  counts.set(key, count);
}

function sum(counts) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const count of counts) for (const key of Object.keys(total)) total[key] += count[key];
  return total;
}

/** Prints a line of the table; a floor that is missed becomes a problem. */
function hold(name, { passed, failed, skipped }, floor) {
  const all = passed + failed + skipped;
  const limits =
    floor === undefined ? 'no floor' : `at least ${floor.least}, skipped at most ${floor.skipped}`;
  console.log(`${name.padEnd(24)} ${passed} passed, ${failed} failed, ${skipped} skipped (${limits})`);
  if (floor === undefined) problems.push(`${name}: has no floor in ${floorsFile}`);
  else if (all < floor.least) problems.push(`${name}: there are ${all}, at least ${floor.least} must be`);
  if (floor !== undefined && skipped > floor.skipped)
    problems.push(`${name}: ${skipped} skipped, at most ${floor.skipped} may be`);
}

function report() {
  for (const problem of problems) console.log(`failed: ${problem}`);
  const { passed, failed, skipped } = sum([tests, ...runners.values()]);
  const all = failed + problems.length;
  console.log(`${passed} passed, ${all} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exitCode = all === 0 ? 0 : 1;
}
