/** A strict reader for the JSON header of a safetensors file: no recursion, no duplicates, byte offsets. */

import { InputError } from './errors.ts';
import { quote } from './names.ts';

export const dtypeBytes = { F32: 4, F64: 8, I32: 4 } as const;
export type SafetensorsDtype = keyof typeof dtypeBytes;

const isDtype = (name: string): name is SafetensorsDtype => Object.hasOwn(dtypeBytes, name);

export interface TensorEntry {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  /** First byte and the byte after the last, counted from the end of the header. */
  readonly begin: number;
  readonly end: number;
  /** Where in the file the entry stands, for messages. */
  readonly at: number;
}

export interface Header {
  readonly entries: readonly TensorEntry[];
  readonly metadata: ReadonlyMap<string, string>;
}

/** The error of every malformed file; `byte` counts from the start of the file, from 0. */
export const malformed = (message: string, byte: number): InputError =>
  new InputError({
    code: 'weights/format',
    message: `Not a valid safetensors file: ${message} (byte ${byte}).`,
    help: 'The file may be truncated or damaged; use another copy or an earlier one.',
    offset: byte,
  });

/** Reads bytes one after the other; every method throws `malformed` at the byte where it fails. */
interface Reader {
  at(): number;
  skipSpace(): void;
  /** Skips white space and says whether `character` comes next; consumes it if so. */
  take(character: string): boolean;
  expect(character: string): void;
  text(): string;
  integer(): number;
}

function createReader(bytes: Uint8Array, from: number, to: number): Reader {
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  // One character for each byte of the file, so that places are the same in both.
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, to));
  let at = from;

  function skipSpace(): void {
    while (' \t\n\r'.includes(text[at] ?? '-')) at++;
  }
  function take(character: string): boolean {
    skipSpace();
    if (text[at] !== character) return false;
    at++;
    return true;
  }
  function expect(character: string): void {
    if (!take(character)) throw malformed(`expected ${quote(character)} in the header`, at);
  }
  return {
    at: () => at,
    skipSpace,
    take,
    expect,
    text() {
      skipSpace();
      const start = at;
      expect('"');
      while (at < to && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
      if (at >= to) throw malformed('a string of the header has no end', start);
      at++;
      try {
        return String(JSON.parse(utf8.decode(bytes.subarray(start, at))));
      } catch {
        throw malformed('a string of the header is not valid JSON or not valid UTF-8', start);
      }
    },
    integer() {
      skipSpace();
      const start = at;
      while (/[0-9]/.test(text[at] ?? '')) at++;
      const digits = text.slice(start, at);
      const value = Number(digits);
      if (digits === '') throw malformed('expected a whole number of at least 0', start);
      if (/^0./.test(digits)) throw malformed('a number starts with 0', start);
      // Past this the number is not exact any more, and no file is that large.
      if (value > Number.MAX_SAFE_INTEGER) throw malformed('a number of the header is too large', start);
      return value;
    },
  };
}

/** Reads items between brackets, such as `{` and `}`, until none follows. */
function readItems(reader: Reader, brackets: string, readItem: () => void): void {
  const [open = '', close = ''] = brackets;
  reader.expect(open);
  if (reader.take(close)) return;
  do readItem();
  while (reader.take(','));
  reader.expect(close);
}

/** Reads `{ key: value, … }`, refuses a key that came before, and leaves each value to `readValue`. */
function readObject(reader: Reader, readValue: (key: string, keyAt: number) => void): void {
  const seen = new Set<string>();
  readItems(reader, '{}', () => {
    const at = reader.at();
    const key = reader.text();
    if (seen.has(key)) throw malformed(`the key ${quote(key)} comes twice`, at);
    seen.add(key);
    reader.expect(':');
    readValue(key, at);
  });
}

function readIntegers(reader: Reader): readonly number[] {
  const values: number[] = [];
  readItems(reader, '[]', () => values.push(reader.integer()));
  return values;
}

function readDtype(reader: Reader): SafetensorsDtype {
  const at = reader.at();
  const dtype = reader.text();
  if (isDtype(dtype)) return dtype;
  throw malformed(`the dtype ${quote(dtype)} is not one of F32, F64 and I32`, at);
}

function readEntry(reader: Reader, name: string, at: number): TensorEntry {
  let dtype: SafetensorsDtype | undefined;
  let shape: readonly number[] | undefined;
  let offsets: readonly number[] | undefined;
  readObject(reader, (key, keyAt) => {
    if (key === 'dtype') dtype = readDtype(reader);
    else if (key === 'shape') shape = readIntegers(reader);
    else if (key === 'data_offsets') offsets = readIntegers(reader);
    else throw malformed(`the tensor ${quote(name)} has an unknown field ${quote(key)}`, keyAt);
  });
  const [begin, end] = offsets ?? [];
  if (!dtype || !shape || begin === undefined || end === undefined || offsets?.length !== 2)
    throw malformed(`the tensor ${quote(name)} needs dtype, shape and two data_offsets`, at);
  return { name, dtype, shape, begin, end, at };
}

/** Reads the header in bytes `from` to `to` of the file. Offsets are not checked here. */
export function readHeader(bytes: Uint8Array, from: number, to: number): Header {
  const entries: TensorEntry[] = [];
  const metadata = new Map<string, string>();
  // The format wants the brace at once: white space is for the end, as padding.
  if (from >= to || bytes[from] !== 0x7b) throw malformed('the header does not start with "{"', from);
  const reader = createReader(bytes, from, to);
  readObject(reader, (name, at) => {
    if (name === '__metadata__') readObject(reader, (key) => metadata.set(key, reader.text()));
    else entries.push(readEntry(reader, name, at));
  });
  reader.skipSpace();
  if (reader.at() < to) throw malformed('something follows the header', reader.at());
  return { entries, metadata };
}
