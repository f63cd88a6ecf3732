/**
 * What is printed: results on stdout, warnings and errors on stderr, colours on terminals only.
 *
 * Nothing else writes to a terminal. Whatever is printed is made plain first, so that no caller can forget it.
 */

import { randomUUID } from 'node:crypto';
import { isAbsolute, relative, sep } from 'node:path';
import pc from 'picocolors';
import { CompileError, type Diagnostic, showDiagnostic } from '../../ir/errors.ts';
import { InputError } from '../runtime/errors.ts';
import { exitCodes, isFailure } from './failure.ts';
import { jsonLine, plain, plainLines } from './plain.ts';

const paints = ['bold', 'dim', 'red', 'yellow', 'cyan'] as const;
export type Colors = Readonly<Record<(typeof paints)[number], (text: string) => string>>;

/** A terminal that can move its cursor and show colours. */
export const isCapable = ({ isTTY }: { readonly isTTY?: boolean }): boolean =>
  isTTY === true && process.env.TERM !== 'dumb';

/** Stands where a sequence of ours begins until it is printed. A text from outside cannot hold what nobody can guess. */
const mark = `(${randomUUID()})`;

/** NO_COLOR (https://no-color.org) counts when it is not empty. */
function colorsFor(stream: NodeJS.WriteStream): Colors {
  const painted = pc.createColors(isCapable(stream) && !process.env.NO_COLOR);
  const paint =
    (name: (typeof paints)[number]) =>
    (text: string): string =>
      painted[name](plainLines(text)).replaceAll('\u001b[', mark);
  return {
    bold: paint('bold'),
    dim: paint('dim'),
    red: paint('red'),
    yellow: paint('yellow'),
    cyan: paint('cyan'),
  };
}

/** What is written for `text`: plain, with the colours of ours. */
export const shown = (text: string): string => plainLines(text).replaceAll(mark, '\u001b[');

export const colors = colorsFor(process.stdout);
export const errorColors = colorsFor(process.stderr);

export const print = (line: string): void => {
  process.stdout.write(`${shown(line)}\n`);
};

export const printError = (line: string): void => {
  process.stderr.write(`${shown(line)}\n`);
};

export const printJson = (value: { readonly [key: string]: unknown }): void => print(jsonLine(value));

/** A path as one would type it, in one line: relative when it lies below the current folder. */
export const shortPath = (path: string): string => plain(shortened(path));

function shortened(path: string): string {
  if (!isAbsolute(path)) return path;
  const short = relative(process.cwd(), path);
  return short === '' || short === '..' || short.startsWith(`..${sep}`) || isAbsolute(short) ? path : short;
}

export function printWarnings(warnings: readonly Diagnostic[]): void {
  for (const warning of warnings) printError(highlighted(show(warning)));
}

/** Tells of an error that does not end the command, and what becomes of it. */
export function printWarning({ at, code, message }: InputError, help: string): void {
  printError(highlighted(located(at, code, message, help).replace(`error[${code}]`, `warning[${code}]`)));
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
  const { site, message, help } = diagnostic;
  const words = { message: indented(message), ...(help === undefined ? {} : { help: indented(help) }) };
  const one = { ...diagnostic, ...words };
  return showDiagnostic(site ? { ...one, site: { ...site, file: shortPath(site.file) } } : one);
}

/** A message may quote names and texts with line breaks: none of them is to begin a line that looks like another message. */
const indented = (message: string): string => message.replace(/\r?\n/g, '\n    ');

function located(at: string | undefined, code: string, message: string, help: string | undefined): string {
  const where = at === undefined ? '' : `${shortPath(at)}: `;
  return `${where}error[${code}]: ${indented(message)}${help === undefined ? '' : `\n  ${indented(help)}`}`;
}

/** The frames alone: what stands above them is the message, which was told already. */
const stackOf = (thrown: unknown): string =>
  thrown instanceof Error
    ? (thrown.stack ?? '')
        .split('\n')
        .filter((line) => /^ +at /.test(line))
        .join('\n')
    : '';

/** The severity in colour, and the help, which stands on the lines below, dimmed. */
function highlighted(text: string): string {
  const { red, yellow, bold, dim } = errorColors;
  const [first = '', ...help] = text.split('\n  ');
  const marked = first.replace(/\b(error|warning|unsupported|bug)\[[^\]]*\]/, (word) =>
    bold(word.startsWith('warning') ? yellow(word) : red(word)),
  );
  return [marked, ...help.map((line) => dim(line))].join('\n  ');
}
