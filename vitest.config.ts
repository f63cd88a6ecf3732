/** One runner for all tests: forks, because flags and globals of one file must not reach another. */

import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Files that take minutes start first, so that no core waits for the last of them alone. */
const slow = [
  'regress/regress',
  'examples/batch-norm.test',
  'trajectory-systems',
  'trajectory-network',
  'trajectories',
  'graphs/graphs',
  'mini-batch',
  'checkpoint/kills',
  'checkpoint/signals',
  'fuzz/fuzz',
  'injection/trainers',
  'browser/studio.test',
  'studio/engine-examine',
  'scale/trainings',
  'scale/operations',
];

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const position = slow.findIndex((name) => moduleId.includes(name));
      return position < 0 ? slow.length : position;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  resolve: {
    alias: [
      { find: /^chainrule\/runtime$/, replacement: here('./src/runtime/index.ts') },
      { find: /^chainrule\/worker$/, replacement: here('./src/runtime/worker/index.ts') },
      { find: /^chainrule\/threads$/, replacement: here('./src/runtime/threads/index.ts') },
      { find: /^chainrule\/checkpoint$/, replacement: here('./src/runtime/checkpoint/index.ts') },
      { find: /^chainrule\/checkpoint\/node$/, replacement: here('./src/checkpoint/index.ts') },
      { find: /^chainrule\/testing$/, replacement: here('./src/testing/index.ts') },
      { find: /^chainrule$/, replacement: here('./src/index.ts') },
    ],
  },
  test: {
    include: ['tests/**/*.test.ts'],
    pool: 'forks',
    // Programs are many short-lived objects: a larger nursery saves a twentieth of the time.
    execArgv: ['--max-semi-space-size=64'],
    sequence: { sequencer: SlowFirst },
    // Without this a machine of two cores would run one file at a time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 60_000,
  },
});
