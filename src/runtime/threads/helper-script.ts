/** What the other threads run: as text, because a thread begins with a script of its own. */

/**
 * The script of a helper, for a page whose rules allow no scripts but its own files: save it as one, and give `withThreads` a
 * `start` that makes a worker of it.
 *
 * A helper instantiates the trainer's module over the shared memory, and says that it is ready. `help` never returns: the thread takes parts of whatever is to
 * be done, and sleeps in between, until it is ended from outside.
 */
export const helperScript = `
const help = ({ code, memory, thread }) => {
  const math = {};
  for (const { module, name } of WebAssembly.Module.imports(code))
    if (module === 'math') math[name] = name === 'host_toInt' ? (x) => x | 0 : Math[name.slice('host_'.length)];
  const instance = new WebAssembly.Instance(code, { env: { memory }, math });
  port.postMessage('ready');
  instance.exports.help(thread);
};
const isPage = typeof addEventListener === 'function';
const port = isPage ? self : require('node:worker_threads').parentPort;
if (isPage) addEventListener('message', ({ data }) => help(data));
else port.once('message', help);
`.trimStart();
