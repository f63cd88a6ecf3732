/** A strict reader of the IDX files in which image sets of bytes are published. */

import { InputError } from '../runtime/errors.ts';
import { readBytes } from './files.ts';
import { DEFAULT_UNPACKED_LIMIT, gunzip, gunzipStart, isGzip } from './gzip.ts';

export type IdxKind = 'images' | 'labels';

export interface IdxArray {
  /** `[items, rows, columns]` of images, `[items]` of labels. */
  readonly dims: readonly number[];
  /** The bytes in row-major order, as many as the product of `dims`; a view of the input. */
  readonly data: Uint8Array;
}

const FORMS = {
  images: { magic: 0x00000803, rank: 3 },
  labels: { magic: 0x00000801, rank: 1 },
} as const;

/** What is unpacked, in bytes, of a packed file whose first KiB does not hold a header: 1 MiB. */
const UNANNOUNCED_LIMIT = 2 ** 20;

/**
 * The array in an unpacked IDX file of unsigned bytes, images (rank 3) or labels (rank 1).
 *
 * Throws `data/idx`, with `at`, on another magic number (or another kind than `kind`), zero items, and on fewer
 * or more bytes than the header announces; nothing of a bad file is returned.
 */
export function readIdx(bytes: Uint8Array, at: string, kind?: IdxKind): IdxArray {
  const rank = rankOf(bytes, at, kind);
  const header = 4 + 4 * rank;
  if (bytes.length < header) {
    const message = `The file is cut off: its header takes ${header} bytes, found ${bytes.length}.`;
    throw idxError(message, at, bytes.length);
  }
  const dims = dimsOf(bytes, rank);
  const empty = dims.indexOf(0);
  if (empty >= 0) {
    const message = `The header announces no data: its dimensions are ${dims.join('×')}.`;
    throw idxError(message, at, 4 + 4 * empty);
  }
  // In doubles: 2^96 is rounded but does not overflow, and no real length comes near the rounding.
  const expected = header + dims.reduce((product, dim) => product * dim, 1);
  if (bytes.length !== expected) {
    const what = bytes.length < expected ? 'The file is cut off' : 'Other bytes follow the data';
    const announced = `the header announces ${dims.join('×')}, a file of ${expected} bytes`;
    const message = `${what}: ${announced}, found ${bytes.length}.`;
    throw idxError(message, at, Math.min(expected, bytes.length));
  }
  return { dims, data: bytes.subarray(header) };
}

/** As `readIdx`, from a file which may be gzip-packed; adds `data/file-missing` and `data/gzip`. */
export function readIdxFile(path: string, kind?: IdxKind): IdxArray {
  return readMaybePacked(readBytes(path, 'Check the path.'), path, kind);
}

/** As `readIdxFile`, of the bytes of the file; offsets in what was packed are those of the unpacked bytes. */
export function readMaybePacked(bytes: Uint8Array, at: string, kind?: IdxKind): IdxArray {
  if (!isGzip(bytes)) return readIdx(bytes, at, kind);
  const start = gunzipStart(bytes);
  // What is no IDX file is not unpacked to say so.
  if (start.length >= 4) rankOf(start, at, kind);
  return readIdx(gunzip(bytes, at, unpackedLimit(start)), at, kind);
}

/** The file size which the header in `start` announces: no more than that is ever unpacked. */
function unpackedLimit(start: Uint8Array): number {
  const form = Object.values(FORMS).find(
    ({ magic, rank }) => start.length >= 4 + 4 * rank && word(start, 0) === magic,
  );
  if (form === undefined) return UNANNOUNCED_LIMIT;
  const announced = dimsOf(start, form.rank).reduce((product, dim) => product * dim, 1) + 4 + 4 * form.rank;
  return Math.min(announced, 4 * DEFAULT_UNPACKED_LIMIT);
}

function rankOf(bytes: Uint8Array, at: string, kind: IdxKind | undefined): number {
  if (bytes.length < 4) {
    const message = `The file is cut off: expected a magic number of 4 bytes, found ${bytes.length} bytes.`;
    throw idxError(message, at, bytes.length);
  }
  const magic = word(bytes, 0);
  const wanted: readonly IdxKind[] = kind === undefined ? ['images', 'labels'] : [kind];
  const found = wanted.find((candidate) => FORMS[candidate].magic === magic);
  if (found !== undefined) return FORMS[found].rank;
  const expected = wanted.map((candidate) => `${hex(FORMS[candidate].magic)} (${candidate})`).join(' or ');
  const hint = isGzip(bytes) ? ', a gzip file that was not unpacked' : '';
  throw idxError(`Expected the magic number ${expected} at byte 0, found ${hex(magic)}${hint}.`, at, 0);
}

function dimsOf(bytes: Uint8Array, rank: number): readonly number[] {
  return Array.from({ length: rank }, (_, i) => word(bytes, 4 + 4 * i));
}

function word(bytes: Uint8Array, offset: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(offset);
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}

function idxError(message: string, at: string, offset: number): InputError {
  const help = 'Fetch the file again from its publisher.';
  return new InputError({ code: 'data/idx', message, help, at, offset });
}
