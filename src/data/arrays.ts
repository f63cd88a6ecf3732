/** Named arrays as a data set: one of features, one of labels, with or without a test split of their own. */

import { InputError } from '../runtime/errors.ts';
import { type Rows, shown, splitRows } from './csv-columns.ts';
import type { Dataset } from './dataset.ts';
import { type FloatDtype, floatArray } from './floats.ts';
import type { NumpyArray } from './npy.ts';

export interface ArraysOptions {
  /** Name of the array of features. */
  readonly features?: string;
  /** Name of the array of labels. */
  readonly label?: string;
  /** Part of the rows, in (0, 1), taken as the test split after a seeded shuffle; for arrays without one of their own. */
  readonly test?: number;
  readonly dtype?: FloatDtype;
  /** Seed of the shuffle; default 1. */
  readonly seed?: number;
}

type Arrays = ReadonlyMap<string, NumpyArray>;

const usual = {
  features: ['x', 'X', 'features', 'data', 'x_train', 'X_train'],
  label: ['y', 'Y', 'label', 'labels', 'target', 'y_train', 'Y_train'],
} as const;

/** The first axis counts samples; the others of features lie in a row. Unsigned bytes become 0 to 1, as pictures do elsewhere. */
export function arraysToDataset(arrays: Arrays, at: string, options: ArraysOptions): Dataset {
  const dtype = options.dtype ?? 'f32';
  const features = chosen('features', arrays, options.features, at);
  const label = chosen('label', arrays, options.label, at);
  const rows = rowsOf(arrays, features, label, dtype, at);
  const [testFeatures, testLabel] = [features, label].map((name) => name.replace(/_train$/, '_test'));
  const hasTest = testFeatures !== features && arrays.has(testFeatures ?? '') && arrays.has(testLabel ?? '');
  const name = at.replace(/^.*[\\/]/, '');
  if (!hasTest || options.test !== undefined) return { name, ...splitRows(rows, options, dtype) };
  const tested = rowsOf(arrays, testFeatures ?? '', testLabel ?? '', dtype, at);
  return { name, train: splitRows(rows, {}, dtype).train, test: splitRows(tested, {}, dtype).train };
}

function chosen(kind: 'features' | 'label', arrays: Arrays, name: string | undefined, at: string): string {
  const found =
    name === undefined ? usual[kind].find((one) => arrays.has(one)) : arrays.has(name) ? name : undefined;
  if (found !== undefined) return found;
  const names = [...arrays.keys()].slice(0, 50).map((one) => `"${shown(one)}"`);
  const wanted = name === undefined ? `for the ${kind === 'label' ? 'labels' : kind}` : `"${shown(name)}"`;
  throw new InputError({
    code: 'data/missing-column',
    message: `There is no array ${wanted}; the file has ${names.join(', ') || 'none'}.`,
    help: `Name one of them with ${kind}=NAME.`,
    at,
  });
}

function rowsOf(arrays: Arrays, features: string, label: string, dtype: FloatDtype, at: string): Rows {
  const [x, y] = [arrayNamed(arrays, features), arrayNamed(arrays, label)];
  const [count = 0] = x.shape;
  const isColumn = y.shape.length === 1 || (y.shape.length === 2 && y.shape[1] === 1);
  if (x.shape.length === 0 || !isColumn || y.shape[0] !== count) {
    throw new InputError({
      code: 'data/wrong-length',
      message: `"${shown(features)}" of shape [${x.shape}] and "${shown(label)}" of shape [${y.shape}] do not have one label per row.`,
      help: 'The first axis of both counts samples, and labels are one number each.',
      at,
    });
  }
  if (x.data.length === 0)
    throw new InputError({
      code: 'data/empty',
      message: `"${shown(features)}" is empty.`,
      help: 'Add rows.',
      at,
    });
  const values = floatArray(dtype, x.data.length);
  for (let i = 0; i < values.length; i++) values[i] = (x.data[i] ?? 0) / (x.isBytes ? 255 : 1);
  return { count, features: values, labels: Float64Array.from(y.data) };
}

function arrayNamed(arrays: Arrays, name: string): NumpyArray {
  const found = arrays.get(name);
  if (found === undefined) throw new Error(`There is no array ${name}.`);
  return found;
}
