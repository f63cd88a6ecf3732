/** How tests are loaded while mutants are tried: vitest and fast-check are replaced by what is beside this file. */

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  appType: 'custom',
  logLevel: 'error',
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
  resolve: {
    alias: [
      { find: /^vitest$/, replacement: here('./harness.mjs') },
      { find: /^fast-check$/, replacement: here('./fast-check.ts') },
      { find: /^chainrule\/runtime$/, replacement: here('../../src/runtime/index.ts') },
      { find: /^chainrule$/, replacement: here('../../src/index.ts') },
    ],
  },
});
