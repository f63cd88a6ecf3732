/** Files that the commands read and write, with errors that name the path. */

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readBytes, reasonOf } from '../data/files.ts';
import { readNpz, safetensorsOf } from '../data/numpy.ts';
import { isZip } from '../data/zip.ts';
import { decodeCheckpoint, isCheckpoint } from '../runtime/checkpoint/checkpoint.ts';
import { writeError } from './failure.ts';
import { shortPath } from './output.ts';

/**
 * Weights as safetensors, from such a file or from NumPy's `.npz`. A checkpoint is a file of weights as well; that it is whole
 * is checked here, because nobody else looks for its checksum.
 */
export function readWeights(path: string): Uint8Array {
  const bytes = readBytes(
    path,
    'Name a safetensors or .npz file, such as the weights.safetensors that train --out leaves.',
  );
  if (isZip(bytes)) return safetensorsOf(readNpz(bytes, path));
  if (isCheckpoint(bytes)) decodeCheckpoint(bytes);
  return bytes;
}

/** The text of a source file, for the names of variables; undefined when it cannot be read. */
export function readSource(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (thrown) {
    throw writeError(
      `the folder ${shortPath(path)} cannot be made: ${reasonOf(thrown)}.`,
      'Choose another place.',
    );
  }
}

/** The folder of this package, the same from its sources and from what is built of them. */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

export function packageVersion(): string {
  const parsed: unknown = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8'));
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : '';
}
