/** Reads the bytes of a message field by field; whatever does not fit is refused at its byte. */

import { BinaryReader, WireType } from '../../codegen/onnx/wire.ts';
import { InputError } from '../runtime/errors.ts';

/** The error of every malformed file; `byte` counts from the start of the file, from 0. */
export const malformed = (message: string, byte: number): InputError =>
  new InputError({
    code: 'onnx/format',
    message: `Not a valid ONNX file: ${message} (byte ${byte}).`,
    help: 'The file may be truncated or damaged; use another copy, or export it again.',
    offset: byte,
  });

/** The error of a file that is right, and that cannot be made a model of ours. */
export const unsupported = (what: string, help: string, offset: number): InputError =>
  new InputError({
    code: 'onnx/unsupported',
    message: `The ONNX file cannot be imported: ${what}.`,
    help,
    offset,
  });

/** A field that was met, to be read by one of the methods that suit it, once. */
export interface Field {
  readonly number: number;
  /** Where it begins. */
  readonly at: number;
  /** A whole number; one past 2^53 is the nearest that there is. */
  integer(): number;
  float(): number;
  text(): string;
  /** A part of the file, not a copy. */
  bytes(): Uint8Array;
  /** The fields of a message; `visit` says whether it has read the field. */
  message(visit: (field: Field) => boolean): void;
  /** Numbers that follow each other, packed or one to a field. */
  integers(into: number[]): void;
  floats(into: number[]): void;
  doubles(into: number[]): void;
}

/** Reads all of a file as one message. */
export function readMessage(file: Uint8Array, visit: (field: Field) => boolean): void {
  // A plain view, because subclasses such as Node's Buffer change what slice means.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  const reader = new BinaryReader(bytes);
  readFields(reader, bytes, bytes.length, visit);
}

function readFields(
  reader: BinaryReader,
  file: Uint8Array,
  end: number,
  visit: (field: Field) => boolean,
): void {
  while (reader.pos < end) {
    const at = reader.pos;
    const [number, wire] = attempt(at, () => reader.tag());
    if (wire === WireType.StartGroup || wire === WireType.EndGroup)
      throw malformed('it has a group, which the format does not know', at);
    if (!visit(fieldOf(reader, file, end, { number, wire, at })))
      attempt(at, () => reader.skip(wire, number));
    if (reader.pos > end) throw malformed('a field ends after the message that it is in', at);
  }
}

interface Tag {
  readonly number: number;
  readonly wire: WireType;
  readonly at: number;
}

function fieldOf(reader: BinaryReader, file: Uint8Array, end: number, { number, wire, at }: Tag): Field {
  const expect = (wanted: WireType): void => {
    if (wire !== wanted) throw malformed(`the field ${number} is of another kind than the format has it`, at);
  };
  /** Where the part that begins here ends. */
  const length = (): number => {
    expect(WireType.LengthDelimited);
    const size = attempt(at, () => reader.uint32());
    if (size > end - reader.pos) throw malformed('a part ends after what it is in', at);
    return reader.pos + size;
  };
  const packed =
    (kind: WireType, read: () => number) =>
    (into: number[]): void => {
      if (wire === kind) {
        into.push(attempt(at, read));
        return;
      }
      const stop = length();
      while (reader.pos < stop) into.push(attempt(reader.pos, read));
      if (reader.pos > stop) throw malformed('the last number of a list is cut off', at);
    };
  const view = (): Uint8Array => {
    const stop = length();
    const part = file.subarray(reader.pos, stop);
    reader.pos = stop;
    return part;
  };
  const integer = (): number => Number(reader.int64());
  return {
    number,
    at,
    integer() {
      expect(WireType.Varint);
      return attempt(at, integer);
    },
    float() {
      expect(WireType.Bit32);
      return attempt(at, () => reader.float());
    },
    text: () => decoded(view(), at),
    bytes: view,
    message(visit) {
      const stop = length();
      readFields(reader, file, stop, visit);
    },
    integers: packed(WireType.Varint, integer),
    floats: packed(WireType.Bit32, () => reader.float()),
    doubles: packed(WireType.Bit64, () => reader.double()),
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decoded(bytes: Uint8Array, at: number): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw malformed('a text is not valid UTF-8', at);
  }
}

/** The reader's own errors have no place. */
function attempt<T>(at: number, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof InputError) throw thrown;
    throw malformed(`it breaks off, or a number in it is no number`, at);
  }
}
