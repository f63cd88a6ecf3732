/** What an error of a parser must have: a code of its own, a message, and a place in the file; and what may have none. */

import { InputError, type InputErrorCode } from '../../src/runtime/errors.ts';

/** An `InputError` of one of the codes, with a byte of the input, its end included. */
export const isInputError = (
  thrown: unknown,
  codes: readonly InputErrorCode[],
  input: Uint8Array,
): thrown is InputError & { readonly offset: number } =>
  isCoded(thrown, codes) &&
  thrown.offset !== undefined &&
  Number.isInteger(thrown.offset) &&
  thrown.offset >= 0 &&
  thrown.offset <= input.length;

export const isCoded = (thrown: unknown, codes: readonly InputErrorCode[]): thrown is InputError =>
  thrown instanceof InputError &&
  codes.includes(thrown.code) &&
  thrown.message !== '' &&
  thrown.message.length < 5000;

/** Reads what was written from what was read: an error here is a fault, not a refusal. */
export function again<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    throw new Error(`what was read is refused when it is written: ${thrown}`);
  }
}
