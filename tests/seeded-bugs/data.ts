/** Faults of data on their way to a step: records lost, shifted, unshuffled, unchecked, misread; and of random numbers. */

import type { SeededBug } from './bug.ts';

type Fault = Pick<SeededBug, 'id' | 'what' | 'find' | 'replace'>;

const inFile =
  (file: string, test: string) =>
  (name: string, fault: Fault): SeededBug => ({
    ...fault,
    file: `src/${file}.ts`,
    test: `tests/${test}.test.ts`,
    name,
  });

const visits = 'fit > visits every record once per epoch; lastBatch says what becomes of the rest';
const gathers = 'fit > gathers records of 63 numbers of 8 bytes whole';

const loop: readonly SeededBug[] = [
  inFile('runtime/options', 'runtime/trainer')(visits, {
    id: 'last-batch-lost',
    what: 'the last batch is left out when it is smaller than the others',
    find: 'keep ? Math.ceil(count / batch) : Math.floor(count / batch)',
    replace: 'keep && count < batch ? 1 : Math.floor(count / batch)',
  }),
  inFile('runtime/fit', 'runtime/trainer')(visits, {
    id: 'last-batch-overrun',
    what: 'the last batch is padded with records that are not there',
    find: 'Math.min(batch, source.count - from)',
    replace: 'batch',
  }),
  inFile('runtime/fit', 'runtime/trainer')(visits, {
    id: 'batches-overlap',
    what: 'each batch begins with the last record of the one before',
    find: 'const from = batchOfEpoch * batch;',
    replace: 'const from = Math.max(0, batchOfEpoch * batch - Math.min(1, batchOfEpoch));',
  }),
  inFile('runtime/fit', 'runtime/trainer')('fit > visits the records in an order that the seed decides', {
    id: 'shuffle-not-seeded',
    what: 'the order of records does not depend on the seed',
    find: 'shuffle(order, seed, epoch);',
    replace: 'shuffle(order, 0, epoch);',
  }),
  inFile('runtime/fit', 'runtime/trainer')('fit > takes the epochs of two calls in the order of one', {
    id: 'resume-from-first-record',
    what: 'a second call of fit begins with the first record again',
    find: 'const place = engine.steps();',
    replace: 'const place = done;',
  }),
  inFile('runtime/fit', 'runtime/weights')(
    'save > and load and going on equal never having stopped, anywhere in an epoch',
    {
      id: 'resume-epoch-reset',
      what: 'a training that goes on shuffles as if it were in its first epoch',
      find: 'shuffle(order, seed, epoch);',
      replace: 'shuffle(order, seed, Math.floor(done / stepsPerEpoch));',
    },
  ),
  inFile('runtime/shuffle', 'runtime/random')('shuffle > brings every record to every place equally often', {
    id: 'shuffle-biased',
    what: 'the shuffle exchanges with any place instead of those that are left',
    find: 'integerBelow(i + 1, seed, shuffleStream, epoch, i)',
    replace: 'integerBelow(order.length, seed, shuffleStream, epoch, i)',
  }),
  inFile('runtime/shuffle', 'runtime/random')(
    'shuffle > is a permutation that depends on (seed, epoch) alone',
    {
      id: 'shuffle-of-previous',
      what: 'the order of an epoch is a shuffle of the order of the one before',
      find: 'for (let i = 0; i < order.length; i++) order[i] = i;',
      replace: 'if (order[1] === 0) for (let i = 0; i < order.length; i++) order[i] = i;',
    },
  ),
  inFile('runtime/stage', 'runtime/trainer')(gathers, {
    id: 'label-shift',
    what: 'features and labels of a batch come from neighbouring records',
    find: 'copyRecords(words, target, widths[input] ?? 0, order, from, count);',
    replace: 'copyRecords(words, target, widths[input] ?? 0, order, from > 0 ? from - input : from, count);',
  }),
  inFile('runtime/stage', 'runtime/trainer')(gathers, {
    id: 'halves-of-doubles',
    what: 'only the first half of a record of 8-byte numbers is gathered',
    find: "rowSize(shape) * (dtype === 'f64' ? 2 : 1)",
    replace: "rowSize(shape) * (dtype === 'f64' ? 1 : 1)",
  }),
  inFile('runtime/trainer', 'runtime/trainer')('evaluate > does not depend on the batch', {
    id: 'evaluate-unweighted',
    what: 'a partial batch counts as much as a whole one in the means of an evaluation',
    find: '(count / (from + count))',
    replace: '(batch / (from + batch))',
  }),
  inFile('runtime/trainer', 'runtime/trainer')(
    'predict > gives a row for every record, in arrays of its own',
    {
      id: 'predict-first-batch-only',
      what: 'the outputs of every batch are written over those of the first',
      find: 'result.set(found, isPerRecord ? from * width : 0);',
      replace: 'result.set(found, 0);',
    },
  ),
];

