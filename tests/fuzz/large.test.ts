/** Large files and small ones that claim to be large take time and memory by their size, not by what they claim. */

import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeSafetensors, type Tensor } from '../../src/runtime/index.ts';
import { join, textBytes } from './bytes.ts';
import { type Children, type Measured, openChildren, type Reader } from './children.ts';

const MB = 1_000_000;

let children: Children;
beforeAll(() => {
  children = openChildren();
}, 60_000);
afterAll(() => children.remove());

const tensor = (data: Float32Array): Tensor => ({ dtype: 'F32', shape: [data.length], data });

const images = (count: number, rows: number, columns: number, data: Uint8Array): Uint8Array => {
  const header = Buffer.alloc(16);
  [0x803, count, rows, columns].forEach((value, i) => {
    header.writeUInt32BE(value, 4 * i);
  });
  return join(header, data);
};

const small: Readonly<Record<Reader, Uint8Array>> = {
  csv: textBytes(`x,"y"\n${'1.5,"a"\n'.repeat(5_000)}`),
  idx: new Uint8Array(gzipSync(images(10, 28, 28, new Uint8Array(7840)))),
  safetensors: encodeSafetensors(new Map([['w', tensor(new Float32Array(1000))]])),
};

const headed = (header: string, claimed = header.length): Uint8Array => {
  const bytes = join(new Uint8Array(8), textBytes(header));
  new DataView(bytes.buffer).setBigUint64(0, BigInt(claimed), true);
  return bytes;
};

const zeros = new Uint8Array(gzipSync(new Uint8Array(10 * MB)));
const bomb = (start: Uint8Array): Uint8Array =>
  join(new Uint8Array(gzipSync(start)), ...Array.from({ length: 100 }, () => zeros));

const names = (count: number): string => Array.from({ length: count }, (_, i) => i.toString(36)).join();
const filled = (size: number, line: string): string => line.repeat(Math.ceil(size / line.length));
const gigabyte = 2 ** 30;

