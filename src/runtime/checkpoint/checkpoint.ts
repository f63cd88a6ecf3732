/**
 * What a checkpoint is: a safetensors file of all of the state, whose metadata say where in its training it stands. Its
 * first bytes are always the same text, with a checksum over all that follows, so that a file is known to be whole before
 * anything in it is read.
 */

import { InputError } from '../errors.ts';
import { quote } from '../names.ts';
import { decodeSafetensors, encodeSafetensors, type SafetensorsFile, type Tensor } from '../safetensors.ts';
import { hash128 } from './hash.ts';

/** What decides the steps of a training, besides the model and the state. */
export interface Course {
  /** What a step of the model computes: `layout.fingerprint`. */
  readonly fingerprint: string;
  readonly seed: number;
  /** A hash of all columns, and how many records they have. */
  readonly data: string;
  readonly records: number;
  readonly batch: number;
  readonly shuffle: boolean;
  readonly lastBatch: 'keep' | 'drop';
}

/** All of the state of a training, and where in it the training stands. */
export interface Checkpoint extends Course {
  readonly model: string;
  /** Steps done. */
  readonly step: number;
  /** Where the next step is: complete passes over the data, and batches of the next one, in the order of its shuffle. */
  readonly epoch: number;
  readonly batchOfEpoch: number;
  /** What `step` is to become. */
  readonly until: number;
  /** Steps that were taken back because they gave NaN or infinity. */
  readonly skipped: number;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

const magic = '{"__metadata__":{"format":"chainrule-checkpoint ';
/** Three digits. Where they stand, and the checksum, stays the same in all versions, so that one that is later is told from damage. */
const version = '001';
const afterVersion = '","checksum":"';
const checksumDigits = 32;
const headerAt = 8;
const versionAt = headerAt + magic.length;
const checksumAt = versionAt + version.length + afterVersion.length;
const coveredFrom = checksumAt + checksumDigits;

/** Of everything after it, and of what may differ before it: the length of the header and the version. */
function checksumOf(bytes: Uint8Array): string {
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const ofVersion = Math.imul(Number(textOf(bytes, versionAt, versionAt + version.length)), 0x9e3779b1);
  return hash128(bytes.subarray(coveredFrom), headerLength ^ ofVersion);
}

/** The bytes of a checkpoint: equal checkpoints give equal bytes. Throws as `encodeSafetensors` does. */
export function encodeCheckpoint({ tensors, ...facts }: Checkpoint): Uint8Array {
  const metadata = new Map([
    ['format', `chainrule-checkpoint ${version}`],
    ['checksum', '0'.repeat(checksumDigits)],
    ...fields.map((name) => [name, String(facts[name])] as const),
  ]);
  const bytes = encodeSafetensors(tensors, metadata);
  bytes.set(new TextEncoder().encode(checksumOf(bytes)), checksumAt);
  return bytes;
}

/** Whether the file says that it is a checkpoint, of whatever version. */
export const isCheckpoint = (bytes: Uint8Array): boolean =>
  textOf(bytes, headerAt, headerAt + magic.length) === magic;

/**
 * Reads a checkpoint. Throws `checkpoint/corrupt`, with `offset`, unless every byte is as it was written, and
 * `checkpoint/mismatch` if a later version of the format was.
 */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  if (!(bytes instanceof Uint8Array)) throw corrupt('it is given as its bytes, a Uint8Array', 0);
  checkStart(bytes);
  const [found, expected] = [textOf(bytes, checksumAt, coveredFrom), checksumOf(bytes)];
  if (found !== expected)
    throw corrupt(
      `its ${bytes.length} bytes have the checksum ${expected}, not ${quote(found)} as the file says`,
      checksumAt,
    );
  checkVersion(bytes);
  const { tensors, metadata } = contentOf(bytes);
  const unknown = [...metadata.keys()].slice(2).find((key, i) => key !== fields[i]);
  if (unknown !== undefined || metadata.size !== fields.length + 2)
    throw corrupt(
      `its metadata are not those of the format, at ${quote(unknown ?? 'their end')}`,
      coveredFrom,
    );
  const read = readerOf(metadata);
  return {
    model: read.text('model'),
    fingerprint: read.text('fingerprint'),
    step: read.whole('step'),
    epoch: read.whole('epoch'),
    batchOfEpoch: read.whole('batchOfEpoch'),
    until: read.whole('until'),
    skipped: read.whole('skipped'),
    seed: read.whole('seed'),
    data: read.text('data'),
    records: read.whole('records'),
    batch: read.whole('batch'),
    shuffle: read.oneOf('shuffle', { true: true, false: false }),
    lastBatch: read.oneOf('lastBatch', { keep: 'keep', drop: 'drop' }),
    tensors,
  };
}

/** What is malformed in spite of a right checksum was not written by us. */
function contentOf(bytes: Uint8Array): SafetensorsFile {
  try {
    return decodeSafetensors(bytes);
  } catch (thrown) {
    if (thrown instanceof InputError) throw corrupt(thrown.message, thrown.offset ?? 0);
    throw thrown;
  }
}

type FieldName = Exclude<keyof Checkpoint, 'tensors'>;

/** In the order in which they are written. */
const fields: readonly FieldName[] = [
  'model',
  'fingerprint',
  'step',
  'epoch',
  'batchOfEpoch',
  'until',
  'skipped',
  'seed',
  'data',
  'records',
  'batch',
  'shuffle',
  'lastBatch',
];

/** The text of bytes that are ASCII; others give other text. */
const textOf = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to));

function checkStart(bytes: Uint8Array): void {
  if (bytes.length < coveredFrom) {
    const how = bytes.length === 0 ? 'it is empty' : `it is cut off after ${bytes.length} bytes`;
    throw corrupt(how, bytes.length);
  }
  if (!isCheckpoint(bytes)) throw corrupt('it does not begin as a checkpoint does', headerAt);
  const isForm = /^\d{3}$/.test(textOf(bytes, versionAt, versionAt + version.length));
  if (!isForm || textOf(bytes, versionAt + version.length, checksumAt) !== afterVersion)
    throw corrupt('its version or its checksum is not where it belongs', versionAt);
}

function checkVersion(bytes: Uint8Array): void {
  const found = textOf(bytes, versionAt, versionAt + version.length);
  if (found === version) return;
  throw new InputError({
    code: 'checkpoint/mismatch',
    message: `The checkpoint is of version ${Number(found)} of its format, and this is chainrule for version ${Number(version)}.`,
    help: 'Go on with the version of chainrule that wrote it.',
    offset: versionAt,
  });
}

function readerOf(metadata: ReadonlyMap<string, string>) {
  const text = (name: FieldName): string => metadata.get(name) ?? '';
  const wrong = (name: FieldName): InputError =>
    corrupt(`its ${quote(name)} cannot be ${quote(text(name))}`, coveredFrom);
  return {
    text,
    whole(name: FieldName): number {
      const value = Number(text(name));
      if (/^(?:0|[1-9]\d{0,15})$/.test(text(name)) && Number.isSafeInteger(value)) return value;
      throw wrong(name);
    },
    oneOf<T>(name: FieldName, choices: Readonly<Record<string, T>>): T {
      for (const [word, value] of Object.entries(choices)) if (word === text(name)) return value;
      throw wrong(name);
    },
  };
}

const corrupt = (how: string, offset: number): InputError =>
  new InputError({
    code: 'checkpoint/corrupt',
    message: `The checkpoint is damaged: ${how} (byte ${offset}).`,
    help: 'Use another copy, or the checkpoint before it.',
    offset,
  });
