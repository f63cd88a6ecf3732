/** Zip archives of a few files, read strictly: whole, undamaged, and never unpacked past what they announce. */

import { inflateRawSync } from 'node:zlib';
import { InputError } from '../runtime/errors.ts';
import { crc32 } from './crc32.ts';
import { reasonOf } from './files.ts';

/** What an archive may hold in all, unpacked: 1 GiB. */
const unpackedLimit = 2 ** 30;
const mostEntries = 4096;
/** Deflate packs no more than this into a byte. */
const bestRatio = 1032;

/** Whether the bytes begin as a zip archive with a file in it does. */
export const isZip = (bytes: Uint8Array): boolean => [0x50, 0x4b, 3, 4].every((byte, i) => bytes[i] === byte);

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly local: number;
  /** Where the entry stands in the directory. */
  readonly at: number;
}

/**
 * The files of an archive by name. Throws `data/npz`, with `at` and the offset, for what is cut off, damaged, encrypted, named
 * twice, larger than announced, or over 1 GiB unpacked.
 */
export function readZip(bytes: Uint8Array, at: string): ReadonlyMap<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = directoryOf(bytes, view, at);
  const files = new Map<string, Uint8Array>();
  let total = 0;
  let reached = 0;
  for (const entry of [...entries].sort((a, b) => a.local - b.local)) {
    total += entry.unpacked;
    if (total > unpackedLimit)
      throw zipError(`It unpacks to more than ${unpackedLimit} bytes.`, at, entry.at);
    if (files.has(entry.name))
      throw zipError(`It names ${JSON.stringify(entry.name.slice(0, 80))} twice.`, at, entry.at);
    const start = dataStart(entry, bytes, view, at);
    if (entry.local < reached) throw zipError('Two of its files overlap.', at, entry.local);
    reached = start + entry.packed;
    files.set(entry.name, unpack(entry, bytes.subarray(start, reached), at, start));
  }
  return new Map(entries.map(({ name }) => [name, files.get(name) ?? new Uint8Array()]));
}

const endLength = 22;

/** The end of an archive is found from its own end, where a comment of any length may stand. */
function endOf(bytes: Uint8Array, view: DataView, at: string): number {
  for (let from = bytes.length - endLength; from >= 0 && from >= bytes.length - endLength - 0xffff; from--)
    if (
      view.getUint32(from, true) === 0x06054b50 &&
      from + endLength + view.getUint16(from + 20, true) === bytes.length
    )
      return from;
  throw zipError('The file does not end as a zip archive does.', at, bytes.length);
}

function directoryOf(bytes: Uint8Array, view: DataView, at: string): readonly Entry[] {
  const end = endOf(bytes, view, at);
  const count = view.getUint16(end + 10, true);
  const [size, start] = [view.getUint32(end + 12, true), view.getUint32(end + 16, true)];
  if (count > mostEntries || start === 0xffffffff)
    throw zipError(`It has too many or too large files.`, at, end);
  if (start + size > end) throw zipError('Its directory lies beyond its end.', at, end + 16);
  const entries: Entry[] = [];
  let from = start;
  for (let i = 0; i < count; i++) {
    if (from + 46 > start + size || view.getUint32(from, true) !== 0x02014b50)
      throw zipError('Its directory is damaged.', at, Math.min(from, bytes.length));
    const [nameLength, extra, comment] = [28, 30, 32].map((field) => view.getUint16(from + field, true));
    const next = from + 46 + (nameLength ?? 0) + (extra ?? 0) + (comment ?? 0);
    if (next > start + size) throw zipError('Its directory is damaged.', at, from);
    if ((view.getUint16(from + 8, true) & 1) !== 0) throw zipError('It is encrypted.', at, from + 8);
    entries.push({
      name: new TextDecoder().decode(bytes.subarray(from + 46, from + 46 + (nameLength ?? 0))),
      method: view.getUint16(from + 10, true),
      crc: view.getUint32(from + 16, true),
      packed: view.getUint32(from + 20, true),
      unpacked: view.getUint32(from + 24, true),
      local: view.getUint32(from + 42, true),
      at: from,
    });
    from = next;
  }
  return entries;
}

/** Past the header that stands before the data of a file. */
function dataStart({ local, packed, name }: Entry, bytes: Uint8Array, view: DataView, at: string): number {
  if (local + 30 > bytes.length || view.getUint32(local, true) !== 0x04034b50)
    throw zipError(
      `There is no file where ${JSON.stringify(name.slice(0, 80))} is to be.`,
      at,
      Math.min(local, bytes.length),
    );
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (start + packed > bytes.length) throw zipError('It is cut off.', at, bytes.length);
  return start;
}

function unpack(entry: Entry, data: Uint8Array, at: string, start: number): Uint8Array {
  const { name, method, unpacked, crc } = entry;
  const shown = JSON.stringify(name.slice(0, 80));
  if (method !== 0 && method !== 8)
    throw zipError(`${shown} is packed by method ${method}, not by deflate.`, at, entry.at + 10);
  const isPossible = method === 0 ? unpacked === data.length : unpacked <= data.length * bestRatio;
  if (!isPossible)
    throw zipError(`${shown} announces ${unpacked} bytes in ${data.length}.`, at, entry.at + 24);
  const out = method === 0 ? data : inflated(data, unpacked, shown, at, start);
  if (out.length !== unpacked)
    throw zipError(`${shown} unpacks to ${out.length} bytes, not ${unpacked}.`, at, start);
  if (crc32(out) !== crc) throw zipError(`${shown} is damaged: its checksum is another.`, at, start);
  return out;
}

function inflated(data: Uint8Array, limit: number, shown: string, at: string, start: number): Uint8Array {
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(1, limit) });
  } catch (thrown) {
    throw zipError(`${shown} is damaged: ${reasonOf(thrown)}.`, at, start);
  }
}

/** The bytes of an archive of `files`, none of them packed, without times: the same files make the same bytes. */
export function writeZip(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const locals: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [name, data] of files) {
    const path = new TextEncoder().encode(name);
    const fields = new Uint8Array(26);
    const view = new DataView(fields.buffer);
    // Version 2.0, names in UTF-8, stored, and the first day that the format knows.
    [20, 0x800, 0, 0, 0x21].forEach((value, i) => {
      view.setUint16(2 * i, value, true);
    });
    [crc32(data), data.length, data.length].forEach((value, i) => {
      view.setUint32(10 + 4 * i, value, true);
    });
    view.setUint16(22, path.length, true);
    locals.push(Uint8Array.of(0x50, 0x4b, 3, 4), fields, path, data);
    const tail = new Uint8Array(14);
    new DataView(tail.buffer).setUint32(10, offset, true);
    directory.push(Uint8Array.of(0x50, 0x4b, 1, 2, 20, 0), fields, tail, path);
    offset += 30 + path.length + data.length;
  }
  const end = new Uint8Array(endLength);
  const view = new DataView(end.buffer);
  view.setUint32(0, 0x06054b50, true);
  view.setUint16(8, files.size, true);
  view.setUint16(10, files.size, true);
  view.setUint32(
    12,
    directory.reduce((sum, { length }) => sum + length, 0),
    true,
  );
  view.setUint32(16, offset, true);
  return joined([...locals, ...directory, end]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const zipError = (message: string, at: string, offset: number): InputError =>
  new InputError({ code: 'data/npz', message, help: 'Write the file again with numpy.savez.', at, offset });
