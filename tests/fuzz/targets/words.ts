/** What is typed: data specs, and the words of the command line. */

import type { CommandSpec, OptionSpec } from '../../../src/cli/command.ts';
import { commands } from '../../../src/cli/commands.ts';
import { isFailure } from '../../../src/cli/failure.ts';
import { choice, decimal, precision, target, wholeNumber } from '../../../src/cli/options.ts';
import { type Parsed, parse } from '../../../src/cli/parser.ts';
import { DATA_SPECS, parseDataSpec } from '../../../src/data/spec.ts';
import { type Mutator, textBytes } from '../bytes.ts';
import type { Target } from '../harness.ts';
import type { Random } from '../random.ts';
import { again, isCoded } from '../refusals.ts';

const decode = (input: Uint8Array): string => new TextDecoder().decode(input);

const numbers = [
  '1',
  '0',
  '20',
  '0.2',
  '-1',
  '1e3',
  '1e999',
  '0x10',
  '١',
  'many',
  '',
  '2.5',
  '9007199254740993',
  'NaN',
  '007',
  '1,5',
];
const sets = [
  'digits',
  'moons',
  'spirals',
  'blobs',
  'mnist',
  'csv',
  'mnits',
  'Moons',
  '__proto__',
  'constructor',
  '',
];
const keys = [
  'count',
  'test',
  'noise',
  'seed',
  'arms',
  'classes',
  'features',
  'label',
  'cuont',
  '__proto__',
  'toString',
  '',
];
const paths = ['', ':', ':iris.csv', ':/none/what?.csv', ':a:b', ':..', ':\u0000', ':é'];
const values = [...numbers, ...numbers, 'species', 'the%20kind', '%zz', '%', '%E2%82', '%00', 'a=b', '#'];

function growSpec(random: Random): Uint8Array {
  const count = random.pick([0, 1, 1, 2, 3]);
  const pairs = Array.from(
    { length: count },
    () => `${random.pick(keys)}${random.pick(['=', '=', '=', '', '=='])}${random.pick(values)}`,
  );
  const valid = random.chance(0.3);
  const set = valid ? random.pick(['digits', 'moons', 'spirals', 'blobs']) : random.pick(sets);
  const query = valid
    ? ['count=20', 'test=5', 'noise=0.1', 'seed=7'].filter(() => random.chance(0.5))
    : pairs;
  return textBytes(
    `${set}${valid ? '' : random.pick(paths)}${query.length > 0 ? '?' : ''}${query.join('&')}`,
  );
}

const swapIn =
  (pattern: RegExp, others: readonly string[]): Mutator =>
  (input, random) => {
    const text = decode(input);
    const found = [...text.matchAll(pattern)];
    if (found.length === 0) return input;
    const { index, 0: part } = random.pick(found);
    return textBytes(text.slice(0, index) + random.pick(others) + text.slice(index + part.length));
  };

/** A spec says the same when it is written anew from its parts. */
function checkSpec(input: Uint8Array): void {
  const { set, path, values: given } = parseDataSpec(decode(input));
  const pairs = [...given].map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
  const written = `${set}${path === undefined ? '' : `:${path}`}${pairs.length > 0 || path?.includes('?') ? '?' : ''}${pairs.join('&')}`;
  if (pairs.length === 0 && path?.includes('?')) return;
  const other = again(() => parseDataSpec(written));
  if (
    other.set !== set ||
    other.path !== path ||
    JSON.stringify([...other.values]) !== JSON.stringify([...given])
  )
    throw new Error(`"${written}" says something else`);
}

export const specs: Target = {
  name: 'specs',
  seeds: [
    ...DATA_SPECS,
    'moons?count=20&test=6&noise=0.2&seed=3',
    'csv:what?.csv?label=the%20kind&test=0.5',
  ].map(textBytes),
  grow: growSpec,
  mutators: [
    swapIn(/[a-z]+(?==)/g, keys),
    swapIn(/(?<==)[^&]*/g, values),
    swapIn(/^[a-z]*/g, sets),
    swapIn(/[:?&=]/g, ['', ':', '?', '&', '=', '&&', '==', '??']),
  ],
  parse: checkSpec,
  // A spec has no lines: the message names the word that is wrong.
  isRefusal: (thrown) =>
    isCoded(thrown, ['data/unknown-set', 'data/bad-option']) &&
    /"|option|path|file|number/.test(thrown.message),
};

/** Words cannot hold the character 0, which therefore stands between them. */
const wordsOf = (input: Uint8Array): readonly string[] =>
  input.length === 0 ? [] : decode(input).split('\0');
