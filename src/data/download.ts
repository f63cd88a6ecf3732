/** One HTTP download into memory: bounded in size and in silence, with progress. */

import { reasonOf } from './files.ts';

/** `total` is undefined when the server does not say it; both are in bytes. */
export type ProgressCallback = (file: string, received: number, total: number | undefined) => void;

export interface FetchLimits {
  /** More than this many bytes are refused. */
  readonly maxBytes: number;
  /** Milliseconds without a byte after which the server is given up. */
  readonly silenceMs: number;
}

export type FetchResult =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly reason: string };

/** Fetches `url`; whatever goes wrong, an error thrown by `onBytes` included, is told in the result. */
export async function fetchBytes(
  url: string,
  limits: FetchLimits,
  onBytes: (received: number, total: number | undefined) => void,
): Promise<FetchResult> {
  const abort = new AbortController();
  const seconds = limits.silenceMs / 1000;
  const timer = setTimeout(() => abort.abort(new Error(`no answer for ${seconds} s`)), limits.silenceMs);
  try {
    const response = await fetch(url, { signal: abort.signal });
    if (!response.ok) {
      await response.body?.cancel();
      return failed(`the server answered ${response.status} ${response.statusText}`.trimEnd());
    }
    return await receive(response, limits.maxBytes, (received, total) => {
      timer.refresh();
      onBytes(received, total);
    });
  } catch (error) {
    return failed(reasonOf(error));
  } finally {
    clearTimeout(timer);
  }
}

async function receive(
  response: Response,
  maxBytes: number,
  onBytes: (received: number, total: number | undefined) => void,
): Promise<FetchResult> {
  const total = announcedLength(response);
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of bodyOf(response)) {
    received += chunk.length;
    if (received > maxBytes) return failed(`more than the ${maxBytes} bytes expected came`);
    chunks.push(chunk);
    onBytes(received, total);
  }
  if (total !== undefined && received !== total) return failed(`cut off after ${received} of ${total} bytes`);
  return { kind: 'bytes', bytes: Buffer.concat(chunks) };
}

/** The length of the body as it is handed over; a body that fetch unpacks has another than the header says. */
function announcedLength(response: Response): number | undefined {
  const header = response.headers.get('content-length');
  if (header === null || response.headers.has('content-encoding')) return undefined;
  return /^\d+$/.test(header) ? Number.parseInt(header, 10) : undefined;
}

async function* bodyOf(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Left early (too many bytes): the rest must not keep the connection open.
    await reader.cancel().catch(() => undefined);
  }
}

function failed(reason: string): FetchResult {
  return { kind: 'failed', reason };
}
