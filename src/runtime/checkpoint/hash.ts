/** MurmurHash3, the variant x86_128 (A. Appleby, public domain): finds what is damaged or different; no seal against forgers. */

const rotated = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

/** The finalizer: every bit of the input moves half of the output. */
function mixed(x: number): number {
  const once = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}

const [c1, c2, c3, c4] = [0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93] as const;
const blockBytes = 16;

/**
 * 32 hexadecimal digits that follow from `bytes` and a seed of 32 bits. Whatever changes within four bytes in a row, counted
 * from the first in steps of four, changes them for certain; anything else goes unnoticed once in 2^128.
 */
export function hash128(bytes: Uint8Array, seed = 0): string {
  const blocks = Math.floor(bytes.length / blockBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [h1, h2, h3, h4] = [seed | 0, seed | 0, seed | 0, seed | 0];
  for (let block = 0; block < blocks; block++) {
    const at = block * blockBytes;
    h1 ^= Math.imul(rotated(Math.imul(view.getUint32(at, true), c1), 15), c2);
    h1 = (Math.imul(rotated(h1, 19) + h2, 5) + 0x561ccd1b) | 0;
    h2 ^= Math.imul(rotated(Math.imul(view.getUint32(at + 4, true), c2), 16), c3);
    h2 = (Math.imul(rotated(h2, 17) + h3, 5) + 0x0bcaa747) | 0;
    h3 ^= Math.imul(rotated(Math.imul(view.getUint32(at + 8, true), c3), 17), c4);
    h3 = (Math.imul(rotated(h3, 15) + h4, 5) + 0x96cd1c35) | 0;
    h4 ^= Math.imul(rotated(Math.imul(view.getUint32(at + 12, true), c4), 18), c1);
    h4 = (Math.imul(rotated(h4, 13) + h1, 5) + 0x32ac3b17) | 0;
  }
  const [t1, t2, t3, t4] = tailWords(bytes.subarray(blocks * blockBytes));
  h4 ^= Math.imul(rotated(Math.imul(t4, c4), 18), c1);
  h3 ^= Math.imul(rotated(Math.imul(t3, c3), 17), c4);
  h2 ^= Math.imul(rotated(Math.imul(t2, c2), 16), c3);
  h1 ^= Math.imul(rotated(Math.imul(t1, c1), 15), c2);
  return finished([h1, h2, h3, h4], bytes.length);
}

type Words = readonly [number, number, number, number];

/** The bytes of the last, unfinished block as words, filled up with zeros. */
function tailWords(tail: Uint8Array): Words {
  const block = new Uint8Array(blockBytes);
  block.set(tail);
  const view = new DataView(block.buffer);
  return [
    view.getUint32(0, true),
    view.getUint32(4, true),
    view.getUint32(8, true),
    view.getUint32(12, true),
  ];
}

function finished([a, b, c, d]: Words, length: number): string {
  const sum = (a ^ length) + (b ^ length) + (c ^ length) + (d ^ length);
  const added = [sum, sum + (b ^ length), sum + (c ^ length), sum + (d ^ length)].map(mixed);
  const total = added.reduce((all, word) => all + word, 0);
  return added
    .map((word, i) => (i === 0 ? total : total + word) >>> 0)
    .map((word) => word.toString(16).padStart(8, '0'))
    .join('');
}
