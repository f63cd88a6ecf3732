/** Reading whole files, with errors that name the path which was tried. */

import { existsSync, readFileSync } from 'node:fs';
import { InputError } from '../runtime/errors.ts';

/** The bytes of `path`; `data/file-missing` when there is no such file or it cannot be read. */
export function readBytes(path: string, help: string): Uint8Array {
  if (!existsSync(path)) {
    throw new InputError({ code: 'data/file-missing', message: `There is no file ${path}.`, help, at: path });
  }
  try {
    return readFileSync(path);
  } catch (error) {
    const message = `The file ${path} cannot be read: ${reasonOf(error)}.`;
    throw new InputError({ code: 'data/file-missing', message, help, at: path });
  }
}

/** The text of anything that was thrown; the cause is named when the message alone says little. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  // A failed connection to several addresses has no message of its own, only a code.
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  return `${error.message} (${cause.message || code || cause.name})`;
}
