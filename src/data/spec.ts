/** Data sets by name, as the command line and trainers ask for them: `SET`, `SET:PATH`, `SET?key=value&...`. */

import { resolve } from 'node:path';
import { InputError } from '../runtime/errors.ts';
import type { ArraysOptions } from './arrays.ts';
import { type CsvOptions, loadCsv } from './csv.ts';
import type { Dataset } from './dataset.ts';
import { digits } from './digits.ts';
import type { ProgressCallback } from './download.ts';
import type { FloatDtype } from './floats.ts';
import { loadMnistFolder } from './mnist.ts';
import { downloadMnist } from './mnist-download.ts';
import { parseDecimal } from './numbers.ts';
import { loadNpy, loadNpz } from './numpy.ts';
import { badOption } from './options.ts';
import { loadParquet } from './parquet.ts';
import { blobs, moons, spirals } from './planar.ts';
import { nearest } from './suggest.ts';

export interface LoadOptions {
  readonly dtype: FloatDtype;
  /** Used where the spec names no seed of its own; default 1. */
  readonly seed?: number;
  /** Called while `mnist` is downloaded. */
  readonly onProgress?: ProgressCallback;
  /** The folder that relative paths start from; default the working directory. */
  readonly cwd?: string;
}

/** What can be written for each set, for help texts. */
export const DATA_SPECS: readonly string[] = [
  'digits',
  'moons',
  'spirals',
  'blobs',
  'mnist',
  'mnist:DIR',
  'csv:FILE?label=COLUMN&test=0.2',
  'parquet:FILE?label=COLUMN&test=0.2',
  'npz:FILE?features=NAME&label=NAME&test=0.2',
  'npy:FILE?label=FILE&test=0.2',
];

/** What a spec asks for, as it is written: the numbers among the values are numbers, but may be out of range. */
export interface DataSpec {
  readonly set: string;
  /** What follows the colon; undefined without one. */
  readonly path: string | undefined;
  readonly values: ReadonlyMap<string, string>;
}

const SYNTHETIC_KEYS = ['count', 'test', 'noise', 'seed'] as const;

/** For each set, the options it takes. */
const OPTION_KEYS: Readonly<Record<string, readonly string[]>> = {
  digits: SYNTHETIC_KEYS,
  moons: SYNTHETIC_KEYS,
  spirals: [...SYNTHETIC_KEYS, 'arms'],
  blobs: [...SYNTHETIC_KEYS, 'classes', 'features'],
  mnist: [],
  csv: ['label', 'test', 'seed'],
  parquet: ['label', 'test', 'seed'],
  npz: ['features', 'label', 'test', 'seed'],
  npy: ['label', 'test', 'seed'],
};

/**
 * The data set that `spec` asks for: one of `DATA_SPECS`, synthetic ones also with options, as in
 * `moons?count=2000&test=500&noise=0.2&seed=3` (`test` is a number of samples there, a part of the rows for CSV).
 *
 * Throws `data/unknown-set`, `data/bad-option`, and the errors of `loadCsv`, `loadMnistFolder`, `downloadMnist`.
 */
export async function loadData(spec: string, options: LoadOptions): Promise<Dataset> {
  const { set, path, values } = parseDataSpec(spec);
  const { dtype } = options;
  const seed = numberOf(values, 'seed') ?? options.seed ?? 1;
  switch (set) {
    case 'digits':
      return digits({ dtype, seed, ...syntheticOptions(values) });
    case 'moons':
      return moons({ dtype, seed, ...syntheticOptions(values) });
    case 'spirals':
      return spirals({
        dtype,
        seed,
        ...syntheticOptions(values),
        ...given('arms', numberOf(values, 'arms')),
      });
    case 'blobs':
      return blobs({
        dtype,
        seed,
        ...syntheticOptions(values),
        ...given('classes', numberOf(values, 'classes')),
        ...given('features', numberOf(values, 'features')),
      });
    case 'mnist':
      return loadMnistFolder(await mnistFolder(path, options), { dtype });
    default:
      return loadFile(set, resolve(options.cwd ?? process.cwd(), path ?? ''), {
        dtype,
        seed,
        ...given('label', values.get('label')),
        ...given('features', values.get('features')),
        ...given('test', numberOf(values, 'test')),
      });
  }
}

function loadFile(
  set: string,
  path: string,
  options: ArraysOptions & CsvOptions,
): Dataset | Promise<Dataset> {
  switch (set) {
    case 'npz':
      return loadNpz(path, options);
    case 'npy':
      return loadNpy(path, options);
    case 'parquet':
      return loadParquet(path, options);
    default:
      return loadCsv(path, options);
  }
}

