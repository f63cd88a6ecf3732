/**
 * What test files import as `vitest` while mutants are tried: tests are noted down once and can then be run one by one,
 * as often as wanted, without being loaded again. `expect` is that of vitest.
 */

import { format } from 'node:util';

// A name that is not written out is not replaced by this file again.
const real = 'vitest';
export const { expect, expectTypeOf, vi } = await import(/* @vite-ignore */ real);

/**
 * A group of tests: hooks, and the group around it.
 * @typedef {{ name: string, parent?: Suite, beforeAll: Hook[], afterEach: Hook[] }} Suite
 * @typedef {() => unknown} Hook
 * @typedef {{ id: string, name: string, file: string, suite: Suite, run: Hook }} Test
 */

/** @type {Test[]} */
export const tests = [];
/** @type {{ file: string, suite: Suite, finished: Hook[] }} */
const now = { file: '', suite: suiteIn('', undefined), finished: [] };

/** @returns {Suite} */
function suiteIn(name, parent) {
  return { name, parent, beforeAll: [], afterEach: [] };
}

/** Notes down the tests that `load` registers, as those of `file`. */
export async function collect(file, load) {
  Object.assign(now, { file, suite: suiteIn('', undefined) });
  await load();
}

const pathOf = (suite) => (suite.parent ? [...pathOf(suite.parent), suite.name] : []);

function addTest(name, options, body) {
  const run = typeof options === 'function' ? options : body;
  const { file, suite } = now;
  const full = [...pathOf(suite), name].join(' > ');
  const same = tests.filter((test) => test.file === file && test.name === full).length;
  tests.push({ id: `${file}#${full}${same > 0 ? ` (${same})` : ''}`, name: full, file, suite, run });
}

function addSuite(name, options, body) {
  const outer = now.suite;
  now.suite = suiteIn(name, outer);
  (typeof options === 'function' ? options : body)();
  now.suite = outer;
}

/** `%s`, `%i` and `$name` of a title. */
function titleOf(title, row) {
  const [first] = row;
  const named = title.replace(/\$(\w+)/g, (text, key) =>
    first !== null && typeof first === 'object' && key in first ? String(first[key]) : text,
  );
  const wanted = named.match(/%[sdifjoO]/g)?.length ?? 0;
  return format(named, ...row.slice(0, wanted));
}

const each = (add) => (rows) => (title, options, body) => {
  const run = typeof options === 'function' ? options : body;
  for (const row of rows) {
    const words = Array.isArray(row) ? row : [row];
    add(titleOf(title, words), () => run(...words));
  }
};

const withVariants = (add) => {
  const skipIf = (condition) => (condition ? withVariants(() => {}) : variants);
  const variants = Object.assign((...words) => add(...words), {
    each: each(add),
    skip: () => {},
    skipIf,
    runIf: (condition) => skipIf(!condition),
  });
  return Object.assign(variants, { concurrent: variants });
};

export const test = withVariants(addTest);
export const it = test;
export const describe = withVariants(addSuite);
export const beforeAll = (hook) => now.suite.beforeAll.push(hook);
export const afterEach = (hook) => now.suite.afterEach.push(hook);
export const onTestFinished = (hook) => now.finished.push(hook);
/** What holds for all runs together, floors of counts most of all, is no matter of one mutant. */
export const afterAll = () => {};

const suitesOf = (suite) => (suite ? [...suitesOf(suite.parent), suite] : []);

/** Runs a test, and before it what its groups want to have run; `begun` remembers for which groups that is done. */
export async function runTest({ suite, run }, begun) {
  const suites = suitesOf(suite);
  now.finished = [];
  try {
    for (const one of suites) {
      if (begun.has(one)) continue;
      begun.add(one);
      for (const hook of one.beforeAll) await hook();
    }
    await run({});
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    for (const hook of [...now.finished, ...suites.flatMap((one) => one.afterEach)]) await hook();
  }
}
