/** The tests that count for coverage: all but those that take minutes, which reach no branch of the core by themselves. */

import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';
import config from '../../vitest.config.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

process.env.CHAINRULE_GRAPHS ??= '200';

/** Takes minutes and reaches nothing that other tests do not reach. */
const slow = ['tests/examples/**', 'tests/pipeline/emitted.test.ts'];
/** Runs what it tests in processes of their own, which are not counted. */
const elsewhere = ['tests/process/**', 'tests/cli/**'];

export default mergeConfig(
  config,
  defineConfig({
    root,
    test: {
      exclude: [...slow, ...elsewhere, 'node_modules/**'],
      testTimeout: 120_000,
      coverage: {
        enabled: true,
        provider: 'v8',
        include: ['ir/**/*.ts', 'passes/**/*.ts', 'codegen/**/*.ts', 'src/**/*.ts'],
        reporter: ['json'],
        reportsDirectory: 'out/coverage',
      },
    },
  }),
);
