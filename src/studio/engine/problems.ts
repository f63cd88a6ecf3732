/** From what goes wrong to what a page can show: a problem with a range of the text, or the failure of a call. */

import { CompileError, type Diagnostic } from '../../../ir/errors.ts';
import { InputError } from '../../runtime/errors.ts';
import type { CallFailure, Problem, Range } from './protocol.ts';

/** What the user's file is called, in places and in stack traces. */
export const modelFile = '/model.ts';

/** A line, counted from 1, without the white space around it; the first one where there is no such line. */
export function rangeOfLine(text: string, line: number): Range {
  const lines = text.split('\n');
  const known = line >= 1 && line <= lines.length ? line : 1;
  const before = lines.slice(0, known - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const content = lines[known - 1] ?? '';
  const from = before + content.length - content.trimStart().length;
  return { from: Math.min(from, before + content.trimEnd().length), to: before + content.trimEnd().length };
}

export function problemOf(diagnostic: Diagnostic, text: string): Problem {
  const { code, message, severity, help, site } = diagnostic;
  return {
    severity: severity === 'warning' ? 'warning' : 'error',
    code,
    message: capitalized(message),
    ...(help === undefined ? {} : { help }),
    ...rangeOfLine(text, site?.file === modelFile ? site.line : 1),
  };
}

/** Anything that was thrown while `text` was loaded, compiled or trained. */
export function problemThrown(thrown: unknown, text: string): Problem {
  if (thrown instanceof CompileError) return problemOf(thrown.diagnostic, text);
  const { code, message, help } = failureOf(thrown);
  const [, file, line] = thrown instanceof InputError ? (/^(.*):(\d+)$/.exec(thrown.at ?? '') ?? []) : [];
  return {
    severity: 'error',
    code,
    message,
    ...(help === undefined ? {} : { help }),
    ...rangeOfLine(text, file === modelFile ? Number(line) : 1),
  };
}

export function failureOf(thrown: unknown): CallFailure {
  const { code, message, help } = thrown instanceof CompileError ? thrown.diagnostic : plain(thrown);
  return { code, message: capitalized(message), ...(help === undefined ? {} : { help }) };
}

function plain(thrown: unknown): { code: string; message: string; help?: string | undefined } {
  if (thrown instanceof InputError || thrown instanceof EngineError) return thrown;
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return { code: 'engine/failed', message };
}

/** As a sentence begins; the name of a file or an option stays as it is. */
const capitalized = (message: string): string =>
  /^[a-z]+[\s,]/.test(message) ? message.charAt(0).toUpperCase() + message.slice(1) : message;

/** A call at a moment at which it cannot be answered. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: string;
  readonly help: string | undefined;
  constructor({ code, message, help }: CallFailure) {
    super(message);
    this.code = code;
    this.help = help;
  }
}
