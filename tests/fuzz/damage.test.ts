/** Damage of one kind to one small file, everywhere: cut off after each byte, and each bit of each byte turned. */

import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { gunzip } from '../../src/data/gzip.ts';
import { accepts, type Target } from './harness.ts';
import { gzip, idx } from './targets/idx.ts';
import { safetensors } from './targets/safetensors.ts';

const text = new TextEncoder().encode('some text, some text, some more text');
const packed = new Uint8Array(gzipSync(text));

/** The longest seed of less than 500 bytes: the richest one that can be damaged everywhere. */
const largest = ({ seeds }: Target): Uint8Array =>
  seeds.reduce((a, b) => (b.length > a.length && b.length < 500 ? b : a), new Uint8Array(0));

const samples: readonly (readonly [string, Target, Uint8Array])[] = [
  ['safetensors', safetensors, largest(safetensors)],
  ['IDX', idx, largest(idx)],
  ['gzip', gzip, packed],
];

const flipped = (bytes: Uint8Array, at: number, bit: number): Uint8Array =>
  bytes.map((byte, i) => (i === at ? byte ^ (1 << bit) : byte));

/** Bytes and bits that can be turned without the file being refused. */
function harmless(target: Target, sample: Uint8Array): readonly (readonly [number, number])[] {
  const places = Array.from(sample, (_, at) =>
    Array.from({ length: 8 }, (__, bit) => [at, bit] as const),
  ).flat();
  return places.filter(([at, bit]) => accepts(target, flipped(sample, at, bit), `bit ${bit} of byte ${at}`));
}

describe.each(samples)('a file of %s', (_, target, sample) => {
  it('is accepted as it is, and refused after each cut', () => {
    expect(accepts(target, sample, 'the whole')).toBe(true);
    expect(sample.length).toBeGreaterThan(20);
    for (let length = 0; length < sample.length; length++)
      expect(accepts(target, sample.slice(0, length), `${length} bytes`)).toBe(false);
  });

  it('with one bit turned is refused, or another valid file', () => {
    expect(harmless(target, sample).length).toBeLessThan(8 * sample.length);
  });

  it('with any byte after its end is refused', () => {
    for (let byte = 0; byte < 256; byte++)
      expect(accepts(target, Uint8Array.of(...sample, byte), `${byte} at the end`)).toBe(false);
  });
});

describe('a bit turned in a gzip file', () => {
  const places = harmless(gzip, packed);

  it('is refused but where nothing depends on it: the flag for text, the time, the flags of the packer, the system', () => {
    // The contents end before their last byte does: what fills it is read by nobody.
    const filling = packed.length - 9;
    const free = places.filter(
      ([at, bit]) => (at !== 3 || bit !== 0) && (at < 4 || at > 9) && at !== filling,
    );
    expect(free).toEqual([]);
    expect([...new Set(places.map(([at]) => at))].filter((at) => at < 10)).toEqual([3, 4, 5, 6, 7, 8, 9]);
  });

  it('is accepted only where the contents are the same', () => {
    for (const [at, bit] of places)
      expect([at, bit, ...gunzip(flipped(packed, at, bit), 'f')]).toEqual([at, bit, ...text]);
  });
});

it('a bit turned in the dimensions or the magic number of an IDX file is refused, in a pixel it is another pixel', () => {
  const sample = largest(idx);
  const found = harmless(idx, sample);
  expect(found.length).toBe(8 * (sample.length - 16));
  expect(found.every(([at]) => at >= 16)).toBe(true);
});
