/** The bytes of a checkpoint: the same for the same training, and refused unless every one of them is as it was written. */

import { describe, expect, it } from 'vitest';
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  isCheckpoint,
} from '../../src/runtime/checkpoint/checkpoint.ts';
import { hash128 } from '../../src/runtime/checkpoint/hash.ts';
import { decodeSafetensors, uniform01 } from '../../src/runtime/index.ts';
import { publishCounts } from '../counts.ts';
import { seed } from '../properties/seed.ts';
import { failure, inputError } from '../runtime/failing.ts';
import { checkpointAt, trainerOf } from './support.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the hash', () => {
  it('is MurmurHash3 x86_128', () => {
    expect(hash128(ascii(''))).toBe('00000000000000000000000000000000');
    expect(hash128(ascii(''), 1)).toBe('88c4adec54d201b954d201b954d201b9');
    expect(hash128(ascii('The quick brown fox jumps over the lazy dog'))).toBe(
      '2f1583c3ecee2c675d7bf66ce5e91d2c',
    );
    expect(hash128(ascii('hello'), 42)).toBe('9c4f9a01053404f6886f9b95886f9b95');
    expect(
      hash128(
        Uint8Array.from({ length: 256 }, (_, i) => i),
        7,
      ),
    ).toBe('1db3c7daf6108f263814ee94ffe71579');
  });

  it('does not depend on where in memory the bytes lie', () => {
    const bytes = Uint8Array.from({ length: 103 }, (_, i) => i * 7);
    const shifted = new Uint8Array(110).subarray(5, 108);
    shifted.set(bytes);
    expect(hash128(shifted)).toBe(hash128(bytes));
  });
});

const whole = encodeCheckpoint(checkpointAt(12));

describe('a checkpoint', () => {
  it('comes back as it was written, and is written to the same bytes again', () => {
    const read = decodeCheckpoint(whole);
    expect(read).toEqual(checkpointAt(12));
    expect(encodeCheckpoint(read)).toEqual(whole);
  });

  it('is a safetensors file that anybody can read, and weights that a trainer loads', () => {
    const { tensors, metadata } = decodeSafetensors(whole);
    expect([...tensors.keys()]).toEqual(['w', 'b', 'w.velocity', 'b.velocity']);
    expect(metadata.get('step')).toBe('12');
    const trainer = trainerOf();
    trainer.load(whole);
    expect(trainer.steps).toBe(12);
    expect(trainer.state.w).toEqual(Float32Array.of(12.5, 12.5));
  });

  it('keeps every name that a model can have', () => {
    const names = ['__proto__', 'constructor', '"', '\\', 'a"b\u0001', '\u{1f600}', 'x'.repeat(256)];
    const tensor = { dtype: 'F32', shape: [1], data: Float32Array.of(1) } as const;
    const odd: Checkpoint = {
      ...checkpointAt(3),
      model: '"}, {',
      tensors: new Map(names.map((name) => [name, tensor])),
    };
    expect(decodeCheckpoint(encodeCheckpoint(odd))).toEqual(odd);
  });

  it('is told apart from weights and from a later version of the format', () => {
    expect(isCheckpoint(whole)).toBe(true);
    expect(isCheckpoint(trainerOf().save())).toBe(false);
    expect(failure(() => decodeCheckpoint(trainerOf().save()))).toMatch(
      /^checkpoint\/corrupt: .*does not begin as a checkpoint does \(byte 8\)/,
    );
  });

  it('of a later version is told from a damaged one', () => {
    const at = 8 + '{"__metadata__":{"format":"chainrule-checkpoint '.length;
    const damaged = whole.slice();
    damaged.set(ascii('002'), at);
    expect(inputError(() => decodeCheckpoint(damaged)).code).toBe('checkpoint/corrupt');
    // As a later version would write it: all that is covered, and the version, are part of its checksum.
    const later = damaged.slice();
    const length = new DataView(later.buffer).getUint32(0, true);
    const from = at + '002","checksum":"'.length;
    const checksum = hash128(later.subarray(from + 32), length ^ Math.imul(2, 0x9e3779b1));
    later.set(ascii(checksum), from);
    expect(failure(() => decodeCheckpoint(later))).toMatch(
      /^checkpoint\/mismatch: .*version 2 .*Go on with the version of chainrule that wrote it/,
    );
  });

  it.each<[string, (checkpoint: Checkpoint) => object]>([
    ['a step that is no number', () => ({ step: '12x' })],
    ['a step that is negative', () => ({ step: -1 })],
    ['a step past 2^53', () => ({ step: '9007199254740993' })],
    ['a choice that there is not', () => ({ lastBatch: 'maybe' })],
  ])('with a right checksum over %s is refused as well', (_, change) => {
    const forged = { ...checkpointAt(12), ...change(checkpointAt(12)) };
    const bytes = encodeCheckpoint(forged as Checkpoint);
    expect(inputError(() => decodeCheckpoint(bytes)).code).toBe('checkpoint/corrupt');
  });
});

describe('damage of every kind is noticed', () => {
  const refused = (bytes: Uint8Array): boolean =>
    inputError(() => decodeCheckpoint(bytes)).code === 'checkpoint/corrupt';

  it('every truncation, and bytes that follow', () => {
    let count = 0;
    for (let length = 0; length < whole.length; length++) if (refused(whole.slice(0, length))) count++;
    expect(count).toBe(whole.length);
    expect(refused(Uint8Array.of(...whole, 0))).toBe(true);
    publishCounts('damaged checkpoints', { truncated: count });
  });

  it('every byte with each of its bits turned, and with all', () => {
    let count = 0;
    for (let at = 0; at < whole.length; at++) {
      for (const mask of [1, 2, 4, 8, 16, 32, 64, 128, 255]) {
        const bytes = whole.slice();
        bytes[at] = (bytes[at] ?? 0) ^ mask;
        if (refused(bytes)) count++;
      }
    }
    expect(count).toBe(whole.length * 9);
    publishCounts('damaged checkpoints', { flipped: count });
  });

  it('20,000 patterns of sectors that were lost', () => {
    const sector = 64;
    const sectors = Math.ceil(whole.length / sector);
    let count = 0;
    for (let pattern = 0; pattern < 20_000; pattern++) {
      const bytes = whole.slice();
      let lost = 0;
      for (let i = 0; i < sectors; i++) {
        const part = bytes.subarray(i * sector, (i + 1) * sector);
        if (uniform01(seed, 0, pattern, i) > 0.2 || part.every((byte) => byte === 0)) continue;
        part.fill(0);
        lost++;
      }
      if (lost === 0) bytes.subarray(0, sector).fill(0);
      if (refused(bytes)) count++;
    }
    expect(count).toBe(20_000);
    publishCounts('damaged checkpoints', { 'sectors lost': count });
  });
});
