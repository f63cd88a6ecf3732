/** Errors of files that other programs write and read: NumPy, Parquet, ONNX. */

import type { ErrorText } from './text.ts';

export const formatErrors: readonly ErrorText[] = [
  {
    code: 'data/npy',
    means: 'A `.npy` file is no array of numbers, is damaged, or holds whole numbers that a double cannot.',
    why: 'The header of the file announces a type and a shape, and with them how many bytes there are. Arrays of objects are pickles, which are programs: none is ever run.',
    mend: "Write it again with `numpy.save`, as floats or integers: `array.astype('float32')`. Class names become whole numbers.",
    example: {
      kind: 'command',
      words: "train model.ts --data 'npy:x.npy?label=y.npy'",
      files: { 'x.npy': '0.1 0.2\n0.3 0.4\n', 'y.npy': '0\n1\n' },
    },
  },
  {
    code: 'data/npz',
    means: 'A `.npz` file is no archive of arrays, is damaged, or would unpack to more than it announces.',
    why: 'Every entry is checked against its checksum before it is used.',
    mend: 'Write it again with `numpy.savez` or `numpy.savez_compressed`.',
    example: {
      kind: 'command',
      words: "train model.ts --data 'npz:points.npz?label=y'",
      files: { 'points.npz': 'x,y\n0.1,0\n' },
    },
  },
  {
    code: 'data/parquet',
    means: 'A Parquet file is damaged, nested, too large, or has a cell that is no number.',
    why: 'A model takes rows of numbers. What a file announces is looked at before any of it is read.',
    mend: 'Write the table again as flat columns of numbers, packed with snappy or gzip. The label column may hold words, which become classes in alphabetical order.',
    example: {
      kind: 'command',
      words: "train model.ts --data 'parquet:points.parquet?label=y'",
      files: { 'points.parquet': 'x,y\n0.1,0\n' },
    },
  },
  {
    code: 'onnx/format',
    means: 'The bytes are no ONNX file, or a damaged one.',
    why: 'Every length in it is checked before anything is made of it.',
    mend: 'Use another copy, or export it again.',
    example: {
      kind: 'told',
      message:
        'error[onnx/format]: Not a valid ONNX file: a part ends after what it is in (byte 2).\n  The file may be truncated or damaged; use another copy, or export it again.',
    },
  },
  {
    code: 'onnx/unsupported',
    means:
      'A model cannot be written as ONNX, or an ONNX file cannot be made a model: one has something that the other does not.',
    why: 'A file that computes something else than the model would be worse than none.',
    mend: 'For an export, compute the outputs without random numbers and without the number of the step: `whenTraining(a, b)` takes `b` where nothing is trained. For an import the message names the operator and its place.',
    example: {
      kind: 'told',
      message:
        'model.ts:12: unsupported[onnx/unsupported]: the outputs of "noisy" need what ONNX has no nodes for: uniform (model.ts:12).\n  Compute the outputs without it: whenTraining(a, b) takes b where nothing is trained.',
    },
  },
  {
    code: 'onnx/no-outputs',
    means: 'A model that returns no outputs is to be exported.',
    why: 'An exported model is what `predict` computes; loss and updates are no part of it.',
    mend: 'Return what is to be predicted: `{ loss, outputs: { scores } }`.',
    example: {
      kind: 'told',
      message:
        'error[onnx/no-outputs]: the model "tiny" has no outputs, so there is nothing to export.\n  Return them: { loss, outputs: { scores } }.',
    },
  },
];
