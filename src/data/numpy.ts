/** NumPy's files as data sets and as weights: one array in `.npy`, several by name in `.npz`. */

import { basename, dirname, resolve } from 'node:path';
import { InputError } from '../runtime/errors.ts';
import { decodeSafetensors, encodeSafetensors, tensorOf } from '../runtime/safetensors.ts';
import { type ArraysOptions, arraysToDataset } from './arrays.ts';
import type { Dataset } from './dataset.ts';
import { readBytes } from './files.ts';
import { type NumpyArray, readNpy, writeNpy } from './npy.ts';
import { readZip, writeZip } from './zip.ts';

const help = 'Check the path; a relative one starts from the working directory.';

/** The arrays of a `.npz` file by name. Throws `data/npz` and `data/npy`, with the offset within the member for the latter. */
export function readNpz(bytes: Uint8Array, at: string): ReadonlyMap<string, NumpyArray> {
  const files = readZip(bytes, at);
  return new Map(
    [...files].map(([file, content]) => {
      if (!file.endsWith('.npy')) {
        const message = `It holds ${JSON.stringify(file.slice(0, 80))}, which is no .npy file.`;
        throw new InputError({
          code: 'data/npz',
          message,
          help: 'Write it with numpy.savez.',
          at,
          offset: 0,
        });
      }
      return [file.slice(0, -'.npy'.length), readNpy(content, at)];
    }),
  );
}

/** The bytes of a `.npz` file that holds the arrays in their order; equal arrays make equal bytes. */
export const writeNpz = (arrays: ReadonlyMap<string, Omit<NumpyArray, 'isBytes'>>): Uint8Array =>
  writeZip(new Map([...arrays].map(([name, array]) => [`${name}.npy`, writeNpy(array)])));

/** The same arrays as a safetensors file, as trainers take them. */
export const safetensorsOf = (arrays: ReadonlyMap<string, NumpyArray>): Uint8Array =>
  encodeSafetensors(new Map([...arrays].map(([name, { shape, data }]) => [name, tensorOf(shape, data)])));

/** The arrays of a safetensors file as a `.npz` file; what else such a file says of itself has no place there. */
export const npzOf = (safetensors: Uint8Array): Uint8Array =>
  writeNpz(decodeSafetensors(safetensors).tensors);

/**
 * The data set in a `.npz` file: the array that `label` names, or `y`, `labels`, `target`, `y_train`, and the one that `features`
 * names, or `x`, `X`, `features`, `data`, `x_train`; `x_test` and `y_test` beside `x_train` are the test split.
 *
 * Throws `data/file-missing`, `data/npz`, `data/npy`, `data/missing-column`, `data/wrong-length`, `data/empty`, `data/bad-option`.
 */
export const loadNpz = (path: string, options: ArraysOptions = {}): Dataset =>
  arraysToDataset(readNpz(readBytes(path, help), path), path, options);

/** The same of two `.npy` files: that of the features, and that which `label` names, from the folder of the first. */
export function loadNpy(path: string, options: ArraysOptions = {}): Dataset {
  if (options.label === undefined)
    throw new InputError({
      code: 'data/bad-option',
      message: 'A .npy file holds one array, and the labels are in another.',
      help: 'Write npy:features.npy?label=labels.npy.',
    });
  const labels = resolve(dirname(path), options.label);
  const arrays = new Map([
    ['features', readNpy(readBytes(path, help), path)],
    ['labels', readNpy(readBytes(labels, help), labels)],
  ]);
  return {
    ...arraysToDataset(arrays, path, { ...options, features: 'features', label: 'labels' }),
    name: basename(path),
  };
}
