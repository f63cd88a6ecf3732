/** NumPy's files: of one array, and archives of several. */

import { deflateRawSync } from 'node:zlib';
import { crc32 } from '../../../src/data/crc32.ts';
import { readNpy, writeNpy } from '../../../src/data/npy.ts';
import { readNpz } from '../../../src/data/numpy.ts';
import { writeZip } from '../../../src/data/zip.ts';
import { join, type Mutator, textBytes } from '../bytes.ts';
import type { Target } from '../harness.ts';
import type { Random } from '../random.ts';
import { isCoded, isInputError } from '../refusals.ts';

const kinds = [
  '<f4',
  '>f4',
  '<f8',
  '|i1',
  '|u1',
  '<i2',
  '>i4',
  '<i8',
  '>u8',
  '|b1',
  '|O',
  '<U3',
  '<c8',
  'f4',
  '',
];
const dims = [0, 1, 2, 3, 7, 2 ** 16, 2 ** 31, 2 ** 53];

/** A file whose header says what it likes. */
function npyOf(descr: string, fortran: boolean, shape: readonly number[], data: Uint8Array): Uint8Array {
  const tuple = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${tuple}, }\n`;
  const head = Uint8Array.of(0x93, ...textBytes('NUMPY'), 1, 0, text.length & 255, text.length >> 8);
  return join(head, textBytes(text), data);
}

function growNpy(random: Random): Uint8Array {
  const descr = random.chance(0.8) ? random.pick(kinds.slice(0, 10)) : random.pick(kinds);
  const shape = Array.from({ length: random.below(4) }, () =>
    random.chance(0.95) ? random.below(4) : random.pick(dims),
  );
  const size = Number(descr.slice(-1)) || 1;
  const count = shape.reduce((product, dim) => product * dim, 1);
  const length = Math.min(2000, count * size) + (random.chance(0.9) ? 0 : random.below(5));
  // Small whole numbers: of eight bytes at random, hardly any are exact.
  const data = Uint8Array.from({ length }, (_, i) =>
    size === 8 && i % 8 > 1 && i % 8 < 6 ? 0 : random.below(2),
  );
  return npyOf(descr, random.chance(0.5), shape, data);
}

const seeds = [
  writeNpy({ shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }),
  writeNpy({ shape: [], data: Float64Array.of(0.5) }),
  npyOf('>i4', true, [2, 2], new Uint8Array(16)),
  npyOf('|u1', false, [5], Uint8Array.of(1, 2, 3, 4, 5)),
];

/** Words of the header in the place of others. */
const headerWords: Mutator = (input, random) => {
  const text = Buffer.from(input).toString('latin1');
  const words = ['True', 'False', "'<f4'", "'<f8'", '(2, 3)', '(6,)', '()', "'shape'", "'descr'", ':', ','];
  const [from, to] = [random.pick(words), random.pick(words)];
  return new Uint8Array(Buffer.from(text.replace(from, to), 'latin1'));
};

export const npy: Target = {
  name: 'npy',
  seeds,
  grow: growNpy,
  mutators: [headerWords],
  parse(input) {
    const { shape, data } = readNpy(input, 'f');
    const again = readNpy(writeNpy({ shape, data }), 'f');
    if (`${again.shape}` !== `${shape}` || again.data.some((value, i) => !Object.is(value, data[i])))
      throw new Error(`[${shape}] does not come back`);
  },
  isRefusal: (thrown, input) => isInputError(thrown, ['data/npy'], input) && thrown.at === 'f',
};

/** An archive whose files are packed, as `numpy.savez_compressed` makes them. */
function packedZip(files: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const stored = writeZip(new Map(files.map(([name, data]) => [name, new Uint8Array(deflateRawSync(data))])));
  const view = new DataView(stored.buffer);
  let local = 0;
  let central = view.getUint32(stored.length - 6, true);
  for (const [name, data] of files) {
    const packed = view.getUint32(local + 18, true);
    for (const at of [local + 8, central + 10]) view.setUint16(at, 8, true);
    for (const at of [local + 14, central + 16]) view.setUint32(at, crc32(data), true);
    for (const at of [local + 22, central + 24]) view.setUint32(at, data.length, true);
    local += 30 + name.length + packed;
    central += 46 + name.length;
  }
  return stored;
}

function growNpz(random: Random): Uint8Array {
  const files = Array.from(
    { length: random.below(4) },
    (_, i) =>
      [
        random.chance(0.95) ? `a${i}.npy` : 'a.txt',
        random.chance(0.8) ? random.pick(seeds) : growNpy(random),
      ] as const,
  );
  return random.chance(0.5) ? writeZip(new Map(files)) : packedZip([...new Map(files)]);
}

/** Fields of a directory, and of what ends it. */
const fields: Mutator = (input, random) => {
  const out = input.slice();
  const at = out.length - 1 - random.below(Math.min(out.length, 120));
  if (at >= 0) out[at] = random.pick([0, 1, 8, 255, random.below(256)]);
  return out;
};

export const npz: Target = {
  name: 'npz',
  seeds: [
    writeZip(new Map([['x.npy', seeds[0] ?? new Uint8Array()]])),
    packedZip([
      ['x.npy', seeds[0] ?? new Uint8Array()],
      ['y.npy', seeds[3] ?? new Uint8Array()],
    ]),
    writeZip(new Map()),
  ],
  grow: growNpz,
  mutators: [fields],
  parse(input) {
    for (const [name, { shape, data }] of readNpz(input, 'f'))
      if (data.length !== shape.reduce((product, dim) => product * dim, 1))
        throw new Error(`${name} has holes`);
  },
  // What is wrong within a member is told with its place there.
  isRefusal: (thrown, input) =>
    isCoded(thrown, ['data/npz', 'data/npy']) &&
    (isInputError(thrown, ['data/npz'], input) || isCoded(thrown, ['data/npy'])),
};
