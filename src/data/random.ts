/** A small seeded generator for data sets; the same seed gives the same numbers on every machine. */

export interface Random {
  /** The next 32 random bits as an unsigned integer. */
  readonly bits: () => number;
  /** Uniform in [0, 1), on a grid of 2^-32. */
  readonly uniform: () => number;
  /** Uniform in [low, high). */
  readonly between: (low: number, high: number) => number;
  /** Uniform integer in [0, limit); `limit` is at least 1. */
  readonly below: (limit: number) => number;
  /** Mean 0, variance 1; see `createRandom` for its tails. */
  readonly normal: () => number;
}

/**
 * A generator of its own state (sfc32) from a seed; any finite number is a seed, its fraction is dropped.
 *
 * Normals are sums of twelve uniforms: only additions, so no machine's `Math.log` can change them.
 * Their tails end at ±6.
 */
export function createRandom(seed: number): Random {
  const bits = sfc32(seed);
  const uniform = () => bits() * 2 ** -32;
  const normal = () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += uniform();
    return sum;
  };
  return {
    bits,
    uniform,
    between: (low, high) => low + (high - low) * uniform(),
    below: (limit) => Math.floor(uniform() * limit),
    normal,
  };
}

/** The numbers 0..count-1 in a random order (Fisher-Yates). */
export function permutation(count: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const kept = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = kept;
  }
  return order;
}

function sfc32(seed: number): () => number {
  const whole = Math.trunc(seed);
  // Both halves of the seed count, so that seeds beyond 2^32 differ from the small ones.
  let a = whole | 0;
  let b = Math.trunc(whole / 2 ** 32) | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  // Near seeds start with near states: the first rounds mix them apart.
  for (let i = 0; i < 16; i++) next();
  return next;
}
