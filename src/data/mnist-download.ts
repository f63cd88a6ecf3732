/** Fetching MNIST from its public mirrors into a cache folder, each file checked before it is kept. */

import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../runtime/errors.ts';
import { fetchBytes, type ProgressCallback } from './download.ts';
import { readBytes, reasonOf } from './files.ts';
import { gunzip, isGzip } from './gzip.ts';
import { findMnistFile, MNIST_FILES, type MnistFile } from './mnist.ts';

export const MNIST_MIRRORS: readonly string[] = [
  'https://storage.googleapis.com/cvdf-datasets/mnist/',
  'https://ossci-datasets.s3.amazonaws.com/mnist/',
];

/** SHA-256 of the unpacked files: mirrors may pack the same contents differently. */
export const MNIST_CHECKSUMS: Readonly<Record<MnistFile, string>> = {
  'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
};

export interface DownloadOptions {
  /** Tried in order for each file; default `$CHAINRULE_MNIST_URL` when set, else the public mirrors. */
  readonly baseUrls?: readonly string[];
  /** Default `$XDG_CACHE_HOME/chainrule/mnist`, or `~/.cache/chainrule/mnist`. */
  readonly cacheDir?: string;
  readonly onProgress?: ProgressCallback;
  /** Of the unpacked files, in hex: SHA-256 (64 digits) or MD5 (32 digits). */
  readonly checksums?: Readonly<Record<MnistFile, string>>;
  /** Milliseconds without a byte after which a mirror is given up; default 30,000. */
  readonly silenceMs?: number;
}

/** Larger than any of the files, packed or not. */
const MAX_BYTES = 2 ** 26;
const OFFLINE_HELP = 'If you have the four files already, name their folder: mnist:DIR.';

/**
 * Makes sure that the cache folder holds the four files, unpacked and matching their checksums; returns it.
 *
 * Throws `data/download` when no mirror gives a file or the cache cannot be written, and `data/checksum` when
 * the last mirror tried gave other contents. A file enters the cache whole or not at all.
 */
export async function downloadMnist(options: DownloadOptions = {}): Promise<string> {
  const cacheDir = options.cacheDir ?? defaultCacheDir();
  const checksums = options.checksums ?? MNIST_CHECKSUMS;
  for (const file of MNIST_FILES) {
    if (isCached(cacheDir, file, checksums[file])) continue;
    const bytes = await fromMirrors(file, checksums[file], options);
    writeWhole(cacheDir, file, bytes);
  }
  return cacheDir;
}

/** `$XDG_CACHE_HOME/chainrule/mnist`, or `~/.cache/chainrule/mnist` when that variable is not set. */
export function defaultCacheDir(): string {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(base, 'chainrule', 'mnist');
}

function mirrorsOf(options: DownloadOptions): readonly string[] {
  if (options.baseUrls !== undefined) return options.baseUrls;
  const own = process.env.CHAINRULE_MNIST_URL;
  return own ? [own] : MNIST_MIRRORS;
}

function isCached(cacheDir: string, file: MnistFile, checksum: string): boolean {
  const path = findMnistFile(cacheDir, file);
  if (path === undefined) return false;
  try {
    return hashOf(unpacked(readBytes(path, OFFLINE_HELP), path), checksum) === checksum.toLowerCase();
  } catch {
    // A damaged file in the cache is as good as none: it is fetched again.
    return false;
  }
}

type Failure = { readonly code: 'data/download' | 'data/checksum'; readonly reason: string };

async function fromMirrors(file: MnistFile, checksum: string, options: DownloadOptions): Promise<Uint8Array> {
  const failures: Failure[] = [];
  for (const base of mirrorsOf(options)) {
    const url = `${base.replace(/\/?$/, '/')}${file}.gz`;
    const result = await fromMirror(url, file, checksum, options);
    if (result instanceof Uint8Array) return result;
    failures.push({ ...result, reason: `${url}: ${result.reason}` });
  }
  throw new InputError({
    code: failures.at(-1)?.code ?? 'data/download',
    message: `Cannot download ${file}.gz. ${failures.map(({ reason }) => `${reason}.`).join(' ')}`,
    help: OFFLINE_HELP,
    at: file,
  });
}

async function fromMirror(
  url: string,
  file: MnistFile,
  checksum: string,
  options: DownloadOptions,
): Promise<Uint8Array | Failure> {
  const limits = { maxBytes: MAX_BYTES, silenceMs: options.silenceMs ?? 30_000 };
  const result = await fetchBytes(url, limits, (received, total) =>
    options.onProgress?.(file, received, total),
  );
  if (result.kind === 'failed') return { code: 'data/download', reason: result.reason };
  try {
    const bytes = unpacked(result.bytes, url);
    const found = hashOf(bytes, checksum);
    if (found === checksum.toLowerCase()) return bytes;
    return { code: 'data/checksum', reason: `expected contents with checksum ${checksum}, found ${found}` };
  } catch (error) {
    return { code: 'data/download', reason: reasonOf(error).replace(/\.$/, '') };
  }
}

/** A server that declares the packing as its own encoding has it undone on the way. */
function unpacked(bytes: Uint8Array, at: string): Uint8Array {
  return isGzip(bytes) ? gunzip(bytes, at, MAX_BYTES) : bytes;
}

/** In hex, by the algorithm that gives checksums as long as `like`. */
function hashOf(bytes: Uint8Array, like: string): string {
  return createHash(like.length === 32 ? 'md5' : 'sha256')
    .update(bytes)
    .digest('hex');
}

function writeWhole(dir: string, file: MnistFile, bytes: Uint8Array): void {
  // Written beside its place and renamed: neither a crash nor a second process can leave half a file.
  const temporary = join(dir, `${file}.${randomUUID()}.part`);
  try {
    mkdirSync(dir, { recursive: true });
    writeFileSync(temporary, bytes);
    renameSync(temporary, join(dir, file));
  } catch (error) {
    removeQuietly(temporary);
    throw new InputError({
      code: 'data/download',
      message: `The cache folder ${dir} cannot be written: ${reasonOf(error)}.`,
      help: `Set XDG_CACHE_HOME to a folder that can be. ${OFFLINE_HELP}`,
      at: dir,
    });
  }
}

/** The error that made the file useless is the one to tell, not one of removing it. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Nothing can be done about it, and it is never read: its name is its own.
  }
}