const inputOf = (words: readonly string[]): Uint8Array => textBytes(words.join('\0'));

const valuesOf = ({ value = '' }: OptionSpec): readonly string[] =>
  value.includes('|')
    ? [...value.split('|'), ...numbers]
    : [...numbers, '-', '-5', '--', '=', 'moons?count=20', 'out/x', '--json', '__proto__'];

const flagsOf = ({ name, short }: OptionSpec): readonly string[] => [
  `--${name}`,
  `--${name}`,
  ...(short === undefined ? [] : [`-${short}`]),
];

const hostile = [
  '',
  '-',
  '--',
  '---',
  '-h',
  '--help',
  '-v',
  'help',
  '--__proto__=1',
  '--constructor.prototype.x=1',
  '--no-',
  '--a.b.c=1',
  '-ojx',
  '--out=',
  '__proto__',
  'é',
  '\u202e',
  '--epoch',
];

function growWords(random: Random): Uint8Array {
  const command = random.pick(commands);
  const words: string[] = [command.name];
  if (command.takesModel !== random.chance(0.05))
    words.push(random.pick(['model.ts', 'examples/digits/model.ts', '007', '=x', '__proto__']));
  for (const option of command.options.filter(() => random.chance(0.25)))
    words.push(...written(option, random));
  if (random.chance(0.3)) words.splice(random.below(words.length + 1), random.below(2), random.pick(hostile));
  return inputOf(words);
}

function written(option: OptionSpec, random: Random): readonly string[] {
  const flag = random.pick(flagsOf(option));
  if (option.value === undefined) return [flag];
  const value = random.pick(valuesOf(option));
  return random.chance(0.5) ? [flag, value] : [`${flag}=${value}`];
}

const inWords =
  (change: (words: string[], at: number, random: Random) => void): Mutator =>
  (input, random) => {
    const words = [...wordsOf(input)];
    change(words, random.below(words.length + 1), random);
    return inputOf(words);
  };

const mutators: readonly Mutator[] = [
  inWords((words, at, random) => words.splice(at, 0, random.pick(hostile))),
  inWords((words, at, random) => words.splice(at, 1, random.pick(commands).name)),
  inWords((words, at, random) =>
    words.splice(
      at,
      0,
      ...written(
        random.pick(random.pick(commands.filter(({ options }) => options.length > 0)).options),
        random,
      ),
    ),
  ),
  inWords((words, at) => words.splice(at, 1)),
  inWords((words, at, random) => words.splice(at, 1, random.pick(numbers))),
];

const readWords = (words: readonly string[]): Parsed => parse(commands, words, { version: '0' });

/** Reads each option as the commands do. */
function readOptions({ options: known }: CommandSpec, options: ReadonlyMap<string, string>): void {
  for (const { name, value } of known) {
    if (!options.has(name)) continue;
    if (name === 'data') parseDataSpec(options.get(name) ?? '');
    else if (value === 'N') wholeNumber(options, name, 1);
    else if (value === 'RATE') decimal(options, name);
    else if (value?.includes('|')) choice(options, name, value.split('|'));
  }
  precision(options);
  target(options);
}

/** A call has options of its command alone, and is the same when it is written with `=` for every value. */
function checkWords(input: Uint8Array): void {
  const parsed = readWords(wordsOf(input));
  if (parsed.kind === 'shown') return;
  const { command, call } = parsed;
  const unknown = [...call.options.keys()].filter(
    (name) => !command.options.some((option) => option.name === name),
  );
  if (unknown.length > 0) throw new Error(`found the options ${unknown}`);
  const words = [...call.options].map(([name, value]) => (value === '' ? `--${name}` : `--${name}=${value}`));
  const file = command.takesModel ? [call.model] : [];
  const other = again(() => readWords([command.name, ...words, '--', ...file]));
  if (other.kind !== 'call' || other.command !== command || other.call.model !== call.model)
    throw new Error(`${words} is another call`);
  if (JSON.stringify([...other.call.options]) !== JSON.stringify([...call.options]))
    throw new Error(`${words} has other options`);
  readOptions(command, call.options);
}

export const cli: Target = {
  name: 'arguments',
  seeds: commands
    .flatMap(({ examples }) => examples)
    .map((example) => inputOf(example.replace(/ \|.*/, '').replaceAll('"', '').split(' '))),
  grow: growWords,
  mutators,
  parse: checkWords,
  isRefusal: (thrown, input) =>
    isFailure(thrown)
      ? thrown.exitCode === 2 && thrown.code === 'usage' && thrown.message !== ''
      : specs.isRefusal(thrown, input),
};
