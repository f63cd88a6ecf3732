/** What every build that holds the engine of the studio needs of Vite. */

import { fileURLToPath } from 'node:url';
import type { Alias, Plugin, UserConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const alias: Alias[] = [
  { find: /^chainrule\/runtime$/, replacement: here('../runtime/index.ts') },
  { find: /^chainrule$/, replacement: here('../index.ts') },
  // One copy of TypeScript for the compiler, the language service, and what blanks out types.
  { find: /^typescript$/, replacement: '@ts-morph/common/dist/typescript.js' },
  { find: /^node:path$/, replacement: 'path-browserify' },
];

/** Types of pages and workers, which models have no use for: nine tenths of what TypeScript declares. */
const unused = /(fileName: "lib\.(?:dom|webworker|scripthost)[^"]*",\s*text: )".*"$/gm;

const withoutPages = (): Plugin => ({
  name: 'types-without-pages',
  transform(code, id) {
    if (!id.endsWith('/ts-morph-common.js')) return undefined;
    const cut = code.replace(unused, '$1""');
    if (cut.length === code.length) this.error('The types of pages are not where they were.');
    return { code: cut, map: null };
  },
});

export const shared = {
  resolve: { alias },
  worker: { format: 'es', plugins: () => [withoutPages()] },
  build: { target: 'es2022' },
  // Known from the start, so that a server for development need not begin anew when it meets them.
  optimizeDeps: {
    include: [
      '@dagrejs/dagre',
      '@dagrejs/graphlib',
      '@ts-morph/common',
      '@ts-morph/common/dist/typescript.js',
      'katex',
      'papaparse',
      'ts-blank-space',
      'ts-morph',
    ],
  },
} satisfies UserConfig;
