/** Safetensors files: what is written is read, and what is malformed is refused with its place. */

import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeSafetensors, encodeSafetensors, InputError, type Tensor } from '../../src/runtime/index.ts';
import { reverseElements } from '../../src/runtime/safetensors.ts';
import { failure } from './failing.ts';

/** A file with this header, as text, and so many bytes of data. */
function fileOf(header: string, dataBytes = 0): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 8);
  return bytes;
}

const tensor = (begin: number, end: number, shape = `[${(end - begin) / 4}]`) =>
  `{"dtype":"F32","shape":${shape},"data_offsets":[${begin},${end}]}`;

const names = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    '10',
    '2',
    '',
    '"',
    '\\',
    '\ud800',
    '\u2028',
    '\ufeff',
  ),
);
const tensors: fc.Arbitrary<Tensor> = fc
  .record({ dtype: fc.constantFrom('F32', 'F64', 'I32'), shape: fc.array(fc.nat(3), { maxLength: 3 }) })
  .chain(({ dtype, shape }): fc.Arbitrary<Tensor> => {
    const length = shape.reduce((size, dim) => size * dim, 1);
    const exactly = { minLength: length, maxLength: length };
    if (dtype === 'F32')
      return fc.float32Array(exactly).map((data) => ({ dtype: 'F32' as const, shape, data }));
    if (dtype === 'F64')
      return fc.float64Array(exactly).map((data) => ({ dtype: 'F64' as const, shape, data }));
    return fc.int32Array(exactly).map((data) => ({ dtype: 'I32' as const, shape, data }));
  });
const files = fc.tuple(
  fc.uniqueArray(fc.tuple(names, tensors), { selector: ([name]) => name, maxLength: 5 }),
  fc.uniqueArray(fc.tuple(names, fc.string()), { selector: ([name]) => name, maxLength: 3 }),
);

describe('encode and decode', () => {
  test('are inverse, in order, from any alignment, and canonical', () => {
    fc.assert(
      fc.property(files, fc.nat(7), ([entries, metadata], shift) => {
        const bytes = encodeSafetensors(new Map(entries), new Map(metadata));
        expect(new DataView(bytes.buffer).getUint32(0, true) % 8).toBe(0);
        const moved = new Uint8Array(bytes.length + shift).subarray(shift);
        moved.set(bytes);
        const read = decodeSafetensors(moved);
        expect([...read.tensors]).toEqual(entries);
        expect([...read.metadata]).toEqual(metadata);
        expect(encodeSafetensors(read.tensors, read.metadata)).toEqual(bytes);
      }),
      { numRuns: 300 },
    );
  });
  test('write the documented bytes', () => {
    const bytes = encodeSafetensors(new Map([['a', { dtype: 'F32', shape: [1], data: Float32Array.of(1) }]]));
    const header = '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  ';
    expect(bytes).toEqual(
      Uint8Array.of(56, 0, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode(header), 0, 0, 0x80, 0x3f),
    );
  });
  test('read a Node Buffer', () => {
    const bytes = encodeSafetensors(new Map([['a', { dtype: 'F64', shape: [], data: Float64Array.of(7) }]]));
    expect(decodeSafetensors(Buffer.from(bytes)).tensors.get('a')?.data[0]).toBe(7);
  });
  test('turn elements around for big-endian hosts', () => {
    const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    reverseElements(bytes, 4);
    expect([...bytes]).toEqual([4, 3, 2, 1, 8, 7, 6, 5]);
  });
});

describe('encode refuses', () => {
  const one = Float32Array.of(1);
  test('the name __metadata__', () => {
    const map = new Map([['__metadata__', { dtype: 'F32' as const, shape: [1], data: one }]]);
    expect(failure(() => encodeSafetensors(map))).toMatch(/weights\/format.*__metadata__/);
  });
  test.each([[[2]], [[-1]], [[0.5]], [[2 ** 30, 2 ** 30]]])('an array of 1 for shape %j', (shape) => {
    const map = new Map([['a', { dtype: 'F32' as const, shape, data: one }]]);
    expect(failure(() => encodeSafetensors(map))).toMatch(/weights\/format.*"a"/);
  });
  test('a header over 1 MiB', () => {
    const map = new Map([['a'.repeat(2 ** 20), { dtype: 'F32' as const, shape: [1], data: one }]]);
    expect(failure(() => encodeSafetensors(map))).toMatch(/limit is 1048576/);
  });
});

