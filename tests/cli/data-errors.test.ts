/** Data and weights that cannot be used: each is told with its file and place. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { idxLabels, smallSet, writeSet } from '../data/support.ts';
import { chainrule, type Finished, finished, model, repository, start, temporaryFolder } from './run.ts';

const train = (data: string, name = 'tiny'): Promise<Finished> =>
  chainrule('train', model(name), '--data', data, '--steps', '1');

function expectError({ code, stdout, stderr }: Finished, ...parts: readonly string[]): void {
  for (const part of parts) expect(stderr).toContain(part);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
}

describe('a data set', () => {
  it('that does not exist', async () => {
    expectError(await train('moon'), 'error[data/unknown-set]: There is no data set "moon"', 'mean moons?');
  });

  it('with rows of another size', async () => {
    const parts = ['error[data/wrong-length]', '"x" [batch, 2] takes 2 numbers', 'the data digits have 784'];
    expectError(await train('digits?count=100&test=0'), ...parts);
  });

  it('with another number of classes', async () => {
    expectError(await train('blobs'), 'error[data/label-range]: The label "y" has 2 classes', 'have 3');
  });

  it('for a model of two inputs', async () => {
    const parts = [
      'error[data/missing-column]',
      'has 2 inputs ("left", "right")',
      '"right" would be without',
    ];
    expectError(await train('moons', 'pair'), ...parts);
  });
});

describe('an IDX file', () => {
  const names = { images: 'train-images-idx3-ubyte', labels: 'train-labels-idx1-ubyte' } as const;
  const cases: readonly (readonly [string, (set: Record<string, Buffer>) => void, readonly string[]])[] = [
    ['that is missing', (set) => delete set[names.images], [names.images, 'error[data/file-missing]']],
    [
      'that is cut off',
      (set) => {
        set[names.images] = smallSet()[names.images].subarray(0, 20);
      },
      [`${names.images}: error[data/idx]: The file is cut off`, '3×1×2', 'found 20'],
    ],
    [
      'of another kind',
      (set) => {
        set[names.images] = smallSet()[names.labels];
      },
      [`${names.images}: error[data/idx]: Expected the magic number 0x00000803`, 'found 0x00000801'],
    ],
    [
      'with a label out of range',
      (set) => {
        set[names.labels] = idxLabels([7, 12, 9]);
      },
      [`${names.labels}: error[data/label-range]: Expected labels from 0 to 9, found 12 as label 1`],
    ],
  ];

  it.each(cases)('%s', async (_title, change, parts) => {
    const folder = temporaryFolder();
    const set: Record<string, Buffer> = { ...smallSet() };
    change(set);
    writeSet(folder, set, false);
    expectError(await train(`mnist:${folder}`), ...parts);
  });
});

describe('a CSV file', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['with a ragged row', 'a,b,y\n1,2,0\n3,4\n', ['points.csv:3: error[data/csv]: Row 3: expected 3 cells']],
    [
      'with a cell that is no number',
      'a,b,y\n1,2,0\n3,x7,1\n',
      ['points.csv:3:2: error[data/csv]: Row 3, column 2 ("b"): expected a number, found "x7".'],
    ],
    [
      'with a NaN',
      'a,b,y\n1,2,0\nNaN,2,1\n',
      ['points.csv:3:1: error[data/csv]: Row 3, column 1 ("a")', 'found "NaN"'],
    ],
    [
      'with a class out of range',
      'a,b,y\n1,2,0\n3,4,1\n5,6,2\n',
      ['error[data/label-range]: Record 2 (counted from 0)', 'has the label 2', 'from 0 to 1'],
    ],
    [
      'with a class that is no whole number',
      'a,b,y\n1,2,0.5\n',
      ['error[data/not-integer]: Record 0 (counted from 0)', 'has the label 0.5'],
    ],
    [
      'with another number of columns',
      'a,b,c,y\n1,2,3,0\n',
      ['error[data/wrong-length]', 'takes 2 numbers per record, but the data points.csv have 3'],
    ],
  ];

  it.each(cases)('%s', async (_title, text, parts) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'points.csv'), text);
    const words = [
      'train',
      join(repository, model('tiny')),
      '--data',
      'csv:points.csv?label=y',
      '--steps',
      '1',
    ];
    expectError(await finished(start(words, folder)), ...parts);
  });

  it('that is missing', async () => {
    expectError(await train('csv:nope.csv?label=y'), 'nope.csv: error[data/file-missing]');
  });
});

describe('weights', () => {
  it('that are missing', async () => {
    const result = await chainrule('eval', model('tiny'), '--weights', 'nope.safetensors', '--data', 'moons');
    expectError(result, 'nope.safetensors: error[data/file-missing]');
  });

  it('that are no safetensors file', async () => {
    const file = join(temporaryFolder(), 'weights.safetensors');
    writeFileSync(file, 'not weights at all');
    const result = await chainrule('eval', model('tiny'), '--weights', file, '--data', 'moons');
    expectError(result, 'error[weights/format]');
  });
});
