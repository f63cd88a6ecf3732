/** Values of options, strictly: what is not exactly of the form expected is refused with its name. */

import { mostThreads, type TargetChoice } from '../compile.ts';
import { parseDecimal } from '../data/numbers.ts';
import { usageError } from './failure.ts';

type Options = ReadonlyMap<string, string>;

/** A whole number from `low` to `high`, in digits. */
export function wholeNumber(
  options: Options,
  name: string,
  low: number,
  high: number = Number.MAX_SAFE_INTEGER,
): number | undefined {
  const text = options.get(name);
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= low && value <= high) return value;
  const range = high === Number.MAX_SAFE_INTEGER ? `from ${low}` : `from ${low} to ${high}`;
  throw usageError(`option --${name}: expected a whole number ${range}, got "${text}".`);
}

/** A finite number in decimal digits, such as `0.01` or `1e-5`. */
export function decimal(options: Options, name: string): number | undefined {
  const text = options.get(name);
  if (text === undefined) return undefined;
  const value = parseDecimal(text);
  if (value !== undefined) return value;
  throw usageError(`option --${name}: expected a number such as 0.01 or 1e-5, got "${text}".`);
}

/** One of the words of `choices`. */
export function choice<const C extends string>(
  options: Options,
  name: string,
  choices: readonly C[],
): C | undefined {
  const text = options.get(name);
  if (text === undefined) return undefined;
  const found = choices.find((word) => word === text);
  if (found !== undefined) return found;
  throw usageError(`option --${name}: expected ${choices.join(' or ')}, got "${text}".`);
}

/** The value of an option that must be there. */
export function required(options: Options, command: string, name: string, value: string): string {
  const text = options.get(name);
  if (text !== undefined) return text;
  throw usageError(`${command} needs the option --${name} ${value}.`, `Try: chainrule ${command} --help`);
}

export const precision = (options: Options): 'f32' | 'f64' =>
  choice(options, 'dtype', ['f32', 'f64']) ?? 'f32';

/** What to emit; the kinds of WebAssembly go with WebAssembly. */
export function target(options: Options): {
  readonly target: TargetChoice;
  readonly relaxed: boolean;
  readonly threads: number;
} {
  const chosen = choice(options, 'target', ['ts', 'wasm', 'auto']) ?? 'ts';
  const relaxed = options.has('relaxed');
  if (relaxed && chosen !== 'wasm')
    throw usageError('option --relaxed is about WebAssembly.', 'Write --target wasm --relaxed.');
  const threads = wholeNumber(options, 'threads', 1, mostThreads) ?? 1;
  if (threads > 1 && chosen === 'ts')
    throw usageError('option --threads is about WebAssembly.', `Write --target wasm --threads ${threads}.`);
  return { target: chosen, relaxed, threads };
}
