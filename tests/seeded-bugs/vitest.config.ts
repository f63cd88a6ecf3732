/** The tests on a compiler with one bug: `CHAINRULE_BUG=mul-swapped npx vitest run --config tests/seeded-bugs/vitest.config.ts`. */

import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';
import config from '../../vitest.config.ts';
import { bugs } from './bugs.ts';
import { seeding } from './plugin.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const id = process.env.CHAINRULE_BUG;
const bug = bugs.find((one) => one.id === id);
if (id !== undefined && bug === undefined) throw new Error(`There is no seeded bug "${id}".`);

export default mergeConfig(config, defineConfig({ root, plugins: [seeding(root, () => bug)] }));
