/** Threefry-2x32 with 20 rounds, after Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011). */

const mask = 0xffff_ffffn;

/** R_(0,j) to R_(7,j) of the paper's table 4, for two words of 32 bits. */
const rotations = [13n, 15n, 26n, 6n, 17n, 29n, 16n, 24n];

/** C_240, the constant of the key schedule, cut to 32 bits. */
const parity = 0x1bd1_1bdan;

/** The two words that the key makes of the counter, each of 32 bits. */
export function threefry(
  key: readonly [bigint, bigint],
  counter: readonly [bigint, bigint],
): [bigint, bigint] {
  const schedule = [key[0] & mask, key[1] & mask, (parity ^ key[0] ^ key[1]) & mask];
  const inject = (word: bigint, i: number): bigint => (word + (schedule[i % 3] ?? 0n)) & mask;
  let [x, y] = [inject(counter[0] & mask, 0), inject(counter[1] & mask, 1)];
  for (let round = 0; round < 20; round++) {
    const by = rotations[round % 8] ?? 0n;
    x = (x + y) & mask;
    y = (((y << by) | (y >> (32n - by))) & mask) ^ x;
    if (round % 4 < 3) continue;
    const turn = (round + 1) / 4;
    x = inject(x, turn);
    y = (inject(y, turn + 1) + BigInt(turn)) & mask;
  }
  return [x, y];
}

/** A number in [0, 1) in steps of 2^-24: the upper bits of the first word. */
export function uniformAt(seed: number, stream: number, counter: number, index: number): number {
  const [word] = threefry([BigInt(seed), BigInt(stream)], [BigInt(counter), BigInt(index)]);
  return Number(word >> 8n) / 2 ** 24;
}
