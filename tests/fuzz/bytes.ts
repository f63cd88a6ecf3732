/** Mutations that know nothing of a format: bytes flipped, lost, repeated, overwritten, and two files spliced. */

import type { Random } from './random.ts';

export type Mutator = (input: Uint8Array, random: Random) => Uint8Array;

export const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

export const textBytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Inputs do not grow without end: most are of tens or hundreds of bytes. */
const longest = 8192;

/** A place in the input, its end included, and one after it. */
function range(input: Uint8Array, random: Random): readonly [number, number] {
  const from = random.below(input.length + 1);
  return [from, Math.min(input.length, from + 1 + random.below(random.chance(0.8) ? 8 : input.length + 1))];
}

const flip: Mutator = (input, random) => {
  const out = input.slice();
  const at = random.below(out.length);
  if (at < out.length) out[at] = (out[at] ?? 0) ^ (1 << random.below(8));
  return out;
};

const overwrite: Mutator = (input, random) => {
  const out = input.slice();
  const [from, to] = range(out, random);
  for (let at = from; at < to; at++) out[at] = random.below(256);
  return out;
};

const insert: Mutator = (input, random) => {
  const [at] = range(input, random);
  const noise = Uint8Array.from({ length: 1 + random.below(6) }, () => random.below(256));
  return join(input.subarray(0, at), noise, input.subarray(at));
};

const remove: Mutator = (input, random) => {
  const [from, to] = range(input, random);
  return join(input.subarray(0, from), input.subarray(to));
};

const repeat: Mutator = (input, random) => {
  const [from, to] = range(input, random);
  const part = input.subarray(from, to);
  const times = random.chance(0.9) ? 1 : 1 + random.below(20);
  return join(input.subarray(0, to), ...Array.from({ length: times }, () => part), input.subarray(to));
};

const truncate: Mutator = (input, random) => input.slice(0, random.below(input.length + 1));

/** As a disk leaves it that lost a sector, for files of any size. */
const zeroSector: Mutator = (input, random) => {
  const size = random.pick([4, 16, 64, 512]);
  const from = random.below(Math.ceil(input.length / size)) * size;
  return input.slice().fill(0, from, from + size);
};

const integers = [0, 1, 2, 3, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

const integer: Mutator = (input, random) => {
  const size = random.pick([1, 2, 4, 8]);
  if (input.length < size) return input;
  const out = input.slice();
  const at = random.below(input.length - size + 1);
  const view = new DataView(out.buffer, at, size);
  const value = random.pick(integers);
  const littleEndian = random.chance(0.5);
  if (size === 1) view.setUint8(0, value);
  else if (size === 2) view.setUint16(0, value, littleEndian);
  else if (size === 4) view.setUint32(0, value, littleEndian);
  else view.setBigUint64(0, BigInt(value) << BigInt(random.pick([0, 20, 32])), littleEndian);
  return out;
};

const plain: readonly Mutator[] = [flip, overwrite, insert, remove, repeat, truncate, zeroSector, integer];

/** One mutation; splicing takes the beginning of one input and the end of another. */
export function mutateBytes(input: Uint8Array, seeds: readonly Uint8Array[], random: Random): Uint8Array {
  if (random.below(plain.length + 1) < plain.length)
    return random.pick(plain)(input, random).slice(0, longest);
  const other = random.pick(seeds);
  const head = input.subarray(0, random.below(input.length + 1));
  return join(head, other.subarray(random.below(other.length + 1))).slice(0, longest);
}
