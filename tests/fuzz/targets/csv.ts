/** CSV files: cells, quotes, delimiters, line ends and numbers, held against a reader that takes the text as a whole. */

import { parseCsv } from '../../../src/data/csv.ts';
import type { Dataset } from '../../../src/data/dataset.ts';
import { InputError } from '../../../src/runtime/errors.ts';
import { type Mutator, textBytes } from '../bytes.ts';
import type { Target } from '../harness.ts';
import type { Random } from '../random.ts';
import { wholeTable } from '../reference-csv.ts';
import { isCoded } from '../refusals.ts';

const cells = [
  '0',
  '1',
  '-2.5',
  '+.5',
  '1.',
  '2e-3',
  '1E+5',
  '007',
  '1e-999',
  '3.4e38',
  ' 4 ',
  '"5"',
  '"6" ',
  '99999999999999999999',
];
const names = [
  'cat',
  'dog',
  '"a ""b"", c"',
  '"two\nlines"',
  'é',
  '__proto__',
  'constructor',
  ' x ',
  '"a\r\n"',
  "'",
];
const wrong = [
  '"\r\n"',
  '',
  '0x10',
  '1e999',
  '"1,5"',
  '1,5',
  'NaN',
  '-inf',
  '1_000',
  '１',
  '.',
  'e5',
  '--1',
  '1e',
  '"',
  '""',
  '"a"b',
  '"a" "b"',
  'a"b',
  '"\u00a0',
  '"a"\u00a0',
  '\u00a0',
  '\ufeff',
  '\0',
  '1 2',
  '4e38',
];
const lineEnds = ['\n', '\n', '\r\n', '\r', '\n\n', '\r\n\r', ' \n', '\v\n', '\u2028'];
const headers = ['x', 'y', 'the kind', '"q,r"', '10', '__proto__', 'toString', 'é', ' z '];

/** A table, right or wrong in few places: at most 6 rows, or as many as are wanted. */
export function growCsv(random: Random, rows: number = 1 + random.below(6)): Uint8Array {
  const width = 2 + random.below(3);
  const end = random.pick(lineEnds);
  const isText = random.chance(0.4);
  const row = (): readonly string[] =>
    Array.from({ length: width }, (_, i) => random.pick(i === width - 1 && isText ? names : cells));
  const table = Array.from({ length: rows }, row).map((drawn) => [...drawn]);
  const [first, ...others] = [headers.slice(random.below(4)).slice(0, width), ...table];
  const lines = [first ?? [], ...others];
  for (let left = random.pick([0, 0, 0, 1, 1, 2]); left > 0; left--) {
    const line = random.pick(lines);
    const at = random.below(line.length + 1);
    if (random.chance(0.6)) line.splice(at, 1, random.pick(wrong));
    else line.splice(at, random.below(2), ...(random.chance(0.5) ? [random.pick(cells)] : []));
  }
  const comma = random.chance(0.97) ? ',' : ';';
  const text = lines.map((line) => line.join(comma)).join(end);
  return textBytes(
    (random.chance(0.1) ? '\ufeff' : '') + text + random.pick(['', end, end, '\n\n', '  ', '\u00a0\n']),
  );
}

const latin = (input: Uint8Array): string => Buffer.from(input).toString('latin1');
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

/** Puts something of the format in the place of something else of it. */
const swap =
  (pattern: RegExp, others: readonly string[]): Mutator =>
  (input, random) => {
    const text = latin(input);
    const found = [...text.matchAll(pattern)];
    if (found.length === 0) return input;
    const { index, 0: part } = random.pick(found);
    const other = latin(textBytes(random.pick(others)));
    return bytesOf(text.slice(0, index) + other + text.slice(index + part.length));
  };

const mutators: readonly Mutator[] = [
  swap(/[^,\r\n]+/g, [...cells, ...names]),
  swap(/[^,\r\n]+/g, wrong),
  swap(/\r?\n|\r/g, lineEnds),
  swap(/,/g, [',,', '', ';', '\t', ', ', '",', ',"']),
  swap(/"/g, ['', '""', '"""', '" ', ' "', '"\n']),
];

const seeds = [
  'x,y\n1,2\n3,4\n',
  '\ufeffx,y,kind\r\n1,2,a\r\n-3,4e2,b\r\n\r\n',
  '"x","the kind"\n"1","a ""q"", b"\n2,"two\nlines"\n',
  'a,b,c\r1,2,3\r4,5,6',
  `${Array.from({ length: 40 }, (_, i) => `c${i}`).join()}\n${Array.from({ length: 40 }, (_, i) => i / 7).join()}\n`,
].map(textBytes);

const options = { dtype: 'f64' } as const;

/** The sets agree in every number, or both are refused. */
export function checkCsv(input: Uint8Array): Dataset {
  const whole = wholeTable(input);
  const read = attempt(() => parseCsv(input, 'f.csv', options));
  if (read instanceof InputError) {
    if (whole !== undefined) throw new Error(`refused what can be read: ${read.message}`);
    throw read;
  }
  if (whole === undefined) throw new Error('accepted what cannot be read');
  const { train, classes } = read;
  const labels = Array.from(train.labels, (label) => (classes === undefined ? label : classes[label]));
  const found = JSON.stringify([Array.from(train.features), labels, read.featureNames]);
  if (found !== JSON.stringify([whole.features, whole.labels, whole.names])) throw new Error(`read ${found}`);
  if (train.features.length !== train.count * train.width) throw new Error('features of another length');
  return read;
}

function attempt(run: () => Dataset): Dataset | InputError {
  try {
    return run();
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown;
    throw thrown;
  }
}

export const csv: Target = {
  name: 'csv',
  seeds,
  grow: (random) => growCsv(random),
  mutators,
  parse: (input) => void checkCsv(input),
  isRefusal: (thrown) =>
    isCoded(thrown, ['data/csv', 'data/empty', 'data/missing-column']) &&
    /^f\.csv(:\d+(:\d+)?)?$/.test(thrown.at ?? '') &&
    (thrown.code !== 'data/csv' || thrown.at !== 'f.csv'),
};
