/** Errors of data: columns given by programs, data sets named on the command line, and the files they are read from. */

import { callOf, type ErrorText, type Files } from './text.ts';

const step = (data: string): string => callOf('tiny', `createTrainer(tiny).step(${data});`);

/** The four files of a set of images, all with the same bytes. */
const mnistFiles = (bytes: readonly number[]): Files =>
  Object.fromEntries(
    ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'].map((name) => [
      `images/${name}-ubyte`,
      bytes,
    ]),
  );

export const dataErrors: readonly ErrorText[] = [
  {
    code: 'data/empty',
    means: 'The data have no records.',
    why: 'The mean over no samples is 0/0.',
    mend: 'Give at least one record. If they come from a filter, see what it lets through.',
    example: { kind: 'call', text: step('{ x: [], y: [] }') },
  },
  {
    code: 'data/missing-column',
    means: 'An input or a label of the model has no column in the data.',
    why: 'Every input is read. A column that is left out by mistake would otherwise train on zeros.',
    mend: 'Give one column for each input and label, by its name. `predict` does without labels.',
    example: { kind: 'call', text: step('{ x: [[1, 2]] }') },
  },
  {
    code: 'data/unknown-column',
    means:
      'The data have a column that the model does not know, or the label named for a CSV file is not in its header.',
    why: 'It is a misspelt name more often than a column too many.',
    mend: 'Correct the name, or leave the column out.',
    example: { kind: 'call', text: step('{ x: [[1, 2]], y: [0], weigth: [1] }') },
  },
  {
    code: 'data/wrong-length',
    means: 'A column has another number of values per record, or of records, than the others or the model.',
    why: 'Values would belong to other records than they were meant for.',
    mend: 'Columns may be flat and row-major, or one array per record; each must hold a whole number of records, and all the same number.',
    example: { kind: 'call', text: step('{ x: [[1, 2], [3, 4]], y: [0, 1, 1] }') },
  },
  {
    code: 'data/not-finite',
    means: 'A value is NaN, infinite, missing, or too large for the precision of the model.',
    why: 'One NaN makes every parameter NaN within a step. Here it can still be said where it stood.',
    mend: 'Leave such records out, or replace the value. What is missing in a table is often read as NaN.',
    example: { kind: 'call', text: step('{ x: [[1, Number.NaN]], y: [0] }') },
  },
  {
    code: 'data/not-integer',
    means: 'A class label is not a whole number.',
    why: 'A label with classes is the index of one of them; half a class does not exist.',
    mend: "If the label is a quantity, declare it as one: `m.label('y', ['batch', 1])`.",
    example: {
      kind: 'command',
      words: "train model.ts --data 'csv:points.csv?label=y'",
      files: { 'points.csv': 'a,b,y\n0.1,0.2,0\n0.3,0.4,0.5\n' },
    },
  },
  {
    code: 'data/not-exact',
    means: 'A whole number is given that float32 cannot hold exactly.',
    why: 'float32 has every whole number up to 16,777,216. An identifier or a count beyond would become another one silently.',
    mend: 'Compile in f64, or pass a `Float32Array` or `Float64Array`: that says rounding is meant.',
    example: { kind: 'call', text: step('{ x: new Int32Array([16777217, 1]), y: [0] }') },
  },
  {
    code: 'data/label-range',
    means: 'A label is not among the classes of the model, or the data have another number of classes.',
    why: 'The row of its one-hot form would be all zeros, and the loss of that sample 0 whatever is predicted.',
    mend: 'Classes count from 0. Declare as many as there are: `{ classes: 10 }`.',
    example: { kind: 'call', text: step('{ x: [[1, 2]], y: [2] }') },
  },
  {
    code: 'data/batch-too-large',
    means: 'One call brings more records than the trainer was compiled for.',
    why: 'The arena is laid out for `maxBatch` samples and never grows. `fit` and `evaluate` cut data into batches themselves; a single `step`, and an output that is one value for all records, cannot be cut.',
    mend: 'Pass fewer records, use `fit`, or set `maxBatch` in the options of the model.',
    example: {
      kind: 'call',
      text: step('{ x: new Float32Array(10), y: new Int32Array(5) }'),
    },
  },
  {
    code: 'data/unknown-set',
    means: 'There is no data set of this name.',
    why: 'A data set is named as `SET`, `SET:PATH` or `SET?key=value`.',
    mend: 'Name one of those listed.',
    example: { kind: 'command', words: 'train model.ts --data moon' },
  },
  {
    code: 'data/bad-option',
    means: 'A data set has no such option, or not with this value.',
    why: 'The option would be ignored otherwise.',
    mend: 'The message lists the options of the set, or says what is expected.',
    example: { kind: 'command', words: "train model.ts --data 'moons?nosie=0.2'" },
  },
  {
    code: 'data/file-missing',
    means: 'A file of data or weights is not there, or cannot be read.',
    why: 'There is nothing to read.',
    mend: 'Paths are taken from the current folder. A folder of MNIST needs its four files under their own names, packed or not.',
    example: { kind: 'command', words: 'train model.ts --data csv:points.csv' },
  },
  {
    code: 'data/csv',
    means: 'A CSV file is not in order: quotes, the number of cells in a row, or a cell that is no number.',
    why: 'A reader that guesses would shift or drop values. The message has line and column.',
    mend: 'Correct the cell. Features are numbers such as -1.5 or 2e-3; the label column may hold words, which become classes in alphabetical order.',
    example: {
      kind: 'command',
      words: "train model.ts --data 'csv:points.csv?label=y'",
      files: { 'points.csv': 'a,b,y\n0.1,0.2,0\n0.3,n/a,1\n' },
    },
  },
  {
    code: 'data/idx',
    means:
      'A file of the MNIST format is damaged, cut off, or of another kind than its name says; or the files are not of one set.',
    why: 'Its header announces how many bytes follow, and there are others.',
    mend: 'Fetch the file again.',
    example: {
      kind: 'command',
      words: 'train model.ts --data mnist:images',
      files: mnistFiles([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    },
  },
  {
    code: 'data/gzip',
    means: 'A packed file is damaged, or unpacks to more than such a file can hold.',
    why: 'Its checksum does not fit, or it was made to fill the memory.',
    mend: 'Fetch or pack the file again.',
    example: {
      kind: 'command',
      words: 'train model.ts --data mnist:images',
      files: mnistFiles([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2]),
    },
  },
  {
    code: 'data/download',
    means: 'MNIST could not be fetched from any mirror, or not be kept.',
    why: 'No connection, a proxy, or a folder that cannot be written to; the message has the reason of each mirror.',
    mend: 'If you have the four files, name their folder: `--data mnist:DIR`. `CHAINRULE_MNIST_URL` names another mirror, `XDG_CACHE_HOME` another place for the cache.',
    example: {
      kind: 'told',
      message:
        'train-images-idx3-ubyte: error[data/download]: Cannot download train-images-idx3-ubyte.gz. https://...: the connection failed.\n  If you have the four files already, name their folder: mnist:DIR.',
    },
  },
  {
    code: 'data/checksum',
    means: 'A mirror gave a file with other contents than MNIST has.',
    why: 'Each file is compared with a known SHA-256 before it is kept: a login page or a changed data set does not become training data.',
    mend: 'Try again later, or name a folder with the files.',
    example: {
      kind: 'told',
      message:
        'train-labels-idx1-ubyte: error[data/checksum]: Cannot download train-labels-idx1-ubyte.gz. https://...: expected contents with checksum 65a5..., found 9f86....\n  If you have the four files already, name their folder: mnist:DIR.',
    },
  },
];
