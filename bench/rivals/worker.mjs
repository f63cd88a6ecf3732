/** Starts a process that measures: `node worker.mjs SPEC`, SPEC as JSON of one contender, or `scaling`. */

import { setFlagsFromString } from 'node:v8';
import { createJiti } from 'jiti';

// Node 20 knows the relaxed instructions, but only when asked before the first module is compiled.
if (process.versions.node.startsWith('20.')) setFlagsFromString('--experimental-wasm-relaxed-simd');
const jiti = createJiti(import.meta.url, { fsCache: false, tryNative: true });
const [task = '', ...words] = process.argv.slice(2);
if (task === 'scaling') await (await jiti.import('./scaling-worker.ts')).work(words);
else await (await jiti.import('./worker.ts')).work(JSON.parse(task));
