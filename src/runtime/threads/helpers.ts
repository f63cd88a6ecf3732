/** Starts threads where the host has them. */

import { helperScript } from './helper-script.ts';

/** A `Worker` of a browser or of `node:worker_threads`. */
export interface Helper {
  postMessage(message: unknown): void;
  terminate(): unknown;
  /** In Node: the process may end while it sleeps. */
  unref?(): void;
  on?(type: 'error' | 'message', listener: (value: unknown) => void): unknown;
  addEventListener?(type: 'message', listener: (event: unknown) => void): void;
}

/** When the helper has begun: it says so once, and nothing else. */
export const begun = (helper: Helper): Promise<void> =>
  new Promise((resolve) => {
    if (helper.on) helper.on('message', () => resolve());
    else helper.addEventListener?.('message', () => resolve());
  });

/** How this host starts a thread, or why it cannot. */
export async function helperStarter(): Promise<(() => Helper) | string> {
  const host: { readonly SharedArrayBuffer?: unknown; readonly crossOriginIsolated?: unknown } = globalThis;
  if (host.SharedArrayBuffer === undefined || host.crossOriginIsolated === false)
    return 'there is no shared memory: a page has it when it is served with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp';
  if (isWorkerHost(host)) return inBrowser(host.Worker);
  // Not a literal, because bundlers for browsers look for what is imported, and there is no such module.
  const name = 'node:worker_threads';
  const threads: { readonly Worker: NodeWorker } | undefined =
    'process' in globalThis ? await import(/* @vite-ignore */ /* webpackIgnore: true */ name) : undefined;
  return threads === undefined ? 'this host has no workers' : inNode(threads.Worker);
}

type BrowserWorker = new (url: string) => Helper;
type NodeWorker = new (script: string, options: { eval: true }) => Helper;

const isWorkerHost = (host: object): host is { readonly Worker: BrowserWorker } =>
  'Worker' in host && typeof host.Worker === 'function';

const inBrowser =
  (Worker: BrowserWorker): (() => Helper) =>
  () => {
    const url = URL.createObjectURL(new Blob([helperScript], { type: 'text/javascript' }));
    const helper = new Worker(url);
    // The worker has its script by then, or never will.
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    return helper;
  };

const inNode =
  (Worker: NodeWorker): (() => Helper) =>
  () => {
    const helper = new Worker(helperScript, { eval: true });
    // One thread less is no failure: the others do its work.
    helper.on?.('error', () => undefined);
    return helper;
  };