describe('decode refuses', () => {
  test.each<[string, Uint8Array, RegExp]>([
    ['an empty file', new Uint8Array(0), /fewer than 8 \(byte 0\)/],
    ['a zero-filled file', new Uint8Array(64), /does not start with "\{" \(byte 8\)/],
    ['a huge header', Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 123), /over 1 MiB \(byte 0\)/],
    [
      'a header of 2^32 bytes more than it has',
      Uint8Array.of(2, 0, 0, 0, 1, 0, 0, 0, 123, 125),
      /over 1 MiB/,
    ],
    [
      'a header longer than the file',
      Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 123),
      /within the header \(byte 9\)/,
    ],
    ['a header that is not an object', fileOf('[]'), /byte 8/],
    ['space before the header', fileOf(' {}'), /byte 8/],
    ['something after the header', fileOf('{} x'), /follows the header \(byte 11\)/],
    [
      'a duplicate name',
      fileOf(`{"a":${tensor(0, 4)},"a":${tensor(4, 8)}}`, 8),
      /"a" comes twice \(byte 62\)/,
    ],
    [
      'a duplicate name in escapes',
      fileOf(`{"a":${tensor(0, 4)},"\\u0061":${tensor(4, 8)}}`, 8),
      /comes twice/,
    ],
    ['a duplicate field', fileOf('{"a":{"dtype":"F32","dtype":"F32"}}'), /"dtype" comes twice/],
    ['duplicate metadata', fileOf('{"__metadata__":{"a":"1","a":"2"}}'), /comes twice/],
    ['an unknown field', fileOf('{"a":{"stride":1}}'), /unknown field "stride" \(byte 14\)/],
    ['an unknown dtype', fileOf('{"a":{"dtype":"BF16"}}'), /"BF16" is not one of/],
    ['a missing field', fileOf('{"a":{"dtype":"F32","shape":[]}}'), /needs dtype, shape/],
    [
      'three offsets',
      fileOf('{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4,4]}}', 4),
      /two data_offsets/,
    ],
    [
      'overlap',
      fileOf(`{"a":${tensor(0, 8)},"b":${tensor(4, 12)}}`, 12),
      /"b" overlap.*start at 4, expected 8/,
    ],
    ['a hole', fileOf(`{"a":${tensor(0, 4)},"b":${tensor(8, 12)}}`, 12), /leave a hole/],
    ['bytes that belong to no tensor', fileOf(`{"a":${tensor(0, 4)}}`, 8), /belong to no tensor/],
    ['data past the end', fileOf(`{"a":${tensor(0, 8)}}`, 4), /pass the end of the file/],
    ['a claim of 2^50 bytes', fileOf(`{"a":${tensor(0, 2 ** 50)}}`), /pass the end of the file/],
    [
      'offsets past 2^53',
      fileOf(`{"a":${tensor(0, 4).replace('4]}', '9007199254740993]}')}}`, 4),
      /too large/,
    ],
    ['a shape past 2^53', fileOf(`{"a":${tensor(0, 4, '[4294967296,4294967296]')}}`, 4), /dtype and shape/],
    ['end before begin', fileOf(`{"a":${tensor(0, 4).replace('[0,4]', '[0,0]')}}`, 4), /has 0 bytes/],
    ['a negative number', fileOf(`{"a":${tensor(0, 4, '[-1]')}}`, 4), /whole number/],
    ['a number with leading zero', fileOf(`{"a":${tensor(0, 4, '[01]')}}`, 4), /starts with 0/],
    ['a fraction', fileOf(`{"a":${tensor(0, 4, '[1.0]')}}`, 4), /expected "\]"/],
    ['deep nesting', fileOf(`{"a":${'['.repeat(100_000)}`), /expected "\{"/],
    ['a string without end', fileOf('{"a\\'), /no end \(byte 9\)/],
    ['a raw newline in a name', fileOf('{"a\n":1}'), /not valid JSON/],
    ['metadata that are no text', fileOf('{"__metadata__":{"a":1}}'), /byte 29/],
    ['bad UTF-8', fileOf('{"a":1}').map((byte) => (byte === 97 ? 0xff : byte)), /UTF-8/],
  ])('%s', (_, bytes, expected) => {
    const message = failure(() => decodeSafetensors(bytes));
    expect(message).toMatch(expected);
    expect(message).toMatch(/^weights\/format: .*\(byte \d+\)/);
  });

  /** Reads the bytes; anything but a value or `weights/format` fails. */
  function readsOrRefuses(bytes: Uint8Array): boolean {
    try {
      decodeSafetensors(bytes);
      return true;
    } catch (error) {
      if (error instanceof InputError && error.code === 'weights/format') return false;
      throw error;
    }
  }
  const sample = encodeSafetensors(
    new Map<string, Tensor>([
      ['w', { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }],
      ['__proto__', { dtype: 'F64', shape: [1], data: Float64Array.of(5) }],
    ]),
    new Map([['step', '3']]),
  );
  test('every truncation', () => {
    for (let length = 0; length < sample.length; length++) {
      expect(readsOrRefuses(sample.subarray(0, length))).toBe(false);
    }
  });
  test('or reads every file with one byte changed', () => {
    for (let at = 0; at < sample.length; at++) {
      for (let value = 0; value < 256; value += at < 8 ? 1 : 3) {
        const changed = sample.slice();
        changed[at] = value;
        readsOrRefuses(changed);
      }
    }
  });
  test('or reads files with parts cut out, repeated or overwritten', () => {
    const at = fc.nat(sample.length);
    fc.assert(
      fc.property(at, at, at, fc.uint8Array({ maxLength: 12 }), (a, b, c, noise) => {
        readsOrRefuses(
          Uint8Array.of(...sample.subarray(0, a), ...noise, ...sample.subarray(b), ...sample.subarray(c)),
        );
        readsOrRefuses(
          Uint8Array.of(...sample.subarray(0, a), ...noise, ...sample.subarray(a + noise.length)),
        );
      }),
      { numRuns: 3000 },
    );
  });
});

const reference = new URL('../../../shared/reference/', import.meta.url);
describe.skipIf(!existsSync(reference))('files of other writers', () => {
  test.each([
    ['init-784-32-10', { w1: [784, 32], b1: [32], w2: [32, 10], b2: [10] }],
    ['init-softmax', { w: [4, 3], b: [3] }],
  ])('%s is read', (name, shapes) => {
    const { tensors: read } = decodeSafetensors(readFileSync(new URL(`${name}.safetensors`, reference)));
    expect(Object.fromEntries([...read].map(([key, { shape }]) => [key, shape]))).toEqual(shapes);
    for (const { dtype, data } of read.values())
      expect([dtype, data.every(Number.isFinite)]).toEqual(['F64', true]);
  });
});
