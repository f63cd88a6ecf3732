/** Numbers for mutations: fast, and decided by a seed alone. */

export interface Random {
  /** A whole number of 0 or more, below `limit`. */
  below(limit: number): number;
  chance(part: number): boolean;
  pick<T>(items: readonly T[]): T;
}

/** xorshift with 32 bits of state, which is mixed from the words so that neighbouring seeds differ at once. */
export function createRandom(...words: readonly number[]): Random {
  let state = words.reduce((mixed, word) => Math.imul(mixed ^ word, 0x9e3779b1) ^ (mixed >>> 15), 0x2545f491);
  if (state === 0) state = 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  for (let i = 0; i < 4; i++) next();
  const below = (limit: number): number => Math.floor((next() / 2 ** 32) * limit);
  return {
    below,
    chance: (part) => next() / 2 ** 32 < part,
    pick(items) {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('There is nothing to pick from.');
      return item;
    },
  };
}
