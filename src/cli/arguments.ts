/** From the words of the command line to a command and its options, refusing everything unknown. */

import { nearest } from '../data/suggest.ts';
import type { CommandSpec, OptionSpec } from './command.ts';
import { usageError } from './failure.ts';

/** The options that every command has. */
export const helpOption: OptionSpec = { name: 'help', short: 'h', about: 'show this help' };

export const asksForHelp = (words: readonly string[]): boolean =>
  wordsBeforeDashes(words).some((word) => word === '--help' || word === '-h');

/** The command called `name`; one that does not exist is refused. */
export function findCommand(commands: readonly CommandSpec[], name: string): CommandSpec {
  const found = commands.find((command) => command.name === name);
  if (found !== undefined) return found;
  const known = commands.filter(({ hidden }) => !hidden).map((command) => command.name);
  if (name.startsWith('-'))
    throw usageError(`there is no option ${name} before the command.`, 'Try: chainrule --help');
  throw usageError(`there is no command "${name}".`, suggestion(nearest(name, known), known));
}

/**
 * The words in the one form that the parser cannot mistake: `--name==value` for each value, so that `-`, `-5` and
 * `007` stay what was written instead of becoming an option or a number.
 */
export function normalized(command: CommandSpec, words: readonly string[]): readonly string[] {
  const result: string[] = [];
  const before = wordsBeforeDashes(words);
  for (let i = 0; i < before.length; i++) {
    const word = before[i] ?? '';
    if (!word.startsWith('-') || word === '-') {
      result.push(word);
      continue;
    }
    const equals = word.indexOf('=');
    const flag = equals < 0 ? word : word.slice(0, equals);
    const option = findOption(command, flag);
    if (result.some((other) => other === `--${option.name}` || other.startsWith(`--${option.name}==`)))
      throw usageError(`option ${flag} is given twice.`, 'Leave one of them out.');
    if (option.value === undefined) {
      if (equals >= 0) throw usageError(`option ${flag} takes no value, got "${word.slice(equals + 1)}".`);
      result.push(`--${option.name}`);
      continue;
    }
    const value = equals < 0 ? before[++i] : word.slice(equals + 1);
    if (value === undefined || value === '' || (equals < 0 && isFlag(command, value)))
      throw usageError(`option ${flag} needs a value: ${flag} ${option.value}.`, option.about);
    result.push(`--${option.name}==${value}`);
  }
  return [...result, ...words.slice(before.length)];
}

const isFlag = (command: CommandSpec, word: string): boolean =>
  word.startsWith('--') || command.options.some(({ short }) => short !== undefined && word === `-${short}`);

function findOption(command: CommandSpec, flag: string): OptionSpec {
  const { options } = command;
  const found = options.find(
    ({ name, short }) => flag === `--${name}` || (short !== undefined && flag === `-${short}`),
  );
  if (found !== undefined) return found;
  const known = [...options, helpOption].map(({ name }) => name);
  const guess = nearest(flag.replace(/^-+/, ''), known);
  throw usageError(
    `${command.name} has no option ${flag}.`,
    suggestion(
      guess === undefined ? undefined : `--${guess}`,
      known.map((name) => `--${name}`),
    ),
  );
}

const suggestion = (guess: string | undefined, known: readonly string[]): string =>
  guess === undefined ? `There are ${known.join(', ')}.` : `Did you mean ${guess}?`;

/** What follows a word `--` is never an option. */
function wordsBeforeDashes(words: readonly string[]): readonly string[] {
  const end = words.indexOf('--');
  return end < 0 ? words : words.slice(0, end);
}
