/** Starts the report of branches on the sources, without a build: `node tests/branches/report.mjs [--all]`. */

import { createJiti } from 'jiti';

const { main } = await createJiti(import.meta.url, { fsCache: false }).import('./main.ts');
process.exitCode = main(process.argv.slice(2));
