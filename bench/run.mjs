/** Starts the smoke benchmark: `node bench/run.mjs [--json FILE]`. What it measures is the built compiler in `dist`. */

import { createJiti } from 'jiti';

// Modules of dist are loaded by Node itself, as a user's are; only the benchmark is transpiled.
const jiti = createJiti(import.meta.url, { fsCache: false, tryNative: true });
const { main } = await jiti.import('./smoke.ts');
await main(process.argv.slice(2));
