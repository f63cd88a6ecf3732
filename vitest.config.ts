/** One runner for all tests: forks, because flags and globals of one file must not reach another. */

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^chainrule\/runtime$/, replacement: here('./src/runtime/index.ts') },
      { find: /^chainrule$/, replacement: here('./src/index.ts') },
    ],
  },
  test: { include: ['tests/**/*.test.ts'], pool: 'forks', testTimeout: 60_000 },
});
