/** Ends the process of a test file that hangs: a thread of its own, for a loop without an end lets no timer run. */

import { Worker } from 'node:worker_threads';

/** Milliseconds that a test file may take with a seeded bug in the compiler. */
const limit = 60_000;

new Worker(`setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${limit})`, { eval: true }).unref();
