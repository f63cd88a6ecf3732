/** Files of NumPy are read as NumPy wrote them, or refused with the reason; and NumPy reads what is written here. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NumpyArray, readNpy, writeNpy } from '../../src/data/npy.ts';
import { loadNpz, npzOf, readNpz, safetensorsOf, writeNpz } from '../../src/data/numpy.ts';
import { loadData } from '../../src/data/spec.ts';
import { readZip } from '../../src/data/zip.ts';
import { decodeSafetensors } from '../../src/runtime/safetensors.ts';
import { errorOf, rejectionOf } from './support.ts';

const files = join(import.meta.dirname, 'files');
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(join(files, name)));
const arrayIn = (name: string): NumpyArray => readNpy(bytesOf(`${name}.npy`), `${name}.npy`);
const load = (spec: string) => loadData(spec, { dtype: 'f32', cwd: files });

describe('an array', () => {
  it.each([
    ['f4', Float32Array.of(0, 0.25, 0.5, 0.75, 1, 1.25)],
    ['f8', Float64Array.of(0, 0.25, 0.5, 0.75, 1, 1.25)],
    ['f8-big', Float64Array.of(0, 0.25, 0.5, 0.75, 1, 1.25)],
    ['i1', Int32Array.of(-3, -2, -1, 0, 1, 2)],
    ['u1', Int32Array.of(0, 51, 102, 153, 204, 255)],
    ['i8', Int32Array.of(-2, -1, 0, 1, 2, 3)],
    ['i8-large', Float64Array.from([0, 1, 2, 3, 4, 5], (i) => i * 2 ** 40)],
    ['u2-big', Int32Array.of(0, 1, 2, 3, 4, 5)],
    ['b1', Int32Array.of(1, 0, 1, 0, 1, 0)],
    ['fortran', Float32Array.of(0, 1, 2, 3, 4, 5)],
  ])('of type %s has the numbers that NumPy gave it', (name, data) => {
    expect(arrayIn(name)).toEqual({ shape: [2, 3], data, isBytes: name === 'u1' });
  });

  it('of three axes in the order of Fortran is turned to rows', () => {
    expect(arrayIn('cube')).toMatchObject({
      shape: [2, 3, 4],
      data: Int32Array.from({ length: 24 }, (_, i) => i),
    });
  });

  it('may be a single number, or none', () => {
    expect(arrayIn('scalar')).toMatchObject({ shape: [], data: Float32Array.of(1.5) });
    expect(arrayIn('empty')).toMatchObject({ shape: [0, 3], data: new Float32Array(0) });
  });

  it('is written with the very bytes that NumPy writes', () => {
    for (const name of ['f4', 'f8', 'empty', 'scalar'])
      expect(Buffer.from(writeNpy(arrayIn(name))).equals(bytesOf(`${name}.npy`)), name).toBe(true);
  });

  it('comes back as it was written, whatever its shape and numbers', () => {
    const array = fc
      .tuple(
        fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }),
        fc.constantFrom('f4', 'f8', 'i4'),
        fc.infiniteStream(fc.double()),
      )
      .map(([shape, kind, numbers]) => {
        const size = shape.reduce((product, dim) => product * dim, 1);
        const values = [...numbers.take(size)];
        const data =
          kind === 'f4'
            ? Float32Array.from(values)
            : kind === 'f8'
              ? Float64Array.from(values)
              : Int32Array.from(values);
        return { shape, data };
      });
    fc.assert(
      fc.property(array, ({ shape, data }) => {
        expect(readNpy(writeNpy({ shape, data }), 'f')).toEqual({ shape, data, isBytes: false });
      }),
    );
  });

  it('of words is refused, with what to do', () => {
    const error = errorOf(() => arrayIn('text'));
    expect(error).toMatchObject({ code: 'data/npy', at: 'text.npy' });
    expect(error.message).toContain('"<U1"');
    expect(error.help).toContain('class names');
  });

  it('is refused at every truncation, and with bytes after it', () => {
    const whole = bytesOf('f4.npy');
    for (let length = 0; length < whole.length; length++)
      expect(errorOf(() => readNpy(whole.subarray(0, length), 'f'))).toMatchObject({
        code: 'data/npy',
        at: 'f',
      });
    const longer = errorOf(() => readNpy(Uint8Array.of(...whole, 0), 'f'));
    expect(longer).toMatchObject({ code: 'data/npy', offset: whole.length });
  });

  it.each([
    ["{'descr': '<f4', 'fortran_order': False}", /does not describe/],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (3,), 'shape': (3,)}", /twice/],
    ["{'descr': '<f4', 'fortran_order': 0, 'shape': (3,)}", /does not describe/],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (-3,)}", /does not describe/],
    ["__import__('os')", /does not describe/],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", /has the shape/],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536)}", /is cut off/],
    ["{'descr': '|O', 'fortran_order': False, 'shape': (3,)}", /array of numbers/],
  ])('whose header says %s is refused before memory is taken', (header, why) => {
    const text = new TextEncoder().encode(header);
    const bytes = Uint8Array.of(0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, text.length, 0, ...text);
    expect(errorOf(() => readNpy(bytes, 'f')).message).toMatch(why);
  });
});

describe('a data set of arrays', () => {
  it('has features and labels by their usual names', () => {
    const { train, test, name } = loadNpz(join(files, 'points.npz'));
    expect(name).toBe('points.npz');
    expect(train).toMatchObject({ count: 40, width: 2 });
    expect(test).toBeUndefined();
    for (let i = 0; i < 40; i++) expect(train.labels[i]).toBe((train.features[2 * i] ?? 0) > 0 ? 1 : 0);
  });

  it('has the split that the file has', async () => {
    const { train, test } = await load('npz:split.npz');
    expect([train.count, test?.count]).toEqual([30, 10]);
    const whole = loadNpz(join(files, 'points.npz')).train;
    expect([...train.features, ...(test?.features ?? [])]).toEqual([...whole.features]);
  });

  it('is split as a CSV file is', async () => {
    const { train, test } = await load('npz:points.npz?test=0.25&seed=3');
    expect([train.count, test?.count]).toEqual([30, 10]);
  });

  it('takes bytes for pictures, from 0 to 1', async () => {
    const { train } = await load('npz:pictures.npz');
    expect(train).toMatchObject({ count: 5, width: 4, labels: Float64Array.of(0, 1, 2, 3, 4) });
    expect(Math.max(...train.features)).toBeLessThanOrEqual(1);
    expect(Math.max(...train.features)).toBeGreaterThan(0.5);
  });

  it('may be two files of one array each', async () => {
    expect(
      (await load('npy:f4.npy?label=empty.npy').catch((error: unknown) => error)) as object,
    ).toMatchObject({
      code: 'data/wrong-length',
    });
    expect(await rejectionOf(load('npy:f4.npy'))).toMatchObject({ code: 'data/bad-option' });
  });

  it('names the arrays that there are when one is asked for that is not', async () => {
    const error = await rejectionOf(load('npz:points.npz?label=z'));
    expect(error).toMatchObject({ code: 'data/missing-column', help: 'Name one of them with label=NAME.' });
    expect(error.message).toBe('There is no array "z"; the file has "x", "y".');
  });
});

describe('an archive', () => {
  it('is refused at every truncation and with any of its bytes changed in what counts', () => {
    const whole = bytesOf('split.npz');
    for (let length = 0; length < whole.length; length += 7)
      expect(errorOf(() => readNpz(whole.subarray(0, length), 'f'))).toMatchObject({ at: 'f' });
    const read = readZip(whole, 'f');
    let refused = 0;
    for (let at = 0; at < whole.length; at += 3) {
      const damaged = whole.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      try {
        // Times and the like count for nothing; the contents are always those that were written.
        const files = readZip(damaged, 'f');
        for (const [name, content] of files) if (read.has(name)) expect(content).toEqual(read.get(name));
      } catch (error) {
        expect(error).toMatchObject({ code: 'data/npz', at: 'f' });
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(whole.length / 3 / 2);
  });

  it('is not unpacked further than it announces, nor believed when it announces the impossible', () => {
    const zip = bytesOf('split.npz');
    const view = new DataView(zip.buffer);
    const directory = view.getUint32(zip.length - 6, true);
    view.setUint32(directory + 24, 2 ** 31, true);
    expect(errorOf(() => readZip(zip, 'f')).message).toMatch(/more than 1073741824 bytes/);
    view.setUint32(directory + 24, 2 ** 29, true);
    expect(errorOf(() => readZip(zip, 'f')).message).toMatch(/announces 536870912 bytes in \d+/);
    view.setUint32(directory + 24, 100, true);
    expect(errorOf(() => readZip(zip, 'f')).message).toMatch(/damaged/);
  });

  it('of what is no array is refused', () => {
    const other = npzOf(safetensorsOf(new Map()));
    expect(readNpz(other, 'f').size).toBe(0);
    const renamed = bytesOf('points.npz');
    const text = Buffer.from(renamed.buffer);
    for (let at = text.indexOf('x.npy'); at >= 0; at = text.indexOf('x.npy', at + 1)) text.write('x.txt', at);
    expect(errorOf(() => readNpz(renamed, 'f')).message).toContain('"x.txt", which is no .npy file');
  });
});

it('weights go to NumPy and back without losing a bit', () => {
  const arrays = new Map([
    ['w1', { shape: [2, 3], data: Float32Array.of(1, -0, Number.NaN, 1e-45, 3.4e38, 0.1), isBytes: false }],
    ['count', { shape: [], data: Int32Array.of(-7), isBytes: false }],
    ['b', { shape: [2], data: Float64Array.of(0.1, 1e300), isBytes: false }],
  ]);
  const safetensors = safetensorsOf(arrays);
  expect(readNpz(npzOf(safetensors), 'f')).toEqual(arrays);
  expect(decodeSafetensors(safetensorsOf(readNpz(writeNpz(arrays), 'f')))).toEqual(
    decodeSafetensors(safetensors),
  );
  expect(Buffer.from(npzOf(safetensors)).equals(Buffer.from(writeNpz(arrays)))).toBe(true);
});