/** Sets that are read from a file of their own. */
const fromFiles: ReadonlySet<string> = new Set(['csv', 'parquet', 'npz', 'npy']);
/** Options that are names. */
const names: ReadonlySet<string> = new Set(['label', 'features']);

function mnistFolder(path: string | undefined, options: LoadOptions): string | Promise<string> {
  if (path !== undefined) return resolve(options.cwd ?? process.cwd(), path);
  return downloadMnist(options.onProgress === undefined ? {} : { onProgress: options.onProgress });
}

/** Takes a spec apart; nothing is read or made. Throws `data/unknown-set` and `data/bad-option`. */
export function parseDataSpec(spec: string): DataSpec {
  const parsed = splitSpec(spec);
  const { set, path, values } = parsed;
  if (path !== undefined && !fromFiles.has(set) && set !== 'mnist') {
    throw badOption(
      `The set ${set} is made from a seed and takes no path, found "${path}".`,
      `Write ${set}.`,
    );
  }
  if (path === undefined && fromFiles.has(set)) {
    throw badOption(
      `The set ${set} needs a file.`,
      `Write ${set}:FILE, for example ${set}:iris.${set}?label=species.`,
    );
  }
  for (const key of values.keys()) if (!names.has(key)) numberOf(values, key);
  return parsed;
}

function splitSpec(spec: string): DataSpec {
  // The last question mark: a path may hold others.
  const mark = spec.lastIndexOf('?');
  const place = mark < 0 ? spec : spec.slice(0, mark);
  const colon = place.indexOf(':');
  const set = colon < 0 ? place : place.slice(0, colon);
  const path = colon < 0 ? undefined : place.slice(colon + 1);
  const keys = Object.hasOwn(OPTION_KEYS, set) ? OPTION_KEYS[set] : undefined;
  if (keys === undefined) throw unknownSet(set);
  if (path === '') throw badOption(`A path is missing after "${set}:".`, `Write ${set}:PATH.`);
  return { set, path, values: mark < 0 ? new Map() : parseValues(spec.slice(mark + 1), set, keys) };
}

function parseValues(query: string, set: string, keys: readonly string[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const part of query.split('&')) {
    const equals = part.indexOf('=');
    const key = equals < 0 ? part : part.slice(0, equals);
    if (!keys.includes(key)) throw unknownOption(key, set, keys);
    const value = equals < 0 ? '' : decoded(part.slice(equals + 1), key);
    if (value === '') throw badOption(`The option ${key} of ${set} has no value.`, `Write ${key}=VALUE.`);
    if (values.has(key))
      throw badOption(`The option ${key} of ${set} is given twice.`, 'Leave one of them out.');
    values.set(key, value);
  }
  return values;
}

function decoded(text: string, key: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badOption(
      `The value of ${key} has a bad % escape: "${text}".`,
      'Write a percent sign itself as %25.',
    );
  }
}

function syntheticOptions(values: ReadonlyMap<string, string>) {
  return {
    ...given('count', numberOf(values, 'count')),
    ...given('testCount', numberOf(values, 'test')),
    ...given('noise', numberOf(values, 'noise')),
  };
}

function numberOf(values: ReadonlyMap<string, string>, key: string): number | undefined {
  const text = values.get(key);
  if (text === undefined) return undefined;
  const value = parseDecimal(text);
  if (value === undefined) throw badOption(`Expected ${key} to be a number, found "${text}".`);
  return value;
}

/** An object with the one key, or none when there is no value: a default must not be overwritten. */
function given<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  const entry: Partial<Record<K, V>> = {};
  if (value !== undefined) entry[key] = value;
  return entry;
}

function unknownSet(set: string): InputError {
  const guess = nearest(set, Object.keys(OPTION_KEYS));
  return new InputError({
    code: 'data/unknown-set',
    message: `There is no data set "${set}"; the sets are ${DATA_SPECS.join(', ')}.`,
    help: guess === undefined ? 'Name one of these sets.' : `Did you mean ${guess}?`,
  });
}

function unknownOption(key: string, set: string, keys: readonly string[]): InputError {
  const known = keys.length === 0 ? 'it takes none' : `its options are ${keys.join(', ')}`;
  const guess = nearest(key, keys);
  const help = guess === undefined ? 'Leave the option out.' : `Did you mean ${guess}?`;
  return badOption(`The set ${set} has no option "${key}"; ${known}.`, help);
}
