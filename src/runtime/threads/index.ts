/** `chainrule/threads`: training on several threads over one shared memory. */

export { helperScript } from './helper-script.ts';
export { type ThreadedModule, type ThreadOptions, type Threads, withThreads } from './with-threads.ts';
