/** The rows of a CSV file as texts, a piece of the file at a time: its text as a whole is never held in memory. */

import Papa from 'papaparse';
import type { InputError } from '../runtime/errors.ts';
import { csvError, lineOf, type Piece, type Scan } from './csv-scan.ts';

type Parsed = Pick<Papa.ParseResult<string[]>, 'data' | 'errors'>;

// The part of the library that finds cells. What `Papa.parse` puts around it, for files and streams, keeps the rows of
// each call alive until the next large collection of garbage: many times the file, where it is called once a piece.
const parser = new Papa.Parser({ delimiter: ',', newline: '\n' });

/** The trimmed cells of each row, the header first. Throws `data/csv` for what is not UTF-8. */
export function* rowsOf(bytes: Uint8Array, { pieces }: Scan, at: string): Generator<readonly string[]> {
  for (const piece of pieces) {
    for (const row of cellsOf(decode(bytes, piece, at), piece, at)) {
      // In place: a row may be a megabyte.
      for (let i = 0; i < row.length; i++) row[i] = row[i]?.trim() ?? '';
      yield row;
    }
  }
}

function cellsOf(text: string, piece: Piece, at: string): readonly string[][] {
  // One kind of line end, or a file that mixes them would be cut at some only.
  const lines = text.replace(/\r\n?/g, '\n');
  const { data, errors }: Parsed = parser.parse(lines, 0, false);
  const [error] = errors;
  if (error !== undefined)
    throw csvError(`Bad quotes: ${error.message}.`, `${at}:${(error.row ?? 0) + piece.row}`, {
      offset: piece.start,
    });
  // After the line end of the last row the parser finds one row more, an empty one.
  return lines.endsWith('\n') ? data.slice(0, -1) : data;
}

function decode(bytes: Uint8Array, piece: Piece, at: string): string {
  const part = bytes.subarray(piece.start, piece.end);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(part);
  } catch {
    throw notText(bytes, piece, at);
  }
}

/** Names the line, and the first byte with which a piece cannot be the beginning of a text any more. */
function notText(bytes: Uint8Array, piece: Piece, at: string): InputError {
  let [good, bad] = [piece.start, piece.end + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (beginsText(bytes.subarray(piece.start, middle))) good = middle;
    else bad = middle;
  }
  const offset = Math.min(good, piece.end);
  const line = lineOf(bytes, piece, offset);
  const help = 'Save the file as UTF-8.';
  return csvError(`Line ${line} is not UTF-8 text.`, `${at}:${line}`, { help, offset });
}

/** Whether bytes are UTF-8, the last character perhaps cut off. */
function beginsText(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
