/** Starts the engine for a page. */

import { type ConnectOptions, connectEngine, type EngineConnection } from './client.ts';
import workerUrl from './engine.worker.ts?worker&url';

/**
 * A worker with the page's own policy, whatever the server sends with its script: a model may have come with a link, and is to
 * ask no other server and to make no code from strings. Only a worker that begins in a blob inherits the policy, so this
 * one begins by importing the rest.
 */
export function startEngine(options?: ConnectOptions): EngineConnection {
  const script = `import ${JSON.stringify(new URL(workerUrl, location.href).href)};`;
  const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const connection = connectEngine(new Worker(address, { type: 'module' }), options);
  const release = (): void => URL.revokeObjectURL(address);
  connection.ready.then(release, release);
  return connection;
}
