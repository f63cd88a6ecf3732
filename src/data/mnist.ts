/** The MNIST handwritten digits (and sets published in the same four files), from a folder. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../runtime/errors.ts';
import type { Dataset, Split } from './dataset.ts';
import { type FloatDtype, unitFloats } from './floats.ts';
import { type IdxArray, readIdxFile } from './idx.ts';

export const MNIST_FILES = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
] as const;

export type MnistFile = (typeof MNIST_FILES)[number];

const CLASSES = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

/**
 * The four files of `dir`, each as it is or packed as `.gz`; pixels become byte/255, in [0, 1].
 *
 * The published set gives 60,000 train and 10,000 test images of width 784; other counts are accepted.
 * Throws `data/file-missing`, `data/gzip`, `data/idx` (also when images and labels differ in number, or train
 * and test images in size) and `data/label-range` (a label above 9).
 */
export function loadMnistFolder(dir: string, options: { readonly dtype?: FloatDtype } = {}): Dataset {
  const dtype = options.dtype ?? 'f32';
  const [trainImages, trainLabels, testImages, testLabels] = MNIST_FILES;
  const train = loadSplit(dir, trainImages, trainLabels, dtype);
  const test = loadSplit(dir, testImages, testLabels, dtype);
  if (train.width !== test.width) {
    const message = `The test images have ${test.width} pixels each, the train images ${train.width}.`;
    throw new InputError({
      code: 'data/idx',
      message,
      help: 'Use the four files of one set.',
      at: join(dir, testImages),
      offset: 8,
    });
  }
  return { name: 'mnist', train, test, classes: CLASSES };
}

/** The path of a file of the set in `dir`, unpacked or packed; undefined when neither is there. */
export function findMnistFile(dir: string, file: MnistFile): string | undefined {
  return [join(dir, file), join(dir, `${file}.gz`)].find((path) => existsSync(path));
}

function loadSplit(dir: string, imagesFile: MnistFile, labelsFile: MnistFile, dtype: FloatDtype): Split {
  // Both are found before either is read, so that a missing one is told at once.
  const imagesPath = pathOf(dir, imagesFile);
  const labelsPath = pathOf(dir, labelsFile);
  const labels = readIdxFile(labelsPath, 'labels');
  const images = readIdxFile(imagesPath, 'images');
  const [count = 0, rows = 0, columns = 0] = images.dims;
  if (labels.data.length !== count) {
    const message = `${imagesPath} holds ${count} images, but ${labelsPath} holds ${labels.data.length} labels.`;
    throw new InputError({
      code: 'data/idx',
      message,
      help: 'Use the files of one set.',
      at: labelsPath,
      offset: 4,
    });
  }
  return {
    count,
    features: unitFloats(dtype, images.data),
    width: rows * columns,
    labels: classIndices(labels, labelsPath),
  };
}

function pathOf(dir: string, file: MnistFile): string {
  const path = findMnistFile(dir, file);
  if (path !== undefined) return path;
  const tried = join(dir, file);
  throw new InputError({
    code: 'data/file-missing',
    message: `There is no file ${tried}, nor ${tried}.gz.`,
    help: `The folder must hold ${MNIST_FILES.join(', ')}, each as it is or packed as .gz.`,
    at: tried,
  });
}

function classIndices(labels: IdxArray, at: string): Int32Array {
  const bad = labels.data.findIndex((label) => label >= CLASSES.length);
  if (bad >= 0) {
    throw new InputError({
      code: 'data/label-range',
      message: `Expected labels from 0 to 9, found ${labels.data[bad]} as label ${bad} (byte ${8 + bad}).`,
      help: 'Only sets of ten classes can be read in this format.',
      at,
      offset: 8 + bad,
    });
  }
  return Int32Array.from(labels.data);
}
