/** Builds the inspector's page as one classic script and one style sheet, which `chainrule inspect` writes into its pages. */

import { fileURLToPath } from 'node:url';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

interface Chunk {
  readonly type: string;
  code?: string;
}

/** A script in a page ends at its first `</script`, also within a string, and is read otherwise after `<!--`. */
const safeInPages = {
  name: 'safe-in-pages',
  enforce: 'post',
  generateBundle(_: unknown, bundle: Readonly<Record<string, Chunk>>) {
    for (const chunk of Object.values(bundle))
      if (chunk.code !== undefined) chunk.code = chunk.code.replaceAll(/<(?=\/script|!--)/gi, '\\x3c');
  },
} as const;

export default {
  root: here('.'),
  publicDir: false,
  logLevel: 'warn',
  // Never for development, which notes the paths of files, whatever NODE_ENV says.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact', development: false } },
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [safeInPages],
  build: {
    outDir: here('../../dist/inspector'),
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    minify: true,
    // The licences of what is bundled ask for it.
    license: { fileName: 'licenses.md' },
    lib: {
      entry: here('main.tsx'),
      name: 'inspector',
      formats: ['iife'],
      fileName: () => 'inspector.js',
      cssFileName: 'inspector',
    },
  },
} as const;