const checks: readonly SeededBug[] = [
  inFile('runtime/columns', 'runtime/columns')('errors of columns > NaN anywhere', {
    id: 'nan-accepted',
    what: 'a column may hold what is no number',
    find: "typeof value === 'number' && value >= low && value <= high &&",
    replace: "typeof value === 'number' && !(value < low || value > high) &&",
  }),
  inFile('runtime/columns', 'runtime/columns')('errors of columns > the label 10', {
    id: 'label-range-one-more',
    what: 'a label may be one beyond the last class',
    find: 'high: classes - 1,',
    replace: 'high: classes,',
  }),
  inFile('runtime/columns', 'runtime/columns')('errors of columns > a wrong length', {
    id: 'column-lengths-differ',
    what: 'columns may have other numbers of records than the first',
    find: 'if (rows.count !== first.count) {',
    replace: 'if (rows.count < 0) {',
  }),
  inFile('runtime/fitted', 'systems/fitted')(
    'in f64 > minMax and zScore have the range, mean and biased variance of all training data, not of a batch',
    {
      id: 'fitted-without-last',
      what: 'the statistics of the training data leave out the last record',
      find: 'for (let row = 0; row < count; row++) {',
      replace: 'for (let row = 0; row < count - 1; row++) {',
    },
  ),
];

const files: readonly SeededBug[] = [
  inFile('data/idx', 'data/idx')('readIdx > refuses trailing bytes', {
    id: 'idx-trailing-bytes',
    what: 'an IDX file may have more bytes than its header announces',
    find: 'if (bytes.length !== expected) {',
    replace: 'if (bytes.length < expected) {',
  }),
  inFile('data/gzip', 'data/idx')('gunzip > accepts exactly the size limit and nothing above', {
    id: 'gzip-unlimited',
    what: 'a gzip file may unpack to any size',
    find: '{ info: true, maxOutputLength: maxBytes }',
    replace: '{ info: true, maxOutputLength: maxBytes + 1 }',
  }),
  inFile('data/mnist', 'data/mnist')('loadMnistFolder > refuses unequal numbers of images and labels', {
    id: 'mnist-counts-differ',
    what: 'a set may have more images than labels',
    find: 'if (labels.data.length !== count) {',
    replace: 'if (labels.data.length > count) {',
  }),
  inFile('data/floats', 'data/mnist')('loadMnistFolder > rounds byte/255 to float32 by default', {
    id: 'pixels-by-256',
    what: 'pixels are divided by 256',
    find: 'byte / 255;',
    replace: 'byte / 256;',
  }),
  inFile('data/csv-columns', 'data/csv')(
    'loadCsv > takes the last column as numeric label and keeps the order',
    {
      id: 'csv-features-after-label',
      what: 'the features after the label column are shifted by one',
      find: 'column - (column > label ? 1 : 0)',
      replace: 'Math.max(0, column - 1)',
    },
  ),
  inFile('data/csv-columns', 'data/csv')(
    'the test split of loadCsv > takes round(test·count) rows by a seeded shuffle and loses none',
    {
      id: 'csv-split-overlaps',
      what: 'the training rows hold those of the test split as well',
      find: 'takeRows(rows, order.subarray(0, from), width, dtype)',
      replace: 'takeRows(rows, order, width, dtype)',
    },
  ),
  inFile('data/csv-columns', 'data/csv')('loadCsv > orders text classes by code unit', {
    id: 'csv-classes-as-found',
    what: 'text classes are numbered as they come',
    find: '[...known.keys()].sort((a, b) => (a < b ? -1 : 1))',
    replace: '[...known.keys()]',
  }),
  inFile('data/numbers', 'data/csv')('loadCsv > refuses 0x10 as a number', {
    id: 'csv-loose-numbers',
    what: 'numbers are read as JavaScript reads them',
    find: 'if (!NUMBER.test(text)) return undefined;',
    replace: "if (text === '') return undefined;",
  }),
];

const random: readonly SeededBug[] = [
  inFile('runtime/random', 'runtime/random')(
    'threefry2x32 > gives the published answer for key 0 0, counter 0 0',
    {
      id: 'threefry-rotation',
      what: 'one rotation of the random number generator is wrong',
      find: 'Uint8Array.of(13, 15, 26, 6, 17, 29, 16, 24)',
      replace: 'Uint8Array.of(13, 15, 26, 6, 17, 29, 24, 16)',
    },
  ),
  inFile('runtime/random', 'runtime/random')('normal draws > invert the normal CDF', {
    id: 'normal-tail-sign',
    what: 'normal numbers are never negative beyond the middle',
    find: 'return q < 0 ? -z : z;',
    replace: 'return z;',
  }),
  inFile('runtime/initialize', 'runtime/random')('initialize > draws each state from its own stream', {
    id: 'initial-one-stream',
    what: 'all parameters are drawn from one stream',
    find: 'if (values !== undefined) fillInitial(values, init, seed, stream);',
    replace: 'if (values !== undefined) fillInitial(values, init, seed, Math.min(stream, 0));',
  }),
];

export const data: readonly SeededBug[] = [...loop, ...checks, ...files, ...random];
