/** A data spec names a set with its options; mistakes are answered with what could be written. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digits, loadData, moons } from '../../src/data/index.ts';
import { InputError } from '../../src/runtime/errors.ts';
import { rejectionOf, smallSet, temporaryFolder, writeSet } from './support.ts';

const f32 = { dtype: 'f32' } as const;
const failure = (spec: string) => rejectionOf(loadData(spec, f32));

describe('loadData', () => {
  it.each(['moons', 'spirals', 'blobs'])('makes %s with its defaults', async (name) => {
    const set = await loadData(name, { dtype: 'f64' });
    expect(set).toMatchObject({ name, train: { count: 1000 }, test: { count: 250 } });
    expect(set.train.features).toBeInstanceOf(Float64Array);
  });

  it('passes the options of a synthetic set on', async () => {
    expect(await loadData('moons?count=20&test=6&noise=0.2&seed=3', f32)).toEqual(
      moons({ count: 20, testCount: 6, noise: 0.2, seed: 3 }),
    );
    expect(await loadData('digits?count=20&test=0', f32)).toEqual(digits({ count: 20, testCount: 0 }));
    expect((await loadData('spirals?arms=3', f32)).classes?.length).toBe(3);
    expect((await loadData('blobs?classes=4', f32)).classes?.length).toBe(4);
  });

  it('uses the seed of the options unless the spec has one', async () => {
    expect(await loadData('moons', { dtype: 'f32', seed: 9 })).toEqual(moons({ seed: 9 }));
    expect(await loadData('moons?seed=3', { dtype: 'f32', seed: 9 })).toEqual(moons({ seed: 3 }));
  });

  it('reads folders and files relative to cwd', async () => {
    const cwd = temporaryFolder();
    writeSet(cwd, smallSet(), true);
    writeFileSync(join(cwd, 'what?.csv'), 'x,the kind\n1,a\n2,b\n3,a\n4,b\n');
    expect((await loadData('mnist:.', { ...f32, cwd })).train.count).toBe(3);
    const set = await loadData('csv:what?.csv?label=the%20kind&test=0.5', { ...f32, cwd });
    expect(set).toMatchObject({ classes: ['a', 'b'], train: { count: 2 }, test: { count: 2 } });
    const missing = await rejectionOf(loadData('mnist:none', { ...f32, cwd }));
    expect(missing).toMatchObject({
      code: 'data/file-missing',
      at: join(cwd, 'none', 'train-images-idx3-ubyte'),
    });
  });

  it.each([
    ['mnits', 'Did you mean mnist?'],
    ['Digits', 'Did you mean digits?'],
    ['moon?count=3', 'Did you mean moons?'],
    ['cifar10', 'Name one of these sets.'],
    ['', 'Name one of these sets.'],
    ['toString', 'Name one of these sets.'],
  ])('does not know %j', async (spec, help) => {
    const error = await failure(spec);
    expect(error).toMatchObject({ code: 'data/unknown-set', help });
    expect(error.message).toMatch('digits, moons, spirals, blobs, mnist, mnist:DIR, csv:FILE');
  });

  it.each([
    ['moons?cuont=3', 'has no option "cuont"; its options are count, test, noise, seed'],
    ['moons?arms=3', 'has no option "arms"'],
    ['mnist:x?seed=3', 'has no option "seed"; it takes none'],
    ['moons?', 'has no option ""'],
    ['moons?count', 'count of moons has no value'],
    ['moons?count=', 'count of moons has no value'],
    ['moons?count=3&count=4', 'given twice'],
    ['moons?count=many', 'Expected count to be a number, found "many"'],
    ['moons?count=0x10', 'Expected count to be a number'],
    ['moons?count=2.5', 'Expected count to be a whole number from 1 to 1000000, found 2.5'],
    ['moons?noise=-1', 'Expected noise to be from 0 to 10, found -1'],
    ['moons?seed=%zz', 'bad % escape'],
    ['moons:3', 'takes no path'],
    ['csv', 'needs a file'],
    ['csv:', 'path is missing'],
    ['mnist:', 'path is missing'],
  ])('refuses %s', async (spec, message) => {
    const error = await failure(spec);
    expect(error.code).toBe('data/bad-option');
    expect(error.message).toMatch(message);
  });

  it('suggests the option that was meant', async () => {
    expect((await failure('moons?cuont=3')).help).toBe('Did you mean count?');
  });

  it('answers any text with a set or an InputError', async () => {
    const spec = fc.tuple(
      fc.constantFrom('moons', 'csv', 'csv:x', 'blobs:', 'moon', ''),
      fc.string({ maxLength: 12 }),
    );
    await fc.assert(
      fc.asyncProperty(spec, async ([start, rest]) => {
        const outcome = await loadData(start + rest, { ...f32, cwd: '/none' }).catch(
          (error: unknown) => error,
        );
        expect(
          outcome instanceof InputError ||
            (typeof outcome === 'object' && outcome !== null && 'train' in outcome),
        ).toBe(true);
      }),
    );
  });
});
