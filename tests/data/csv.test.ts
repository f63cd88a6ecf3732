/** CSV files become features and labels, and every bad cell is named by row and column. */

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { type CsvOptions, loadCsv } from '../../src/data/csv.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { errorOf, temporaryFolder } from './support.ts';

const SEED = fileURLToPath(new URL('../../../shared/data/seed', import.meta.url));

function load(content: string | Uint8Array, options: CsvOptions = {}): Dataset {
  const path = join(temporaryFolder(), 'data.csv');
  writeFileSync(path, content);
  return loadCsv(path, { dtype: 'f64', ...options });
}

const failure = (content: string | Uint8Array, options: CsvOptions = {}) =>
  errorOf(() => load(content, options));

describe('loadCsv', () => {
  it('takes the last column as numeric label and keeps the order', () => {
    const set = load('a,b,y\n1,2,0.5\n-3,4e2,7\n');
    expect(set).toEqual({
      name: 'data.csv',
      train: {
        count: 2,
        width: 2,
        features: Float64Array.of(1, 2, -3, 400),
        labels: Float64Array.of(0.5, 7),
      },
      featureNames: ['a', 'b'],
    });
  });

  it('orders text classes by code unit', () => {
    const set = load('kind,x\nb,1\nZ,2\na,3\nb,4\n', { label: 'kind' });
    expect(set.classes).toEqual(['Z', 'a', 'b']);
    expect(set.train.labels).toEqual(Int32Array.of(2, 0, 1, 2));
    expect(set.train.features).toEqual(Float64Array.of(1, 2, 3, 4));
    expect(set.featureNames).toEqual(['x']);
  });

  it('gives float32 features on request', () => {
    expect(load('x,y\n0.1,1\n', { dtype: 'f32' }).train.features).toEqual(Float32Array.of(0.1));
    const error = failure('x,y\n1e300,1\n', { dtype: 'f32' });
    expect(error.message).toMatch('a number in the range of float32, found "1e300"');
  });

  it('accepts a byte order mark, any line ends, quotes, spaces and blank lines at the end', () => {
    const plain = load('x,y\n1,a\n2,b\n');
    for (const text of [
      '\uFEFFx,y\n1,a\n2,b\n',
      'x,y\r\n1,a\r\n2,b\r\n\r\n',
      'x,y\r1,a\r2,b',
      'x,y\r\n1,a\n2,b',
      '"x","y"\n"1","a"\r\n2,"b"',
      ' x , y \n 1 , a \n\t2,b\n\n  \n',
    ]) {
      expect(load(text)).toEqual(plain);
    }
    expect(load('x,y\n1,"a ""q"", b"\n2,"two\nlines"').classes).toEqual(['a "q", b', 'two\nlines']);
  });

  it.each(['1', '-1', '+1', '1.', '.5', '0.5', '1e3', '1E-3', '-.5e+10', '007', '1e-999'])(
    'reads %s',
    (text) => {
      expect(load(`x,y\n${text},1\n`).train.features[0]).toBe(Number(text));
    },
  );

  it.each(['0x10', '"1,5"', 'NaN', 'nan', 'Infinity', '-inf', '1e999', '1_000', '1 2', 'e5', '.', '-', '１'])(
    'refuses %s as a number',
    (text) => {
      const error = failure(`x,wide,y\n1,2,3\n1,${text},3\n`);
      const shown = text.replaceAll('"', '');
      expect(error.code).toBe('data/csv');
      expect(error.at).toMatch(/data\.csv:3:2$/);
      expect(error.message).toBe(`Row 3, column 2 ("wide"): expected a number, found "${shown}".`);
    },
  );

  it('refuses empty cells, also of the label', () => {
    expect(failure('x,y\n1,2\n ,3\n').message).toBe(
      'Row 3, column 1 ("x"): expected a value, found an empty cell.',
    );
    expect(failure('x,y\n1,a\n2,\n').at).toMatch(/:3:2$/);
  });

  it('refuses label columns that mix numbers and text, and broken numbers among names', () => {
    const mixed = failure('x,y\n1,3\n2,cat\n');
    expect(mixed.at).toMatch(/:3:2$/);
    expect(mixed.message).toMatch('either numbers or class names in all rows (row 2 has the number "3")');
    for (const label of ['NaN', '1e999', '"1,5"', '0x1F']) {
      expect(failure(`x,y\n1,cat\n2,${label}\n`).at).toMatch(/:3:2$/);
    }
  });

  it('refuses ragged rows and blank lines between rows', () => {
    expect(failure('x,y\n1,2\n1,2,3\n').message).toBe('Row 3: expected 2 cells as in the header, found 3.');
    expect(failure('x,y\n1\n').at).toMatch(/:2$/);
    expect(failure('x,y\n1,2\n\n3,4\n').message).toMatch('found an empty line');
  });

  it('refuses empty files and files without rows', () => {
    for (const text of ['', '\uFEFF', '\n\n', 'x,y\n', 'x,y']) expect(failure(text).code).toBe('data/empty');
  });

  it('refuses headers with equal, empty or too few names', () => {
    expect(failure('x,y, x\n1,2,3\n').message).toBe('The header names columns 1 and 3 alike: "x".');
    expect(failure('x,,y\n1,2,3\n').at).toMatch(/:1:2$/);
    expect(failure('value\n5\n').code).toBe('data/missing-column');
  });

  it('lists the columns when the label is not among them', () => {
    const error = failure('x,y\n1,2\n', { label: 'species' });
    expect(error.code).toBe('data/unknown-column');
    expect(error.message).toBe('There is no column "species" for the label; the columns are "x", "y".');
  });

  it('refuses text that is not UTF-8, unclosed quotes and endless lines', () => {
    const bytes = Buffer.concat([Buffer.from('x,y\n1,é\n2,'), Buffer.from([0xe9]), Buffer.from('\n')]);
    expect(failure(bytes).message).toBe('Line 3 is not UTF-8 text.');
    expect(failure('x,y\n1,"a\n2,b\n').message).toMatch('Bad quotes');
    expect(failure(`x,y\n1,${'a'.repeat(10_000_000)}\n`).message).toBe(
      'Line 2 is longer than 1048576 bytes.',
    );
  });

  it('names a missing file', () => {
    expect(errorOf(() => loadCsv('/none/such.csv'))).toMatchObject({
      code: 'data/file-missing',
      at: '/none/such.csv',
    });
  });

  it('shows long cells cut', () => {
    expect(failure(`x,y\n${'z'.repeat(100)},1\n`).message.length).toBeLessThan(120);
  });
});

