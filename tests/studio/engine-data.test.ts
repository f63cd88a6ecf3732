/** Data in the studio: drawn as on the command line, or read from a file that somebody drops on the page. */

import { describe, expect, it } from 'vitest';
import { digits } from '../../src/data/digits.ts';
import { moons } from '../../src/data/planar.ts';
import { datasetOf } from '../../src/studio/engine/data.ts';
import type { DataChoice } from '../../src/studio/engine/protocol.ts';
import { compiled, inFloats, moonsModel, openSession } from './engine-support.ts';

const csv = (text: string, label?: string): DataChoice => ({
  kind: 'csv',
  name: 'points.csv',
  bytes: new TextEncoder().encode(text),
  ...(label === undefined ? {} : { label }),
});

/** `count` rows of two classes that follow from their number. */
const rows = (count: number): string =>
  ['a,b,kind', ...Array.from({ length: count }, (_, i) => `${i},${-i},${i % 2 === 0 ? 'even' : 'odd'}`)].join(
    '\n',
  );

describe('data', () => {
  it('are those that the command line draws', () => {
    expect(datasetOf({ kind: 'moons' }, 'f32')).toEqual(moons());
    expect(datasetOf({ kind: 'moons', samples: 40, noise: 0.3, seed: 5 }, 'f64')).toEqual(
      moons({ dtype: 'f64', count: 40, testCount: 10, noise: 0.3, seed: 5 }),
    );
    expect(datasetOf({ kind: 'digits', samples: 20 }, 'f32')).toEqual(digits({ count: 20, testCount: 5 }));
  });

  it('are described with points to draw when they lie in a plane', async () => {
    const { points, ...summary } = await openSession().useData({ kind: 'spirals', samples: 100 });
    expect(summary).toEqual({
      title: 'Two spirals',
      train: 100,
      test: 25,
      features: ['x', 'y'],
      classes: 2,
      classNames: ['0', '1'],
    });
    const { train } = datasetOf({ kind: 'spirals', samples: 100 }, 'f32');
    expect(points).toEqual({ at: train.features, classes: Uint8Array.from(train.labels) });
  });

  it('are described with pictures when they are some', async () => {
    const { points, pictures, features } = await openSession().useData({ kind: 'digits', samples: 40 });
    expect(points).toBeUndefined();
    expect(features).toHaveLength(784);
    expect(pictures).toMatchObject({ side: 28 });
    expect(pictures?.pixels).toHaveLength(30 * 784);
    expect(pictures?.classes).toHaveLength(30);
  });

  it('are read from the bytes of a file, a fifth of them for tests', async () => {
    const { points, ...summary } = await openSession().useData(csv(rows(50)));
    expect(summary).toEqual({
      title: 'points.csv',
      train: 40,
      test: 10,
      features: ['a', 'b'],
      classes: 2,
      classNames: ['even', 'odd'],
    });
    const { at, classes } = points ?? { at: [], classes: [] };
    for (let i = 0; i < 40; i++) expect(classes[i]).toBe(Math.abs(at[2 * i] ?? 0) % 2);
  });

  it('are all for training when the file is short, and its labels may be another column', async () => {
    const summary = await openSession().useData(csv('kind,a,b\n0,1,2\n2,3,4\n', 'kind'));
    expect(summary).toMatchObject({ train: 2, test: 0, features: ['a', 'b'], classes: 3 });
    expect(await openSession().useData(csv('a,y\n1,0.5\n2,0.25\n'))).toMatchObject({ classes: 0 });
  });

  it.each([
    [
      'a cell that is no number',
      'a,b,y\n1,2,0\n3,x7,1\n',
      /^points\.csv:3:2: Row 3, column 2 \("b"\): expected a number, found "x7"/,
      'data/csv',
    ],
    ['quotes that are not closed', 'a,b\n1,2\n"3,4\n', /^points\.csv:3: Bad quotes/, 'data/csv'],
    ['a file without rows', 'a,b\n', /^points\.csv: .*no rows/, 'data/empty'],
  ])('of %s are refused with the line, and those before stay', async (_, text, message, code) => {
    const session = openSession();
    compiled(await session.compile(moonsModel, inFloats));
    await session.useData({ kind: 'moons', samples: 64 });
    await expect(session.useData(csv(text))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(await session.reset(1)).toMatchObject({ stepsPerEpoch: 2 });
  });

  it('that the model cannot be trained on are described all the same, and it is said why', async () => {
    const session = openSession();
    compiled(await session.compile(moonsModel, inFloats));
    const { misfit, train } = await session.useData({ kind: 'digits', samples: 20 });
    expect(train).toBe(20);
    expect(misfit?.message).toBe(
      'The input "x" [batch, 2] takes 2 numbers per record, but the data digits have 784.',
    );
    expect(misfit?.help).toMatch(/\['batch', 784\]/);
    expect((await session.useData({ kind: 'blobs' })).misfit?.message).toMatch(
      /2 classes, but the data blobs have 3/,
    );
    expect((await session.useData({ kind: 'moons' })).misfit).toBeUndefined();
  });

  it('are in the precision of the model', async () => {
    const session = openSession();
    await session.useData({ kind: 'moons' });
    compiled(await session.compile(moonsModel, { dtype: 'f64', target: 'ts' }));
    await session.reset(1);
    await session.stepOnce();
    const [loss] = session.events.flatMap((event) => (event.kind === 'progress' ? event.losses : []));
    expect(Math.fround(loss?.loss ?? 0)).not.toBe(loss?.loss);
  });
});
