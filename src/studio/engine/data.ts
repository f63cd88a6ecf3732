/** The data that a page chooses: made from a seed, or read from the bytes of a CSV file, and what to show of them. */

import { bindSplit } from '../../bind.ts';
import { parseCsv } from '../../data/csv-parse.ts';
import type { Dataset, Split } from '../../data/dataset.ts';
import { digits } from '../../data/digits.ts';
import type { FloatDtype } from '../../data/floats.ts';
import { blobs, moons, spirals } from '../../data/planar.ts';
import { checkColumns } from '../../runtime/columns.ts';
import { InputError } from '../../runtime/errors.ts';
import type { Batch, Layout } from '../../runtime/module.ts';
import { EngineError } from './problems.ts';
import type { DataChoice, DataSummary } from './protocol.ts';

const makers = { moons, spirals, blobs, digits };

/** As many as the command line takes, but of digits fewer: a page waits for them. */
const usualSamples = { moons: 1000, spirals: 1000, blobs: 1000, digits: 2000 };

/** A fifth of a file with fewer rows says nothing. */
const fewRows = 20;

/** Test samples beside each training sample, of what is drawn, and in each row of a file. */
const testPart = { drawn: 1 / 4, csv: 1 / 5 };

export function datasetOf(choice: DataChoice, dtype: FloatDtype): Dataset {
  if (choice.kind === 'csv') return csvDataset(choice, dtype);
  const { kind, samples: count = usualSamples[kind], noise, seed } = choice;
  return makers[kind]({
    dtype,
    count,
    testCount: Math.max(1, Math.round(count * testPart.drawn)),
    ...(noise === undefined ? {} : { noise }),
    ...(seed === undefined ? {} : { seed }),
  });
}

function csvDataset(
  { name, bytes, label }: Extract<DataChoice, { kind: 'csv' }>,
  dtype: FloatDtype,
): Dataset {
  const options = { dtype, ...(label === undefined ? {} : { label }) };
  try {
    const whole = parseCsv(bytes, name, options);
    return whole.train.count < fewRows ? whole : parseCsv(bytes, name, { ...options, test: testPart.csv });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const place = error.at === undefined ? '' : `${error.at}: `;
    throw new EngineError({
      code: error.code,
      message: `${place}${error.message}`,
      ...(error.help === undefined ? {} : { help: error.help }),
    });
  }
}

/** The columns of a model, from both parts of the data. */
export interface Columns {
  readonly train: Batch;
  readonly test: Batch | undefined;
}

/** Throws an `InputError` that says what does not fit. */
export function columnsFor(layout: Layout, dataset: Dataset): Columns {
  const bound = (split: Split): Batch =>
    Object.fromEntries(checkColumns(layout, bindSplit(layout, dataset, split), 'all').arrays);
  return {
    train: bound(dataset.train),
    test: dataset.test === undefined ? undefined : bound(dataset.test),
  };
}

/** What keeps the data from being those of a model, if anything does. */
export function misfitOf(layout: Layout, dataset: Dataset): DataSummary['misfit'] {
  try {
    columnsFor(layout, dataset);
    return undefined;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { message: error.message, ...(error.help === undefined ? {} : { help: error.help }) };
  }
}

const titles = { moons: 'Two moons', spirals: 'Two spirals', blobs: 'Three blobs', digits: 'Digits' };

export function summaryOf(choice: DataChoice, dataset: Dataset, layout: Layout | undefined): DataSummary {
  const { train, test, featureNames, classes } = dataset;
  const misfit = layout && misfitOf(layout, dataset);
  const shown = { points: pointsOf(train), pictures: picturesOf(dataset) };
  return {
    title: choice.kind === 'csv' ? choice.name : titles[choice.kind],
    train: train.count,
    test: test?.count ?? 0,
    features: featureNames ?? Array.from({ length: train.width }, (_, i) => `pixel ${i}`),
    classes: classes?.length ?? countClasses(train),
    ...(classes === undefined ? {} : { classNames: classes }),
    ...(shown.points === undefined ? {} : { points: shown.points }),
    ...(shown.pictures === undefined ? {} : { pictures: shown.pictures }),
    ...(misfit === undefined ? {} : { misfit }),
  };
}

/** More numbers than these are hardly the numbers of classes. */
const mostClasses = 20;

/** Of labels that are numbers: classes, if they count from 0, and 0 if not. */
function countClasses({ labels }: Split): number {
  const known = new Set<number>(labels);
  const isClass = (label: number): boolean => Number.isInteger(label) && label >= 0 && label < mostClasses;
  return [...known].every(isClass) ? Math.max(...known) + 1 : 0;
}

const mostPoints = 2000;
const mostPictures = 30;

const classesOf = (split: Split, count: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(split.labels.subarray(0, count));

function pointsOf(split: Split): DataSummary['points'] {
  if (split.width !== 2) return undefined;
  const count = Math.min(split.count, mostPoints);
  return { at: Float32Array.from(split.features.subarray(0, 2 * count)), classes: classesOf(split, count) };
}

/** Features that are a square of shades of grey. */
function picturesOf({ train }: Dataset): DataSummary['pictures'] {
  const side = Math.sqrt(train.width);
  if (!Number.isInteger(side) || side < 8) return undefined;
  const count = Math.min(train.count, mostPictures);
  const pixels = Float32Array.from(train.features.subarray(0, count * train.width));
  if (!pixels.every((pixel) => pixel >= 0 && pixel <= 1)) return undefined;
  return { side, pixels, classes: classesOf(train, count) };
}
