/** Random numbers as pure functions of (seed, stream, counter, index): Threefry-2x32 with 20 rounds. */

const rotations = Uint8Array.of(13, 15, 26, 6, 17, 29, 16, 24);

/** The parity constant of the Threefish key schedule, low 32 bits. */
const parity = 0x1bd11bda;

/**
 * Writes two 32-bit random words to `out` [2] (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
 * 2011). Keys and counters are taken modulo 2^32.
 */
export function threefry2x32(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
  out: Uint32Array,
): void {
  let now = key0 | 0;
  let next = key1 | 0;
  let after = parity ^ now ^ next;
  let x0 = (counter0 + now) | 0;
  let x1 = (counter1 + next) | 0;
  for (let round = 0; round < 20; round++) {
    const r = rotations[round & 7] ?? 0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << r) | (x1 >>> (32 - r))) ^ x0;
    if ((round & 3) === 3) {
      // After every fourth round the next two of the three key words are injected, with the group number.
      x0 = (x0 + next) | 0;
      x1 = (x1 + after + ((round + 1) >> 2)) | 0;
      const first = now;
      now = next;
      next = after;
      after = first;
    }
  }
  out[0] = x0;
  out[1] = x1;
}

/** Reused by every draw: a draw is synchronous, so nobody else sees it half written. */
const words = new Uint32Array(2);

/** Uniform on [0, 1) in steps of 2^-24, so that the value is the same number in f32 and f64. */
export function uniform01(seed: number, stream: number, counter: number, index: number): number {
  threefry2x32(seed, stream, counter, index, words);
  return ((words[0] ?? 0) >>> 8) * 2 ** -24;
}

/** Standard normal: the inverse normal CDF at the middle of one of 2^52 equal intervals of (0, 1). */
export function normal01(seed: number, stream: number, counter: number, index: number): number {
  threefry2x32(seed, stream, counter, index, words);
  const interval = (words[0] ?? 0) * 2 ** 20 + ((words[1] ?? 0) >>> 12);
  return inverseNormal((interval + 0.5) * 2 ** -52);
}

/** Integer in 0 to bound - 1; bound ≤ 2^32, and no value is favoured by more than bound / 2^32. */
export function integerBelow(
  bound: number,
  seed: number,
  stream: number,
  counter: number,
  index: number,
): number {
  threefry2x32(seed, stream, counter, index, words);
  return Math.floor((words[0] ?? 0) * 2 ** -32 * bound);
}

/** Coefficients from the constant term up. */
const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduceRight((sum, coefficient) => sum * x + coefficient);

interface Fraction {
  readonly over: readonly number[];
  readonly under: readonly number[];
}

const fractionOf = ({ over, under }: Fraction, x: number, factor = 1): number =>
  (factor * polynomial(over, x)) / polynomial(under, x);

// Wichura, "Algorithm AS 241: the percentage points of the normal distribution", 1988, routine PPND16.
const centre = {
  over: [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
    67265.7709270087, 33430.57558358813, 2509.0809287301227,
  ],
  under: [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
};
const flank = {
  over: [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  under: [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
};
const tail = {
  over: [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
  ],
  under: [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
    0.000018463183175100548, 1.421511758316446e-7, 2.0442631033899397e-15,
  ],
};

/** z with P(Z ≤ z) = p for a standard normal Z and 0 < p < 1; relative error about 1e-15. */
export function inverseNormal(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return fractionOf(centre, 0.180625 - q * q, q);
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const z = r <= 5 ? fractionOf(flank, r - 1.6) : fractionOf(tail, r - 5);
  return q < 0 ? -z : z;
}
