/** What the tests of data share: temporary folders, small IDX files, and the error a call gives. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import type { MNIST_FILES } from '../../src/data/mnist.ts';
import { InputError } from '../../src/runtime/errors.ts';

/** A new empty folder, removed when the test ends. */
export function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'chainrule-data-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** The InputError that `run` throws; any other outcome fails the test. */
export function errorOf(run: () => unknown): InputError {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('expected an InputError, but nothing was thrown');
}

/** As `errorOf`, of a promise. */
export async function rejectionOf(promise: Promise<unknown>): Promise<InputError> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof InputError) return outcome;
  throw outcome ?? new Error('expected an InputError, but nothing was thrown');
}

function words(...values: readonly number[]): Buffer {
  const out = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => {
    out.writeUInt32BE(value, 4 * i);
  });
  return out;
}

/** An IDX file of images with the given pixels. */
export function idxImages(count: number, rows: number, columns: number, pixels: readonly number[]): Buffer {
  return Buffer.concat([words(0x803, count, rows, columns), Buffer.from(pixels)]);
}

export function idxLabels(labels: readonly number[]): Buffer {
  return Buffer.concat([words(0x801, labels.length), Buffer.from(labels)]);
}

/** The four files of a set of 3 train and 2 test images of 1×2 pixels. */
export function smallSet(): Readonly<Record<(typeof MNIST_FILES)[number], Buffer>> {
  return {
    'train-images-idx3-ubyte': idxImages(3, 1, 2, [0, 255, 1, 2, 128, 51]),
    'train-labels-idx1-ubyte': idxLabels([7, 0, 9]),
    't10k-images-idx3-ubyte': idxImages(2, 1, 2, [10, 20, 30, 40]),
    't10k-labels-idx1-ubyte': idxLabels([1, 2]),
  };
}

/** Writes a set into `dir`, packed or not. */
export function writeSet(dir: string, set: Readonly<Record<string, Buffer>>, packed: boolean): void {
  for (const [name, bytes] of Object.entries(set)) {
    writeFileSync(join(dir, packed ? `${name}.gz` : name), packed ? gzipSync(bytes) : bytes);
  }
}
