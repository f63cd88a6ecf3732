/** Strict unpacking of gzip files: whole, undamaged, nothing after the end, and never past a size limit. */

import { constants, gunzipSync } from 'node:zlib';
import { InputError } from '../runtime/errors.ts';
import { reasonOf } from './files.ts';

/** The unpacked size, in bytes, beyond which a file is refused unless the caller knows better: 256 MiB. */
export const DEFAULT_UNPACKED_LIMIT = 2 ** 28;

/** Whether the bytes begin as a gzip file does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Unpacks a gzip file of one or more members.
 *
 * Throws `data/gzip`, with `at`, when it is cut off, damaged, followed by other bytes, or larger than
 * `maxBytes` once unpacked (no more than that is unpacked). `offset` is the end of what is cut off, the first zero that
 * follows the end, or 0: where damaged data went wrong is not known.
 */
export function gunzip(bytes: Uint8Array, at: string, maxBytes: number = DEFAULT_UNPACKED_LIMIT): Uint8Array {
  const { buffer, consumed } = unpackWhole(bytes, at, maxBytes);
  // The library skips zero bytes after the last member; here they are junk like any other.
  if (consumed !== bytes.length) {
    const extra = bytes.length - consumed;
    const message = `${extra} bytes follow the end of the gzip data at byte ${consumed}.`;
    throw gzipError(message, at, consumed);
  }
  return buffer;
}

/** The first unpacked bytes of a gzip file, at most what its first KiB holds; empty when that is damaged. */
export function gunzipStart(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes.subarray(0, 1024), { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return new Uint8Array();
  }
}

function unpackWhole(bytes: Uint8Array, at: string, maxBytes: number) {
  if (!isGzip(bytes)) {
    const found = bytes.length === 0 ? 'an empty file' : `bytes ${hex(bytes.subarray(0, 2))}`;
    throw gzipError(`Expected a gzip file, which begins with bytes 1f 8b, found ${found}.`, at, 0);
  }
  try {
    const result: unknown = gunzipSync(bytes, { info: true, maxOutputLength: maxBytes });
    if (isUnpacked(result)) return { buffer: result.buffer, consumed: result.engine.bytesWritten };
  } catch (error) {
    const offset = codeOf(error) === CUT_OFF ? bytes.length : 0;
    throw gzipError(describe(error, bytes.length, maxBytes), at, offset);
  }
  throw gzipError('This Node.js does not report how much of a gzip file it read.', at, 0);
}

/** What `gunzipSync` returns under `info: true`, which its types do not tell. */
interface Unpacked {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

function isUnpacked(value: unknown): value is Unpacked {
  if (typeof value !== 'object' || value === null || !('buffer' in value) || !('engine' in value))
    return false;
  const { buffer, engine } = value;
  return (
    buffer instanceof Uint8Array && typeof engine === 'object' && engine !== null && 'bytesWritten' in engine
  );
}

const CUT_OFF = 'Z_BUF_ERROR';

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

function describe(error: unknown, length: number, maxBytes: number): string {
  const code = codeOf(error);
  if (code === 'ERR_BUFFER_TOO_LARGE')
    return `The gzip data unpacks to more than the ${maxBytes} bytes expected.`;
  if (code === CUT_OFF) return `The gzip data is cut off: its ${length} bytes end in the middle of a member.`;
  return `The gzip data is damaged, or other bytes follow it: ${reasonOf(error)}.`;
}

function gzipError(message: string, at: string, offset: number): InputError {
  return new InputError({ code: 'data/gzip', message, help: 'Fetch or pack the file again.', at, offset });
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
