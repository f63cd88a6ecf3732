/** Uniform random numbers by position. */

import type { Scalar } from '../scalar.ts';
import type { Expansion } from './polynomial.ts';

/**
 * A uniform number in [0, 1) from (seed, stream, counter, index): the first word of Threefry-2x32 with 20 rounds
 * (Salmon et al., Parallel random numbers: as easy as 1, 2, 3, 2011), its top 24 bits times 2^-24.
 */
export const uniform: Expansion = (s, args) => {
  const [k0, k1, c0, c1] = args;
  if (!k1 || !c0 || !c1) throw new Error('uniform takes seed, stream, counter and index');
  const k2 = s.apply('xor', s.apply('xor', k0, k1), s.number(0x1bd11bda, 'i32'));
  const keys: readonly Scalar[] = [k0, k1, k2];
  const rotations = [13, 15, 26, 6, 17, 29, 16, 24];
  const key = (i: number): Scalar => keys[i % 3] ?? k0;
  let x = s.apply('add', c0, k0);
  let y = s.apply('add', c1, k1);
  for (let round = 0; round < 20; round++) {
    const by = rotations[round % 8] ?? 0;
    x = s.apply('add', x, y);
    const rotated = s.apply('xor', s.apply('shiftLeft', y, by), s.apply('shiftRightUnsigned', y, 32 - by));
    y = s.apply('xor', rotated, x);
    if (round % 4 === 3) {
      const injection = (round + 1) / 4;
      x = s.apply('add', x, key(injection));
      y = s.apply('add', s.apply('add', y, key(injection + 1)), injection);
    }
  }
  return s.apply('mul', s.apply('toFloat', s.apply('shiftRightUnsigned', x, 8)), 2 ** -24);
};
