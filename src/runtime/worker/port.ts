/** One end of the line between a page and its worker, whatever the host calls its parts. */

interface Posting {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  /** Of a worker. */
  terminate?(): unknown;
  /** Of an end of a `MessageChannel`. */
  close?(): void;
}

/** As browsers have it. */
interface EventEndpoint extends Posting {
  addEventListener(type: string, listener: (event: unknown) => void): void;
  /** Of an end of a `MessageChannel`: nothing is heard before. */
  start?(): void;
}

/** As `node:worker_threads` has it. */
interface EmitterEndpoint extends Posting {
  on(type: string, listener: (value: unknown) => void): unknown;
}

/** A `Worker` of a browser or of `node:worker_threads`, or an end of a `MessageChannel`. */
export type Endpoint = EventEndpoint | EmitterEndpoint;

export interface Port<Sent> {
  /** Throws what the host throws when a value cannot be copied; `transfer` is gone afterwards. */
  post(message: Sent, transfer?: readonly ArrayBuffer[]): void;
  /** `broken` is told why nothing more can be heard. */
  listen(heard: (message: unknown) => void, broken: (reason: string) => void): void;
  /** Ends a worker, closes a channel. */
  close(): Promise<void>;
}

/** A page may say other things to its worker: what is ours is in a field of this name. */
const field = 'chainrule';

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

const reasonOf = (event: unknown, otherwise: string): string => {
  const message = fieldOf(event, 'message');
  return typeof message === 'string' && message !== '' ? message : otherwise;
};

export function portOf<Sent>(endpoint: Endpoint): Port<Sent> {
  return {
    post(message, transfer = []) {
      endpoint.postMessage({ [field]: message }, [...transfer]);
    },
    listen(heard, broken) {
      const receive = (message: unknown): void => {
        const ours = fieldOf(message, field);
        if (typeof ours === 'object' && ours !== null) heard(ours);
      };
      const unreadable = (): void => broken('a message could not be read');
      if ('on' in endpoint) {
        endpoint.on('message', receive);
        endpoint.on('messageerror', unreadable);
        endpoint.on('error', (error) => broken(reasonOf(error, `${error}`)));
        endpoint.on('exit', (code) => broken(`exit code ${code}`));
        endpoint.on('close', () => broken('the channel was closed'));
        return;
      }
      endpoint.addEventListener('message', (event) => receive(fieldOf(event, 'data')));
      endpoint.addEventListener('messageerror', unreadable);
      endpoint.addEventListener('error', (event) =>
        broken(reasonOf(event, 'its script could not be loaded')),
      );
      endpoint.start?.();
    },
    async close() {
      if (endpoint.terminate) await endpoint.terminate();
      else endpoint.close?.();
    },
  };
}

/** The end that a worker has of its own: of the browser's global scope, or of `node:worker_threads`. */
export function ownEndpoint(): Endpoint | Promise<Endpoint> {
  const scope: object = globalThis;
  // A page has these functions as well, and would talk to itself.
  return isEventEndpoint(scope) && !('document' in scope) ? scope : parentOfThread();
}

const isEventEndpoint = (scope: object): scope is EventEndpoint =>
  'postMessage' in scope && 'addEventListener' in scope;

async function parentOfThread(): Promise<Endpoint> {
  // Not a literal, because bundlers for browsers look for what is imported, and there is no such module.
  const name = 'node:worker_threads';
  const threads: { readonly parentPort: EmitterEndpoint | null } | undefined =
    'process' in globalThis ? await import(/* @vite-ignore */ /* webpackIgnore: true */ name) : undefined;
  if (threads?.parentPort) return threads.parentPort;
  throw new Error('serve is for the file of a worker: new Worker(new URL("./FILE", import.meta.url)).');
}
