/** Files that the commands read and write, with errors that name the path. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readBytes, reasonOf } from '../data/files.ts';
import { writeError } from './failure.ts';
import { shortPath } from './output.ts';

export const readWeights = (path: string): Uint8Array =>
  readBytes(path, 'Name a safetensors file, such as the weights.safetensors that train --out leaves.');

/** The text of a source file, for the names of variables; undefined when it cannot be read. */
export function readSource(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Writes a file; its folder is made when it is missing. */
export function writeFile(path: string, content: string | Uint8Array): void {
  makeFolder(dirname(resolve(path)));
  try {
    writeFileSync(path, content);
  } catch (thrown) {
    throw writeError(`${shortPath(path)} cannot be written: ${reasonOf(thrown)}.`, 'Choose another place.');
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
