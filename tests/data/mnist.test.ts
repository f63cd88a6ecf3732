/** The MNIST folder gives 784 exact pixels per image, and names what is wrong with a bad folder. */

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadMnistFolder } from '../../src/data/mnist.ts';
import { errorOf, idxImages, idxLabels, smallSet, temporaryFolder, writeSet } from './support.ts';

const MNIST = fileURLToPath(new URL('../../../shared/data/mnist', import.meta.url));

describe('loadMnistFolder', () => {
  it.each([true, false])('reads a small set (packed: %s)', (packed) => {
    const dir = temporaryFolder();
    writeSet(dir, smallSet(), packed);
    const set = loadMnistFolder(dir, { dtype: 'f64' });
    expect(set).toMatchObject({ name: 'mnist', train: { count: 3, width: 2 }, test: { count: 2, width: 2 } });
    expect(set.classes).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(set.train.labels).toEqual(Int32Array.of(7, 0, 9));
    expect(set.train.features).toEqual(Float64Array.of(0, 1, 1 / 255, 2 / 255, 128 / 255, 51 / 255));
  });

  it('rounds byte/255 to float32 by default', () => {
    const dir = temporaryFolder();
    const bytes = Array.from({ length: 256 }, (_, i) => i);
    writeSet(
      dir,
      { ...smallSet(), 'train-images-idx3-ubyte': idxImages(3, 1, 256, [...bytes, ...bytes, ...bytes]) },
      true,
    );
    writeFileSync(join(dir, 't10k-images-idx3-ubyte'), idxImages(2, 16, 16, [...bytes, ...bytes]));
    const { features } = loadMnistFolder(dir).train;
    expect(features).toBeInstanceOf(Float32Array);
    expect([...features.subarray(0, 256)]).toEqual(bytes.map((byte) => Math.fround(byte / 255)));
  });

  it('names the missing file and what the folder must hold', () => {
    const dir = temporaryFolder();
    const tried = join(dir, 'train-images-idx3-ubyte');
    const error = errorOf(() => loadMnistFolder(dir));
    expect(error).toMatchObject({ code: 'data/file-missing', at: tried });
    expect(error.message).toBe(`There is no file ${tried}, nor ${tried}.gz.`);
    expect(error.help).toMatch('t10k-labels-idx1-ubyte');
  });

  it('refuses unequal numbers of images and labels', () => {
    const dir = temporaryFolder();
    writeSet(dir, { ...smallSet(), 'train-labels-idx1-ubyte': idxLabels([1, 2]) }, false);
    const error = errorOf(() => loadMnistFolder(dir));
    expect(error.code).toBe('data/idx');
    expect(error.message).toMatch(/holds 3 images, but .*train-labels-idx1-ubyte holds 2 labels/);
  });

  it('refuses test images of another size and labels above 9', () => {
    const dir = temporaryFolder();
    writeSet(dir, { ...smallSet(), 't10k-images-idx3-ubyte': idxImages(2, 1, 3, [1, 2, 3, 4, 5, 6]) }, false);
    expect(errorOf(() => loadMnistFolder(dir)).message).toMatch('3 pixels each, the train images 2');
    writeSet(dir, { ...smallSet(), 't10k-labels-idx1-ubyte': idxLabels([1, 10]) }, false);
    const error = errorOf(() => loadMnistFolder(dir));
    expect(error.code).toBe('data/label-range');
    expect(error.message).toMatch('found 10 as label 1 (byte 9)');
  });

  it.skipIf(!existsSync(MNIST))('reads the published set', () => {
    const { train, test } = loadMnistFolder(MNIST);
    expect(train).toMatchObject({ count: 60_000, width: 784 });
    expect(test).toMatchObject({ count: 10_000, width: 784 });
    expect([...train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect(train.features.length).toBe(60_000 * 784);
    let sum = 0;
    for (const value of train.features) sum += value;
    const mean = sum / train.features.length;
    expect(mean).toBeCloseTo(0.1307, 4);
  });
});
