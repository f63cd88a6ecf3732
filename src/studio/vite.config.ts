/** Builds and serves the studio's page. */

import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { shared } from './vite.shared.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** While developing, Vite puts style sheets into the page; what is built keeps to the policy as it is written. */
const stylesWhileDeveloping: Plugin = {
  name: 'styles-while-developing',
  apply: 'serve',
  transformIndexHtml: (html) => html.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"),
};

export default defineConfig({
  ...shared,
  root: here('.'),
  base: './',
  publicDir: false,
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [stylesWhileDeveloping],
  build: {
    ...shared.build,
    outDir: here('../../dist/studio'),
    emptyOutDir: true,
    // The compiler and TypeScript are loaded behind the page.
    chunkSizeWarningLimit: 12_000,
    // Files in the place of data addresses: the policy allows no fonts or scripts from those.
    assetsInlineLimit: 0,
  },
});