describe('the test split of loadCsv', () => {
  const rows = Array.from({ length: 50 }, (_, i) => `${i},${i}`).join('\n');

  it('takes round(test·count) rows by a seeded shuffle and loses none', () => {
    const { train, test } = load(`x,y\n${rows}`, { test: 0.25 });
    expect([train.count, test?.count]).toEqual([37, 13]);
    expect(train.features).toEqual(train.labels);
    const all = [...train.labels, ...(test?.labels ?? [])];
    expect(all).not.toEqual(all.toSorted((a, b) => a - b));
    expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it('depends on the seed alone', () => {
    const split = (seed: number) => load(`x,y\n${rows}`, { test: 0.25, seed });
    expect(split(3)).toEqual(split(3));
    expect(split(3)).not.toEqual(split(4));
  });

  it('refuses parts that leave a side empty', () => {
    for (const test of [0, 1, -0.5, 2, Number.NaN, 0.001, 0.999]) {
      expect(failure(`x,y\n${rows}`, { test }).code).toBe('data/bad-option');
    }
  });
});

describe('round trips', () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  const name = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 8 })
    .map((s) => `k${s.replace(/\r/g, '')}!`);

  it('reads back every number exactly and every class name', () => {
    const table = fc.array(fc.tuple(finite, finite, name), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n'), (records, newline) => {
        const text = Papa.unparse([['a', 'b', 'k'], ...records], { newline });
        const set = load(text);
        expect([...set.train.features]).toEqual(records.flatMap(([a, b]) => [a + 0, b + 0]));
        expect([...set.train.labels].map((i) => set.classes?.[i])).toEqual(
          records.map((record) => record[2]),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe.skipIf(!existsSync(SEED))('published files', () => {
  it('reads the iris flowers', () => {
    const set = loadCsv(join(SEED, 'iris.csv'), { label: 'species', test: 0.2 });
    expect(set.classes).toEqual(['setosa', 'versicolor', 'virginica']);
    expect([set.train.count, set.test?.count, set.train.width]).toEqual([120, 30, 4]);
  });

  it('reads the logistic regression points', () => {
    const set = loadCsv(join(SEED, 'logistic_regression_dataset.csv'), { dtype: 'f64' });
    expect(set.train).toMatchObject({ count: 1000, width: 2 });
    expect(set.train.features[0]).toBe(-1.254598811526375);
    expect(set.train.labels.subarray(0, 2)).toEqual(Float64Array.of(0, 1));
  });

  it('refuses a file of one column', () => {
    expect(errorOf(() => loadCsv(join(SEED, 'EWA.csv'))).code).toBe('data/missing-column');
  });
});
