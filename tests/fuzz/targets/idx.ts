/** IDX files, as they are and packed by gzip. */

import { gzipSync, type ZlibOptions } from 'node:zlib';
import { gunzip } from '../../../src/data/gzip.ts';
import { type IdxArray, readIdx, readMaybePacked } from '../../../src/data/idx.ts';
import { InputError } from '../../../src/runtime/errors.ts';
import { join, type Mutator } from '../bytes.ts';
import type { Target } from '../harness.ts';
import type { Random } from '../random.ts';
import { isCoded, isInputError } from '../refusals.ts';

const magics = [0x801, 0x803, 0x800, 0x802, 0x804, 0xd03, 0x1f8b0800, 0x01080000, 0];
const sizes = [0, 1, 2, 3, 255, 256, 65535, 65536, 0x7fffffff, 0x80000000, 0xffffffff];

function fileOf(magic: number, dims: readonly number[], data: Uint8Array): Uint8Array {
  const head = Buffer.alloc(4 + 4 * dims.length);
  head.writeUInt32BE(magic, 0);
  dims.forEach((dim, i) => {
    head.writeUInt32BE(dim, 4 + 4 * i);
  });
  return join(head, data);
}

function grow(random: Random): Uint8Array {
  const rank = random.chance(0.5) ? 1 : 3;
  const dims = Array.from({ length: rank }, () => 1 + random.below(4));
  const size = dims.reduce((product, dim) => product * dim, 1);
  const data = Uint8Array.from({ length: size }, () => random.below(256));
  if (random.chance(0.5)) return fileOf(rank === 1 ? 0x801 : 0x803, dims, data);
  const magic = random.chance(0.3) ? random.pick(magics) : rank === 1 ? 0x801 : 0x803;
  const announced = dims.map((dim) => (random.chance(0.2) ? random.pick(sizes) : dim));
  return fileOf(magic, announced, random.chance(0.3) ? data.slice(random.below(3)) : data);
}

const announce: Mutator = (input, random) => {
  if (input.length < 8) return input;
  const out = input.slice();
  const at = 4 * random.below(Math.min(4, Math.floor(out.length / 4)));
  new DataView(out.buffer).setUint32(at, at === 0 ? random.pick(magics) : random.pick(sizes));
  return out;
};

/** Dimensions and bytes together are the file that was read. */
function checkWhole({ dims, data }: IdxArray, input: Uint8Array): void {
  const rank = dims.length;
  if (!Buffer.from(fileOf(rank === 1 ? 0x801 : 0x803, dims, data)).equals(input))
    throw new Error(`read ${dims} and ${data.length} bytes`);
}

const seeds = [
  fileOf(0x801, [3], Uint8Array.of(3, 1, 9)),
  fileOf(
    0x803,
    [2, 2, 3],
    Uint8Array.from({ length: 12 }, (_, i) => i),
  ),
  fileOf(
    0x803,
    [1, 28, 28],
    Uint8Array.from({ length: 784 }, (_, i) => i & 255),
  ),
];

export const idx: Target = {
  name: 'idx',
  seeds,
  grow,
  mutators: [announce],
  parse: (input) => checkWhole(readIdx(input, 'f'), input),
  isRefusal: (thrown, input) => isInputError(thrown, ['data/idx'], input) && thrown.at === 'f',
};

const flags: Mutator = (input, random) => {
  const out = input.slice();
  if (out.length > 10) out[random.pick([2, 3, 4, 8, 9])] = random.below(256);
  return out;
};

/** The checksum and the length at the end. */
const trailer: Mutator = (input, random) => {
  const out = input.slice();
  const at = out.length - 1 - random.below(8);
  if (at >= 0) out[at] = random.below(256);
  return out;
};

const member: Mutator = (input, random) => join(input, random.pick(packed));

/** As plain bytes: a part of a Buffer is a view of it, which a mutation would write into. */
const pack = (bytes: Uint8Array, options: ZlibOptions = {}): Uint8Array =>
  new Uint8Array(gzipSync(bytes, options));

const plain = [new Uint8Array(0), ...seeds, new Uint8Array(4000)];
/** Larger than what is unpacked here. */
const large = new Uint8Array(300_000);
const packed = plain
  .flatMap((bytes) => [pack(bytes), pack(bytes, { level: 0 })])
  .filter(({ length }) => length < 5000);

/** No more than this is unpacked, for speed. */
const limit = 2 ** 18;

export const gzip: Target = {
  name: 'gzip',
  seeds: packed,
  grow(random) {
    const bytes = random.chance(0.7) ? grow(random) : random.pick([...plain, large]);
    const out = pack(bytes, { level: random.pick([0, 1, 9]), strategy: random.pick([0, 2, 4]) });
    return random.chance(0.1)
      ? join(out, random.pick([Uint8Array.of(0), Uint8Array.of(31, 139), ...packed]))
      : out;
  },
  mutators: [flags, trailer, member],
  parse(input) {
    const unpacked = gunzip(input, 'f', limit);
    if (unpacked.length > limit) throw new Error(`unpacked ${unpacked.length} bytes`);
    // What can be unpacked is an IDX file, or is refused as none.
    try {
      checkWhole(readMaybePacked(input, 'f'), unpacked);
    } catch (thrown) {
      const isOf = thrown instanceof InputError && thrown.code === 'data/gzip' ? input : unpacked;
      if (!isInputError(thrown, ['data/idx', 'data/gzip'], isOf)) throw thrown;
    }
  },
  isRefusal: (thrown, input) =>
    isCoded(thrown, ['data/gzip']) && isInputError(thrown, ['data/gzip'], input) && thrown.at === 'f',
};
