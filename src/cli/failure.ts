/** Errors of the command line itself, which are neither the model's nor the data's. */

export const exitCodes = {
  ok: 0,
  error: 1,
  usage: 2,
  interrupted: 130,
  closedPipe: 141,
  terminated: 143,
} as const;

/** An error to be told in one line, with what to do next and the exit code it ends in. */
export interface Failure extends Error {
  readonly code: string;
  readonly exitCode: number;
  readonly help?: string;
}

const failure = (code: string, exitCode: number, message: string, help?: string): Failure =>
  Object.assign(new Error(message), { code, exitCode, ...(help === undefined ? {} : { help }) });

/** The command was written wrongly. */
export const usageError = (message: string, help?: string): Failure =>
  failure('usage', exitCodes.usage, message, help);

/** A file cannot be written. */
export const writeError = (message: string, help?: string): Failure =>
  failure('file/write', exitCodes.error, message, help);

/** A file of the user's would be lost. */
export const outputExists = (message: string): Failure =>
  failure(
    'output/exists',
    exitCodes.error,
    `${message}: it is left as it is.`,
    'Choose another place, or write over it with --force.',
  );

/** A file of the package is not where it belongs. */
export const incomplete = (message: string): Failure =>
  failure(
    'package/incomplete',
    exitCodes.error,
    message,
    'Install chainrule again; in a clone, write npm run build.',
  );

/** The model lacks what the command needs. */
export const modelError = (message: string, help?: string): Failure =>
  failure('model/outputs', exitCodes.error, message, help);

/** A training came to nothing. */
export const trainingError = (message: string, help?: string): Failure =>
  failure('train/not-finite', exitCodes.error, message, help);

/** Ctrl-C came before there was a result. */
export const interruption = (message: string): Failure =>
  failure('interrupted', exitCodes.interrupted, message);

export const isFailure = (x: unknown): x is Failure =>
  x instanceof Error && 'exitCode' in x && typeof x.exitCode === 'number';
