/**
 * How mutants are tried: all tests are loaded once, and a mutant is switched on while the tests that reach it run, those
 * first that found other mutants, then the fastest. A test that finds a mutant must pass again once it is switched off,
 * else it does not count, for then a mutant has changed what tests share; after a few of these a new process begins.
 */

import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  DryRunStatus,
  determineHitLimitReached,
  MutantRunStatus,
  TestStatus,
} from '@stryker-mutator/api/test-runner';
import { createServer, createServerModuleRunner } from 'vite';

/** Where mutants look whether they are switched on. */
const space = globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] ?? {};
globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] = space;

/** Milliseconds of processor time that this process has taken, which do not depend on what else the machine does. */
const clock = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Milliseconds that a test may take without a mutant: what takes longer is left to `npm test`. */
const longest = 400;
/** Milliseconds that tests may take for one mutant: who is not found by then has survived. */
const budget = Number(process.env.CHAINRULE_MUTATION_BUDGET ?? 1_200);
/** How many of the tests that found mutants are remembered. */
const remembered = 30;

/** How many tests may be spoilt before a new process begins. */
const tolerated = 5;

/** Milliseconds after which a test that does not end is given up, and the process with it. */
const patience = 2_500;

/** How long tests take, for the processes that come after this one. */
const timesFile = () => resolve('test-times.json');

/** Where a mutant is noted that kept a test from ending, for the process that comes after this one. */
const stuckFile = (id) => resolve(`stuck-${id}`);

/** Ends the process when a test does not end, since nothing else can. Gives what tells it of each test. */
function startWatch() {
  const begun = new Float64Array(new SharedArrayBuffer(8));
  const id = new Int32Array(new SharedArrayBuffer(4));
  const code = `
    const { workerData: { begun, id, patience, prefix } } = require('node:worker_threads');
    const clock = () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    };
    setInterval(() => {
      if (begun[0] === 0 || clock() - begun[0] < patience) return;
      require('node:fs').writeFileSync(prefix + id[0], '');
      process.kill(process.pid, 'SIGKILL');
    }, 250);`;
  const worker = new Worker(code, {
    eval: true,
    workerData: { begun, id, patience, prefix: stuckFile('') },
  });
  worker.unref();
  return {
    begin(mutant) {
      id[0] = Number(mutant);
      begun[0] = clock();
    },
    end() {
      begun[0] = 0;
    },
  };
}

/** Notes what became of a mutant in the file that `CHAINRULE_MUTATION_LOG` names, for those who watch. */
function note({ fileName, location, mutatorName, replacement }, result) {
  const file = process.env.CHAINRULE_MUTATION_LOG;
  if (file)
    appendFileSync(file, `${JSON.stringify({ fileName, location, mutatorName, replacement, ...result })}\n`);
  return result;
}

async function load() {
  const server = await createServer({ configFile: 'tests/mutation/vite.config.ts', root: process.cwd() });
  const runner = createServerModuleRunner(server.environments.ssr, { hmr: false });
  const { files } = await runner.import('/tests/mutation/files.ts');
  const harness = await runner.import('/tests/mutation/harness.mjs');
  for (const file of files) await harness.collect(file, () => runner.import(`/${file}`));
  return { server, harness };
}

function createRunner() {
  let loaded;
  let watch;
  let times = new Map();
  let killers = [];
  const spoilt = new Set();

  const init = async () => {
    console.log = () => {};
    loaded = await load();
    watch = startWatch();
    if (existsSync(timesFile())) times = new Map(JSON.parse(readFileSync(timesFile(), 'utf8')));
  };

  const dryRun = async () => {
    const begun = new Set();
    const results = [];
    for (const test of loaded.harness.tests) {
      space.currentTestId = test.id;
      const begin = clock();
      const error = await loaded.harness.runTest(test, begun);
      const timeSpentMs = clock() - begin;
      space.currentTestId = undefined;
      times.set(test.id, timeSpentMs);
      const about = { id: test.id, name: test.name, fileName: test.file, timeSpentMs };
      if (timeSpentMs > longest) delete space.mutantCoverage?.perTest[test.id];
      results.push(
        error
          ? { ...about, status: TestStatus.Failed, failureMessage: error.stack ?? error.message }
          : { ...about, status: TestStatus.Success },
      );
    }
    // What tests reach as well as loading does is tried where tests reach it.
    const { static: loading = {}, perTest = {} } = space.mutantCoverage ?? {};
    for (const reached of Object.values(perTest)) for (const id of Object.keys(reached)) delete loading[id];
    writeFileSync(timesFile(), JSON.stringify([...times]));
    return { status: DryRunStatus.Complete, tests: results, mutantCoverage: space.mutantCoverage };
  };

  /** The tests to run, in the order in which they are likely to find a mutant soon. */
  const inOrder = (filter) => {
    const wanted = filter && new Set(filter);
    const rank = ({ id }) => {
      const place = killers.indexOf(id);
      return place < 0 ? remembered + (times.get(id) ?? 100) : place;
    };
    return loaded.harness.tests
      .filter(({ id }) => !wanted || wanted.has(id))
      .map((test) => [rank(test), test])
      .sort(([a], [b]) => a - b)
      .map(([, test]) => test);
  };

  const withoutMutant = async (test) => {
    space.activeMutant = undefined;
    return loaded.harness.runTest(test, new Set());
  };

  const tryMutant = async ({ activeMutant, testFilter, hitLimit }) => {
    if (existsSync(stuckFile(activeMutant.id)))
      return { status: MutantRunStatus.Timeout, reason: `a test did not end within ${patience} ms` };
    const chosen = inOrder(testFilter).filter(({ id }) => !spoilt.has(id));
    const begun = new Set();
    Object.assign(space, { activeMutant: activeMutant.id, hitCount: 0, hitLimit });
    try {
      const end = clock() + budget;
      for (const [index, test] of chosen.entries()) {
        const begin = clock();
        if (begin > end) return { status: MutantRunStatus.Survived, nrOfTests: index };
        watch.begin(activeMutant.id);
        const error = await loaded.harness.runTest(test, begun);
        watch.end();
        const late = determineHitLimitReached(space.hitCount, hitLimit);
        if (late) return late;
        if (!error) {
          times.set(test.id, clock() - begin);
          continue;
        }
        const still = await withoutMutant(test);
        if (still) {
          spoilt.add(test.id);
          note(activeMutant, { status: 'spoilt', test: test.id, message: still.message });
          if (spoilt.size > tolerated) throw new Error(`"${test.name}" fails without a mutant`);
          space.activeMutant = activeMutant.id;
          continue;
        }
        killers = [test.id, ...killers.filter((id) => id !== test.id)].slice(0, remembered);
        return {
          status: MutantRunStatus.Killed,
          killedBy: [test.id],
          failureMessage: error.message,
          nrOfTests: index + 1,
        };
      }
      return { status: MutantRunStatus.Survived, nrOfTests: chosen.length };
    } finally {
      watch.end();
      space.activeMutant = undefined;
    }
  };

  const mutantRun = async (options) => note(options.activeMutant, await tryMutant(options));

  return {
    capabilities: () => ({ reloadEnvironment: false }),
    init,
    dryRun,
    mutantRun,
    dispose: async () => loaded?.server.close(),
  };
}

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'in-process', createRunner)];
