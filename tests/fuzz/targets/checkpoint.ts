/** Checkpoints: damage that the checksum must find, and wrong contents under a right checksum. */

import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from '../../../src/runtime/checkpoint/checkpoint.ts';
import { hash128 } from '../../../src/runtime/checkpoint/hash.ts';
import { join, type Mutator, textBytes } from '../bytes.ts';
import type { Target } from '../harness.ts';
import type { Random } from '../random.ts';
import { again, isInputError } from '../refusals.ts';
import { checkSame, tensors } from './safetensors.ts';

const plain: Checkpoint = {
  model: 'm',
  fingerprint: '0123456789abcdef',
  step: 7,
  epoch: 2,
  batchOfEpoch: 1,
  until: 30,
  skipped: 0,
  seed: 3,
  data: 'fedcba9876543210',
  records: 10,
  batch: 4,
  shuffle: true,
  lastBatch: 'keep',
  tensors: new Map(),
};

const wholes = [0, 1, 2, 1000, 2 ** 31, Number.MAX_SAFE_INTEGER];
const texts = ['', 'm', '__proto__', 'é', '"\\', '\u2028', 'a'.repeat(300)];

const drawn = (random: Random): Checkpoint => ({
  ...plain,
  model: random.pick(texts),
  data: random.pick(texts),
  step: random.pick(wholes),
  epoch: random.pick(wholes),
  seed: random.pick(wholes),
  shuffle: random.chance(0.5),
  lastBatch: random.pick(['keep', 'drop']),
  tensors: new Map([...tensors].filter(() => random.chance(0.6))),
});

/** Where the checksum stands is found as any reader would: after the name of its field. */
function checksumAt(bytes: Uint8Array): number | undefined {
  const at = Buffer.from(bytes).indexOf('"checksum":"');
  return at < 0 || at + 44 > bytes.length ? undefined : at + 12;
}

/** The checksum that what was changed needs. */
function sealed(bytes: Uint8Array): Uint8Array {
  const at = checksumAt(bytes);
  if (at === undefined) return bytes;
  const out = bytes.slice();
  const length = new DataView(out.buffer, out.byteOffset).getUint32(0, true);
  out.set(textBytes(hash128(out.subarray(at + 32), length)), at);
  return out;
}

const values = ['-1', '1.5', '01', '', '1e3', '9007199254740993', 'yes', 'true', '__proto__', 'toString'];

/** Another value, or name, of a field; the header is padded so that its length is a multiple of 8 again. */
const field: Mutator = (input, random) => {
  const length = new DataView(input.buffer, input.byteOffset, input.byteLength);
  if (input.length < 8 || length.getUint32(0, true) > input.length - 8) return input;
  const end = 8 + length.getUint32(0, true);
  const header = Buffer.from(input.subarray(8, end)).toString('latin1').trimEnd();
  const names = [...header.matchAll(/"\w+":"[^"]*"/g)];
  if (names.length === 0) return input;
  const { index, 0: part } = random.pick(names);
  const [name = '', value = ''] = part.split(':');
  const other = random.chance(0.8) ? `${name}:"${random.pick(values)}"` : `"${random.pick(values)}":${value}`;
  const written = header.slice(0, index) + other + header.slice(index + part.length);
  const padded = written.padEnd(Math.ceil(written.length / 8) * 8);
  const start = new Uint8Array(8);
  new DataView(start.buffer).setUint32(0, padded.length, true);
  return sealed(join(start, Buffer.from(padded, 'latin1'), input.subarray(end)));
};

/** What is read is what was written, to the byte where it was written by us. */
function parse(input: Uint8Array): void {
  const { tensors: read, ...facts } = decodeCheckpoint(input);
  const written = again(() => encodeCheckpoint({ ...facts, tensors: read }));
  const { tensors: others, ...otherFacts } = again(() => decodeCheckpoint(written));
  checkSame(read, others);
  if (JSON.stringify(otherFacts) !== JSON.stringify(facts)) throw new Error('other facts');
}

const seeds = [encodeCheckpoint(plain), encodeCheckpoint({ ...plain, tensors })];

export const checkpoint: Target = {
  name: 'checkpoint',
  seeds,
  grow: (random) => encodeCheckpoint(drawn(random)),
  mutators: [field, sealed],
  parse,
  isRefusal: (thrown, input) => isInputError(thrown, ['checkpoint/corrupt', 'checkpoint/mismatch'], input),
};
