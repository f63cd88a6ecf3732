/** Errors on their way between a worker and its page, which can pass on data but no objects of a class. */

import type { CheckpointNotice } from '../checkpoint/fit.ts';
import { InputError } from '../errors.ts';
import type { Failure, SentNotice } from './protocol.ts';

export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof InputError) {
    const { code, message, help, at, offset, replay } = thrown;
    return { kind: 'input', details: { code, message, help, at, offset, replay } };
  }
  if (thrown instanceof Error) return { kind: 'bug', message: thrown.message, stack: thrown.stack };
  return { kind: 'bug', message: String(thrown), stack: undefined };
}

export function errorOf(failure: Failure): Error {
  if (failure.kind === 'input') return new InputError(failure.details);
  const error = new Error(failure.message);
  if (failure.stack !== undefined) error.stack = failure.stack;
  return error;
}

export const sentNotice = (notice: CheckpointNotice): SentNotice =>
  'error' in notice ? { kind: notice.kind, failure: failureOf(notice.error) } : notice;

/** The error of a notice is an `InputError`, and so is what comes out of its failure. */
export const heardNotice = (notice: SentNotice): CheckpointNotice =>
  'failure' in notice ? { kind: notice.kind, error: errorOf(notice.failure) as InputError } : notice;

export const closed = (): InputError =>
  new InputError({
    code: 'worker/closed',
    message: 'The worker was closed by close().',
    help: 'Connect to a new worker; load what save() gave to go on from there.',
  });

export const died = (reason: string): InputError =>
  new InputError({
    code: 'worker/died',
    message: `The worker has ended: ${reason}.`,
    help: 'Connect to a new worker; load what save() gave to go on from there.',
  });

export const notSendable = (thrown: unknown): InputError =>
  new InputError({
    code: 'worker/not-sendable',
    message: `This cannot be sent to the worker: ${thrown instanceof Error ? thrown.message : thrown}.`,
    help: 'Give numbers, arrays and typed arrays, whose memory was not transferred to somewhere else.',
  });

export const busy = (method: string): InputError =>
  new InputError({
    code: 'worker/busy',
    message: `${method}() cannot change the model while a fit is training it in the worker.`,
    help: 'Wait for the end of that fit, leave its loop, or call abort() before.',
  });

export const connected = (): InputError =>
  new InputError({
    code: 'worker/busy',
    message: 'The worker is connected already; a worker serves one trainer to one page.',
    help: 'Use the trainer that the first connect() gave, or start another worker.',
  });
