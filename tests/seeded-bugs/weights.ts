/** Faults of weights and the files that hold them: unchecked headers, lost or misplaced numbers, wrong conversions. */

import type { SeededBug } from './bug.ts';

type Fault = Pick<SeededBug, 'id' | 'what' | 'find' | 'replace'>;

const inFile =
  (file: string, test: string) =>
  (name: string, fault: Fault): SeededBug => ({
    ...fault,
    file: `src/runtime/${file}.ts`,
    test: `tests/runtime/${test}.test.ts`,
    name,
  });

const header = inFile('safetensors-header', 'safetensors');
const file = inFile('safetensors', 'safetensors');
const state = inFile('weights', 'weights');

const lists = 'load > lists all names that are missing, extra or of another shape, and changes nothing';

export const weights: readonly SeededBug[] = [
  header('decode refuses > a duplicate name', {
    id: 'weights-duplicate-name',
    what: 'of two tensors of one name the last one counts',
    find: 'if (seen.has(key)) throw malformed(',
    replace: 'if (seen.has(key) && seen.size < 0) throw malformed(',
  }),
  header('decode refuses > something after the header', {
    id: 'weights-after-header',
    what: 'anything may follow the header',
    find: "if (reader.at() < to) throw malformed('something follows the header', reader.at());",
    replace: '',
  }),
  header('decode refuses > offsets past 2^53', {
    id: 'weights-inexact-offsets',
    what: 'offsets may be larger than a number counts exactly',
    find: 'if (value > Number.MAX_SAFE_INTEGER) throw',
    replace: 'if (value > Number.MAX_VALUE) throw',
  }),
  header('decode refuses > an unknown field', {
    id: 'weights-unknown-field',
    what: 'unknown fields of a tensor are passed over',
    find: "else if (key === 'data_offsets') offsets = readIntegers(reader);\n    else throw",
    replace:
      "else if (key === 'data_offsets') offsets = readIntegers(reader);\n    else if (keyAt < 0) throw",
  }),
  file('decode refuses > overlap', {
    id: 'weights-overlap',
    what: 'tensors may share bytes of the file',
    find: 'if (begin !== reached) {',
    replace: 'if (begin > reached) {',
  }),
  file('decode refuses > bytes that belong to no tensor', {
    id: 'weights-trailing-bytes',
    what: 'bytes may follow that belong to no tensor',
    find: 'if (dataStart + reached !== fileLength) {',
    replace: 'if (dataStart + reached > fileLength) {',
  }),
  file('decode refuses > data past the end', {
    id: 'weights-past-the-end',
    what: 'the end of the data is not checked against the file',
    find: 'if (end > fileLength - dataStart)',
    replace: 'if (end > Number.MAX_SAFE_INTEGER)',
  }),
  file('decode refuses > end before begin', {
    id: 'weights-size-unchecked',
    what: 'the bytes of a tensor need not be those of its shape',
    find: 'if (size === undefined || size * dtypeBytes[dtype] !== end - begin) {',
    replace: 'if (size === undefined) {',
  }),
  file('decode refuses > a header of 2^32 bytes more than it has', {
    id: 'weights-huge-header',
    what: 'the upper half of the length of the header is not looked at',
    find: ' + view.getUint32(4, true) * 2 ** 32',
    replace: '',
  }),
  file('encode and decode > are inverse, in order, from any alignment, and canonical', {
    id: 'weights-misaligned',
    what: 'a tensor is read from the nearest aligned byte',
    find: 'if (hostIsLittleEndian && (file.byteOffset + from) % size === 0)\n    return [file.buffer, file.byteOffset + from];',
    replace:
      'if (hostIsLittleEndian) return [file.buffer, Math.floor((file.byteOffset + from) / size) * size];',
  }),
  file('encode and decode > are inverse, in order, from any alignment, and canonical', {
    id: 'weights-begin-unshifted',
    what: 'every tensor is said to begin at byte 0',
    find: 'const begin = end;',
    replace: 'const begin = Math.min(end, 0);',
  }),
  state(lists, {
    id: 'weights-extra-ignored',
    what: 'tensors that the model does not have are passed over',
    find: 'const extra = parametersOnly ? []',
    replace: 'const extra = !parametersOnly ? []',
  }),
  state(lists, {
    id: 'weights-transposed',
    what: 'a tensor of the right size may have any shape',
    find: 'if (tensor === undefined) return [];',
    replace: 'if (tensor === undefined || sizeOf(tensor.shape) === sizeOf(shape)) return [];',
  }),
  state('load > refuses integers for floats and numbers that f32 cannot hold', {
    id: 'weights-overflow-f32',
    what: 'numbers that f32 cannot hold become infinite',
    find: "dtype === 'f32' ? target.findIndex((value, i) => !fits(value, data[i])) : -1",
    replace: "dtype === 'i32' ? target.findIndex((value, i) => !fits(value, data[i])) : -1",
  }),
  state('load > takes the number of steps from the metadata, 0 without', {
    id: 'weights-step-unread',
    what: 'the number of steps is not taken from the file',
    find: 'steps: parametersOnly ? 0 : stepsOf(file)',
    replace: 'steps: parametersOnly ? 0 : stepsOf(file) * 0',
  }),
  state('save > writes all of the state with its metadata', {
    id: 'weights-slots-unsaved',
    what: 'the slots of the optimizer are not saved',
    find: 'for (const { name, dtype, shape } of layout.state)\n',
    replace: "for (const { name, dtype, shape } of layout.state.filter(({ role }) => role !== 'slot'))\n",
  }),
  inFile('trainer', 'weights')('load > of the parameters only starts the optimizer anew', {
    id: 'weights-slots-kept',
    what: 'loading the parameters alone keeps the slots as they were',
    find: "initializeSome(layout, state, seed, ({ role }) => role === 'slot')",
    replace: "initializeSome(layout, state, seed, ({ role }) => role === 'statistic')",
  }),
  inFile('engine', 'weights')(
    'save > and load and going on equal never having stopped, anywhere in an epoch',
    {
      id: 'weights-steps-lost',
      what: 'a trainer that was loaded counts its steps from 0',
      find: 'steps = count;',
      replace: 'steps = Math.min(count, 0);',
    },
  ),
];
