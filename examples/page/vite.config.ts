import { chainrule } from 'chainrule/vite';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [chainrule({ types: 'trainers.d.ts' })],
  build: { target: 'es2022' },
});
