/** Mutation testing: `npm run mutation -- --mutate 'passes/*.ts'`. Paths are from the top of the repository. */

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: [
    'ir/**/*.ts',
    'passes/**/*.ts',
    'src/dsl/**/*.ts',
    'src/nn/**/*.ts',
    'src/optim/**/*.ts',
    // The evaluator keeps what it has made of expansions, so that a mutant would be seen too late, or for too long.
    '!ir/expansions/**/*.ts',
  ],
  testRunner: 'in-process',
  plugins: ['./tests/mutation/runner.mjs'],
  coverageAnalysis: 'perTest',
  // What runs only while modules are loaded would be tried by all tests, one mutant at a time.
  ignoreStatic: true,
  // Nothing checks types while mutants are tried; a line more at the top of a file would move what is said of lines.
  disableTypeChecks: false,
  ignorePatterns: ['out', 'dist', 'coverage', '.ci', '.chainrule', 'bench'],
  tempDirName: 'out/mutation/sandbox',
  incrementalFile: 'out/mutation/incremental.json',
  jsonReporter: { fileName: 'out/mutation/report.json' },
  htmlReporter: { fileName: 'out/mutation/report.html' },
  reporters: ['json', 'html', 'clear-text'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  concurrency: 1,
  timeoutMS: 30_000,
  timeoutFactor: 3,
  thresholds: { high: 95, low: 90, break: null },
  allowEmpty: false,
  checkers: [],
};
