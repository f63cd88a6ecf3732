/** What the tests say about errors: the InputError that a call gives. */

import { InputError } from '../../src/runtime/index.ts';

/** The InputError that `call` throws; any other outcome fails the test. */
export function inputError(call: () => unknown): InputError {
  try {
    call();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('expected an InputError, but the call succeeded');
}

/** `code: message help` of the error, for matching. */
export function failure(call: () => unknown): string {
  const { code, message, help = '' } = inputError(call);
  return `${code}: ${message} ${help}`;
}
