/** Starts the runner of the seeded bugs on the sources, without a build: `node tests/seeded-bugs/run.mjs [OPTIONS]`. */

import { createJiti } from 'jiti';

const { main } = await createJiti(import.meta.url, { fsCache: false }).import('./main.ts');
process.exitCode = await main(process.argv.slice(2));
