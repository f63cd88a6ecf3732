/** Starts the benchmark against rivals: `node bench/rivals/run.mjs --help`. What it measures is the compiler in `dist`. */

import { createJiti } from 'jiti';

// Modules of dist are loaded by Node itself, as a user's are; only the benchmark is transpiled.
const jiti = createJiti(import.meta.url, { fsCache: false, tryNative: true });
const { main } = await jiti.import('./main.ts');
await main(process.argv.slice(2));
