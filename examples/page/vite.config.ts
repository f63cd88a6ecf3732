import { chainrule } from 'chainrule/vite';
import { defineConfig } from 'vite';

export default defineConfig({ plugins: [chainrule()], build: { target: 'es2022' } });