/** Reader, input, and the error: its code, what it says, and its place in the file. */
const refused: readonly (readonly [string, Reader, () => Uint8Array, string, RegExp, string | number])[] = [
  [
    'a header of 1 GB in 100 bytes',
    'safetensors',
    () => headed('{}'.padEnd(92), gigabyte),
    'weights/format',
    /claims 1073741824 bytes/,
    0,
  ],
  [
    'a tensor of 1 GB in 100 bytes',
    'safetensors',
    () => headed(`{"w":{"dtype":"F32","shape":[${gigabyte / 4}],"data_offsets":[0,${gigabyte}]}}`.padEnd(92)),
    'weights/format',
    /pass the end of the file/,
    9,
  ],
  [
    'a million brackets',
    'safetensors',
    () => headed(`{"w":{"shape":[${'['.repeat(MB)}`),
    'weights/format',
    /whole number/,
    23,
  ],
  [
    'a number of a million digits',
    'safetensors',
    () => headed(`{"w":{"shape":[${'9'.repeat(MB)}`),
    'weights/format',
    /too large/,
    23,
  ],
  [
    'a name of a million quotes',
    'safetensors',
    () => headed(`{"${'\\"'.repeat(MB / 2)}`),
    'weights/format',
    /no end/,
    9,
  ],
  [
    '1 GB of images in 100 bytes',
    'idx',
    () => images(1024, 1024, 1024, new Uint8Array(84)),
    'data/idx',
    /cut off/,
    100,
  ],
  [
    '1 GB of images in 100 packed bytes',
    'idx',
    () => new Uint8Array(gzipSync(images(1024, 1024, 1024, new Uint8Array(60)))),
    'data/idx',
    /cut off/,
    76,
  ],
  [
    '1 GB of zeros after a small set',
    'idx',
    () => bomb(images(1, 2, 2, new Uint8Array(4))),
    'data/gzip',
    /more than the 20 bytes/,
    0,
  ],
  ['1 GB of zeros', 'idx', () => bomb(new Uint8Array(0)), 'data/idx', /found 0x00000000/, 0],
  [
    '1 GB of zeros behind a long name',
    'idx',
    () => longNamed(bomb(new Uint8Array(0))),
    'data/gzip',
    /more than the 1048576 bytes/,
    0,
  ],
  [
    'a line of 10 MB',
    'csv',
    () => textBytes(`x,y\n1,${'a'.repeat(10 * MB)}\n`),
    'data/csv',
    /^Line 2 is longer/,
    ':2',
  ],
  [
    'a quote that is never closed',
    'csv',
    () => textBytes(`x,y\n1,"a\n${filled(10 * MB, '1,2\n')}`),
    'data/csv',
    /^Row 2 is longer/,
    ':2',
  ],
  [
    'a quote in quotes in every cell',
    'csv',
    () => textBytes(`x,y\n${filled(MB, '"a"b,"')}`),
    'data/csv',
    /^Bad quotes/,
    ':2',
  ],
  [
    'more rows than cells',
    'csv',
    () => textBytes(`${names(200_000)}\n${filled(4 * MB, '1\n')}`),
    'data/csv',
    /^Row 2: expected 200000 cells/,
    ':2',
  ],
  [
    'the last of 200,000 names is the first',
    'csv',
    () => textBytes(`${names(200_000)},0\n1`),
    'data/csv',
    /columns 1 and 200001 alike/,
    ':1:200001',
  ],
  [
    'a label that is none of 200,000 columns',
    'csv',
    () => textBytes(`${names(200_000)}\n1`),
    'data/csv',
    /^Row 2: expected 200000 cells/,
    ':2',
  ],
  [
    'a million digits and a letter',
    'csv',
    () => textBytes(`x,y\n${'1'.repeat(MB)}x,2\n`),
    'data/csv',
    /expected a number, found "1{40}…"/,
    ':2:1',
  ],
  [
    'a million digits with commas, and a letter',
    'csv',
    () => textBytes(`x,y\n2,"${'1,'.repeat(MB / 2)}x"\n1,2\n`),
    'data/csv',
    /in all rows \(row 3/,
    ':2:2',
  ],
  [
    'no text in the last of 10 MB',
    'csv',
    () =>
      join(textBytes(`x,y\n${filled(10 * MB, '1234567,"text of a class"\n')}`), Uint8Array.of(0x31, 0xff)),
    'data/csv',
    /is not UTF-8/,
    ':384618',
  ],
  ['10 MB of spaces', 'csv', () => new Uint8Array(10 * MB).fill(0x20), 'data/empty', /empty/, ''],
];

/** Puts a name of 4 KB into the head of a packed file. */
function longNamed(packed: Uint8Array): Uint8Array {
  const head = packed.slice(0, 10);
  head[3] = 8;
  return join(head, new Uint8Array(4096).fill(0x61), new Uint8Array(1), packed.subarray(10));
}

const csvRow = (i: number): string =>
  `${(i * 0.37).toFixed(4)},${-i},${i % 7}e-2,${(i * 7919) % 1000},"kind ${i % 5}"\n`;

const accepted: readonly (readonly [string, Reader, () => Uint8Array, number])[] = [
  [
    'a CSV file of 30 MB',
    'csv',
    () => textBytes(`a,b,c,d,kind\n${Array.from({ length: 833_333 }, (_, i) => csvRow(i)).join('')}`),
    833_333 * 20,
  ],
  [
    '20 MB with line ends \\r alone',
    'csv',
    () => textBytes(`a,b\r${filled(20 * MB, '12345678,9\r')}`),
    1_818_182 * 12,
  ],
  [
    'a megabyte of blank lines at the end',
    'csv',
    () => textBytes(`a,b\n1,2\n${filled(10 * MB, '\n\r\n \u00a0')}`),
    12,
  ],
  [
    'one row of 100,000 columns',
    'csv',
    () => textBytes(`${names(100_000)}\n${filled(200_000, '1,').slice(0, -1)}`),
    99_999 * 4 + 8,
  ],
  [
    'a packed set of 8 MB',
    'idx',
    () => new Uint8Array(gzipSync(images(10_000, 28, 28, new Uint8Array(7_840_000)))),
    7_840_000,
  ],
  [
    'tensors of 20 MB',
    'safetensors',
    () => encodeSafetensors(new Map([['w', tensor(new Float32Array(5 * MB))]])),
    20 * MB,
  ],
  [
    '12,000 tensors of nothing',
    'safetensors',
    () =>
      encodeSafetensors(
        new Map(Array.from({ length: 12_000 }, (_, i) => [`w${i}`, tensor(new Float32Array(0))])),
      ),
    0,
  ],
];

/** At most a second for each MB, of which every file has one, and twice the file and 32 MB besides the result. */
function expectModest({ ms, growth, size, result = 0 }: Measured): void {
  expect(ms).toBeLessThan(1000 * Math.max(1, size / MB));
  expect(growth).toBeLessThan(mostGrowth({ size, result }));
}

const mostGrowth = ({ size, result = 0 }: Pick<Measured, 'size' | 'result'>): number =>
  2 * size + 32 * MB + result;

/** The smallest growth of three: what a process does at its start may come late on a busy machine, and only adds. */
function measured(reader: Reader, input: Uint8Array): Measured {
  const runs: Measured[] = [];
  do runs.push(children.measure(reader, small[reader], input));
  while (runs.length < 3 && runs.every((run) => run.growth >= mostGrowth(run)));
  return runs.reduce((best, run) => (run.growth < best.growth ? run : best));
}

describe('in a process of its own', () => {
  it.each(refused)('%s: refused in time, within its memory', (_, reader, input, code, message, place) => {
    const found = measured(reader, input());
    expect(found).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(typeof place === 'number' ? found.offset : found.at).toBe(place);
    expectModest(found);
  });

  it.each(accepted)('%s: read in time, within its memory', (_, reader, input, bytes) => {
    const found = measured(reader, input());
    expect(found.result).toBe(bytes);
    expectModest(found);
  });
});
