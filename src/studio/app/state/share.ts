/** A model and its options as a piece of text for the address of the page, and back: nothing is kept anywhere else. */

import type { CompileOptions, DataChoice } from '../../engine/protocol.ts';

/** What a link restores. A file of data stays where it is: the one who opens the link is asked for it. */
export interface Shared {
  readonly text: string;
  readonly options: CompileOptions;
  readonly data: Exclude<DataChoice, { kind: 'csv' }> | undefined;
  readonly seed: number;
}

export type Opened =
  | { readonly kind: 'none' }
  | { readonly kind: 'shared'; readonly shared: Shared }
  | { readonly kind: 'broken'; readonly why: string };

const prefix = '#m1.';
/** No model is longer; what unpacks to more is no link of ours. */
const textLimit = 200_000;

export async function hashOf(shared: Shared): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(shared));
  const packed = await through(bytes, new CompressionStream('deflate-raw'), Number.POSITIVE_INFINITY);
  return prefix + toBase64Url(packed);
}

/** What the hash of an address says. Never throws: a link is typed, cut and mended by many hands. */
export async function openHash(hash: string): Promise<Opened> {
  if (hash === '' || hash === '#') return { kind: 'none' };
  if (!hash.startsWith(prefix))
    return broken(
      hash.startsWith('#m') ? 'It was made by another version of the studio.' : 'It holds no model.',
    );
  try {
    const packed = fromBase64Url(hash.slice(prefix.length));
    const bytes = await through(packed, new DecompressionStream('deflate-raw'), 2 * textLimit);
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    const shared = sharedIn(value);
    return shared === undefined
      ? broken('What it holds is not a model with its options.')
      : { kind: 'shared', shared };
  } catch {
    return broken('It is cut off or damaged.');
  }
}

const broken = (why: string): Opened => ({ kind: 'broken', why });

/** All of a stream's output; refuses more than `limit` bytes, so that a small link cannot fill the memory. */
async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > limit) {
      await reader.cancel();
      throw new RangeError('too large');
    }
    chunks.push(part.value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function toBase64Url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

const fromBase64Url = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** A value of the right form in every part, or nothing. */
export function sharedIn(value: unknown): Shared | undefined {
  if (!isRecord(value) || !isRecord(value.options)) return undefined;
  const { text, seed } = value;
  const { dtype, target } = value.options;
  if (typeof text !== 'string' || text.length > textLimit || !isSeed(seed)) return undefined;
  if ((dtype !== 'f32' && dtype !== 'f64') || (target !== 'ts' && target !== 'wasm')) return undefined;
  return { text, options: { dtype, target }, data: dataIn(value.data), seed };
}

export const isSeed = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 32;

const made = ['moons', 'spirals', 'blobs', 'digits'] as const;

function dataIn(value: unknown): Shared['data'] {
  if (!isRecord(value)) return undefined;
  const kind = made.find((one) => one === value.kind);
  if (kind === undefined) return undefined;
  const { samples, noise, seed } = value;
  return {
    kind,
    ...(Number.isInteger(samples) && Number(samples) > 0 && { samples: Number(samples) }),
    ...(typeof noise === 'number' && noise >= 0 && noise <= 10 && { noise }),
    ...(isSeed(seed) && { seed }),
  };
}
