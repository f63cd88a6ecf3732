/** The public functions and types of the data part. */

export { type CsvOptions, loadCsv } from './csv.ts';
export type { Dataset, Split } from './dataset.ts';
export { type DigitsOptions, digits } from './digits.ts';
export type { ProgressCallback } from './download.ts';
export type { FloatDtype } from './floats.ts';
export { type IdxArray, type IdxKind, readIdx, readIdxFile } from './idx.ts';
export { loadMnistFolder, MNIST_FILES, type MnistFile } from './mnist.ts';
export {
  type DownloadOptions,
  defaultCacheDir,
  downloadMnist,
  MNIST_CHECKSUMS,
  MNIST_MIRRORS,
} from './mnist-download.ts';
export {
  type BlobsOptions,
  blobs,
  moons,
  type PlanarOptions,
  type SpiralsOptions,
  spirals,
} from './planar.ts';
export { createRandom, permutation, type Random } from './random.ts';
export { DATA_SPECS, type LoadOptions, loadData } from './spec.ts';
