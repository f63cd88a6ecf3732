/** Where the rows of a CSV file begin and end, found in its bytes before any of them becomes text. */

import { InputError } from '../runtime/errors.ts';

/** No line or row of a sane data file is longer, in bytes: 1 MiB. */
const LINE_LIMIT = 2 ** 20;
/** Rows are made into text together until they have so many bytes: much less than a file, much more than a row. */
const PIECE_SIZE = 2 ** 14;

/** Whole rows that follow each other, from byte `start` to before byte `end`, line ends included. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  /** Of its first byte, counted from 1: line ends in quotes count for `line` alone. */
  readonly row: number;
  readonly line: number;
}

export interface Scan {
  readonly pieces: readonly Piece[];
  /** The header included. */
  readonly rows: number;
}

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const COMMA = 0x2c;

/** Where in a cell a byte is: `closed` follows the closing quote, `spaced` the spaces after it. */
type State = 'start' | 'plain' | 'quoted' | 'closed' | 'spaced';

/** Everything of a file but a byte order mark and the white space at its end; bad quotes and endless rows are refused. */
export function scanCsv(bytes: Uint8Array, at: string): Scan {
  const end = contentEnd(bytes);
  const pieces: Piece[] = [];
  let state: State = 'start';
  let [row, line] = [1, 1];
  const start = hasByteOrderMark(bytes) ? 3 : 0;
  let piece = { start, row, line };
  let [rowStart, lineStart] = [start, start];
  const check = (reached: number): void => {
    if (reached - lineStart > LINE_LIMIT) throw longLine(line, lineStart, at);
    if (reached - rowStart > LINE_LIMIT) throw longRow(row, rowStart, at);
  };
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte !== LF && byte !== CR) {
      const next = after(state, byte);
      if (next === undefined) throw badQuotes('Trailing quote on quoted field is malformed', row, i, at);
      state = next;
      continue;
    }
    check(i);
    if (byte === CR && bytes[i + 1] === LF) i++;
    line++;
    lineStart = i + 1;
    if (state === 'quoted') continue;
    state = 'start';
    row++;
    rowStart = lineStart;
    if (rowStart - piece.start < PIECE_SIZE) continue;
    pieces.push({ ...piece, end: rowStart });
    piece = { start: rowStart, row, line };
  }
  check(end);
  if (state === 'quoted') throw badQuotes('Quoted field unterminated', row, end, at);
  if (piece.start < end) pieces.push({ ...piece, end });
  return { pieces, rows: end > rowStart ? row : row - 1 };
}

/** The state after a byte that ends no line; undefined where a closing quote is followed by more of the cell. */
function after(state: State, byte: number): State | undefined {
  if (state === 'quoted') return byte === QUOTE ? 'closed' : 'quoted';
  if (byte === COMMA) return 'start';
  if (byte === QUOTE) {
    // Two quotes within quotes are one quote of the text.
    if (state === 'start' || state === 'closed') return 'quoted';
    return state === 'plain' ? 'plain' : undefined;
  }
  if (state === 'start' || state === 'plain') return 'plain';
  // Beyond ASCII there are spaces as well; whether this is one, the parser finds out.
  return isSpace(byte) || byte >= 0x80 ? 'spaced' : undefined;
}

const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

const hasByteOrderMark = (bytes: Uint8Array): boolean =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

/** The byte after the last character that is no white space. */
function contentEnd(bytes: Uint8Array): number {
  for (let end = bytes.length; end > 0; ) {
    const last = bytes[end - 1] ?? 0;
    if (last < 0x80) {
      if (!isSpace(last)) return end;
      end--;
      continue;
    }
    const start = characterStart(bytes, end);
    const character = new TextDecoder().decode(bytes.subarray(start, end));
    // A byte order mark decodes to nothing, which is no character either.
    if (character.trim() !== '') return end;
    end = start;
  }
  return 0;
}

/** The first byte of the character, of at most 3 bytes, that ends before `end`. */
function characterStart(bytes: Uint8Array, end: number): number {
  for (let start = end - 1; start >= Math.max(0, end - 3); start--)
    if (((bytes[start] ?? 0) & 0xc0) !== 0x80) return start;
  return end - 1;
}

/** The line, from 1, in which a byte is, of a piece that begins with line `piece.line`. */
export function lineOf(bytes: Uint8Array, piece: Piece, offset: number): number {
  let line = piece.line;
  for (let i = piece.start; i < offset; i++)
    if (bytes[i] === LF || (bytes[i] === CR && bytes[i + 1] !== LF)) line++;
  return line;
}

const longLine = (line: number, offset: number, at: string): InputError =>
  csvError(`Line ${line} is longer than ${LINE_LIMIT} bytes.`, `${at}:${line}`, { offset });

const longRow = (row: number, offset: number, at: string): InputError =>
  csvError(`Row ${row} is longer than ${LINE_LIMIT} bytes.`, `${at}:${row}`, {
    offset,
    help: 'Close the quotes of its cells; line ends within quotes belong to the row.',
  });

const badQuotes = (reason: string, row: number, offset: number, at: string): InputError =>
  csvError(`Bad quotes: ${reason}.`, `${at}:${row}`, { offset });

/** `data/csv` at a file, a row of it (the header being 1), or a row and column of it. */
export function csvError(
  message: string,
  at: string,
  { help = 'Correct the file.', offset }: { readonly help?: string; readonly offset?: number } = {},
): InputError {
  return new InputError({ code: 'data/csv', message, help, at, offset });
}
