/** What is printed: results on stdout, warnings and errors on stderr, colours on terminals only. */

import { isAbsolute, relative, sep } from 'node:path';
import pc from 'picocolors';
import { CompileError, type Diagnostic, showDiagnostic } from '../../ir/errors.ts';
import { InputError } from '../runtime/errors.ts';
import { exitCodes, isFailure } from './failure.ts';

export type Colors = ReturnType<typeof pc.createColors>;

/** NO_COLOR (https://no-color.org) counts when it is not empty. */
const colorsFor = (stream: NodeJS.WriteStream): Colors =>
  pc.createColors(stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb');

export const colors = colorsFor(process.stdout);
export const errorColors = colorsFor(process.stderr);

export const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

export const printError = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

export const printJson = (value: { readonly [key: string]: unknown }): void => print(JSON.stringify(value));

/** A path as one would type it: relative when it lies below the current folder. */
export function shortPath(path: string): string {
  if (!isAbsolute(path)) return path;
  const short = relative(process.cwd(), path);
  return short === '' || short === '..' || short.startsWith(`..${sep}`) || isAbsolute(short) ? path : short;
}

export function printWarnings(warnings: readonly Diagnostic[]): void {
  for (const warning of warnings) printError(highlighted(show(warning)));
}

/** Prints what was thrown and gives the exit code for it. */
export function reportError(thrown: unknown): number {
  if (thrown instanceof CompileError) {
    printError(highlighted(show(thrown.diagnostic)));
    // A fault of the compiler is to be reported, and the report needs the stack.
    if (thrown.diagnostic.severity === 'bug') printError(stackOf(thrown));
    return exitCodes.error;
  }
  if (thrown instanceof InputError) {
    printError(highlighted(located(thrown.at, thrown.code, thrown.message, thrown.help)));
    return exitCodes.error;
  }
  if (isFailure(thrown)) {
    printError(highlighted(located(undefined, thrown.code, thrown.message, thrown.help)));
    return thrown.exitCode;
  }
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  const help = 'This is a fault of chainrule: please report it with the model, the command and these lines.';
  printError(highlighted(located(undefined, 'internal', message, help)));
  printError(stackOf(thrown));
  return exitCodes.error;
}

function show(diagnostic: Diagnostic): string {
  const { site } = diagnostic;
  return showDiagnostic(site ? { ...diagnostic, site: { ...site, file: shortPath(site.file) } } : diagnostic);
}

function located(at: string | undefined, code: string, message: string, help: string | undefined): string {
  const where = at === undefined ? '' : `${shortPath(at)}: `;
  return `${where}error[${code}]: ${message}${help === undefined ? '' : `\n  ${help}`}`;
}

const stackOf = (thrown: unknown): string =>
  thrown instanceof Error ? (thrown.stack ?? '').split('\n').slice(1).join('\n') : '';

/** The severity in colour, and the help, which stands on the lines below, dimmed. */
function highlighted(text: string): string {
  const { red, yellow, bold, dim } = errorColors;
  const [first = '', ...help] = text.split('\n  ');
  const marked = first.replace(/\b(error|warning|unsupported|bug)\[[^\]]*\]/, (word) =>
    bold(word.startsWith('warning') ? yellow(word) : red(word)),
  );
  return [marked, ...help.map((line) => dim(line))].join('\n  ');
}
