/** Reading CSV files: text to a rectangular table of cells, every error with its row and column. */

import { basename } from 'node:path';
import Papa from 'papaparse';
import { InputError } from '../runtime/errors.ts';
import { type CsvTable, columnError, featureMatrix, labelColumn, splitRows } from './csv-columns.ts';
import type { Dataset } from './dataset.ts';
import { readBytes } from './files.ts';
import type { FloatDtype } from './floats.ts';

export interface CsvOptions {
  /** Name of the label column; default the last one. */
  readonly label?: string;
  /** Part of the rows, in (0, 1), taken as the test split after a seeded shuffle; default none, order kept. */
  readonly test?: number;
  readonly dtype?: FloatDtype;
  /** Seed of the shuffle; default 1. */
  readonly seed?: number;
}

/** No line of a sane data file is longer, in bytes: 1 MiB. */
const LINE_LIMIT = 2 ** 20;
/** Larger files, in bytes, do not fit the text type of the engine together with their cells. */
const FILE_LIMIT = 2 ** 28;

/**
 * The rows of a comma-separated UTF-8 file with a header row; features are numbers, all columns but the label's.
 *
 * A label column of text gives class indices in code-unit order of the names, and `classes`; one of numbers is
 * kept as it is. Spaces around cells do not count. A byte order mark, CRLF, quoted fields and blank lines at the
 * end are accepted. Throws `data/file-missing`, `data/csv` (at `file:row:column`, the header being row 1),
 * `data/empty`, `data/unknown-column`, `data/missing-column` and `data/bad-option` (for `test`).
 */
export function loadCsv(path: string, options: CsvOptions = {}): Dataset {
  const dtype = options.dtype ?? 'f32';
  const table = readTable(path);
  const labelIndex = findLabel(table, options.label);
  const features = featureMatrix(table, labelIndex, dtype);
  const { labels, classes } = labelColumn(table, labelIndex);
  const splits = splitRows({ features, labels, count: table.rows.length }, options, dtype);
  return {
    name: basename(path),
    ...splits,
    ...(classes === undefined ? {} : { classes }),
    featureNames: table.header.filter((_, column) => column !== labelIndex),
  };
}

function findLabel(table: CsvTable, label: string | undefined): number {
  const { header, path } = table;
  if (header.length < 2) {
    const message = `Expected a label column and at least one feature column, found only "${header[0]}".`;
    throw new InputError({
      code: 'data/missing-column',
      message,
      help: 'Add the other columns.',
      at: `${path}:1`,
    });
  }
  if (label === undefined) return header.length - 1;
  const index = header.indexOf(label);
  if (index >= 0) return index;
  throw new InputError({
    code: 'data/unknown-column',
    message: `There is no column "${label}" for the label; the columns are ${quoted(header)}.`,
    help: 'Name one of these columns as the label.',
    at: `${path}:1`,
  });
}

function readTable(path: string): CsvTable {
  const bytes = readBytes(path, 'Check the path; a relative one starts from the working directory.');
  if (bytes.length > FILE_LIMIT) {
    throw csvError(`Expected a file of at most ${FILE_LIMIT} bytes, found ${bytes.length}.`, path);
  }
  checkLines(bytes, path);
  const [header = [], ...rows] = cellsOf(decode(bytes, path), path);
  checkHeader(header, path);
  const table = { path, header, rows };
  if (rows.length === 0) {
    const message = 'The file has a header but no rows of data.';
    throw new InputError({ code: 'data/empty', message, help: 'Add at least one row.', at: path });
  }
  rows.forEach((row, i) => {
    checkRow(table, row, i);
  });
  return table;
}

function cellsOf(text: string, path: string): readonly (readonly string[])[] {
  // One kind of line end, or a file that mixes them would be cut at some only.
  const lines = text.replace(/\r\n?/g, '\n').trimEnd();
  if (lines === '') {
    throw new InputError({
      code: 'data/empty',
      message: 'The file is empty.',
      help: 'It needs a header row.',
      at: path,
    });
  }
  const { data, errors } = Papa.parse<string[]>(lines, { delimiter: ',', newline: '\n', header: false });
  const [error] = errors;
  if (error !== undefined) throw csvError(`Bad quotes: ${error.message}.`, `${path}:${(error.row ?? 0) + 1}`);
  return data.map((row) => row.map((cell) => cell.trim()));
}

/** The text of the file without its byte order mark; the first row that is no UTF-8 is named. */
function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const line = linesOf(bytes).findIndex(([start, end]) => !isUtf8(bytes.subarray(start, end))) + 1;
    throw csvError(`Line ${line} is not UTF-8 text.`, `${path}:${line}`, 'Save the file as UTF-8.');
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function checkLines(bytes: Uint8Array, path: string): void {
  const line = linesOf(bytes).findIndex(([start, end]) => end - start > LINE_LIMIT) + 1;
  if (line > 0) throw csvError(`Line ${line} is longer than ${LINE_LIMIT} bytes.`, `${path}:${line}`);
}

/** Start and end of each line in bytes; a byte of 0x0a is never part of another UTF-8 character. */
function linesOf(bytes: Uint8Array): readonly (readonly [number, number])[] {
  const lines: [number, number][] = [];
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(0x0a, start);
    const end = found < 0 ? bytes.length : found;
    lines.push([start, end]);
    start = end + 1;
  }
  return lines;
}

function checkHeader(header: readonly string[], path: string): void {
  header.forEach((name, column) => {
    const at = `${path}:1:${column + 1}`;
    if (name === '') throw csvError(`Column ${column + 1} has no name in the header.`, at);
    const first = header.indexOf(name);
    if (first < column) {
      throw csvError(`The header names columns ${first + 1} and ${column + 1} alike: "${name}".`, at);
    }
  });
}

function checkRow(table: CsvTable, row: readonly string[], index: number): void {
  const { header, path } = table;
  if (row.length !== header.length) {
    const found = row.length === 1 && row[0] === '' ? 'an empty line' : `${row.length}`;
    const message = `Row ${index + 2}: expected ${header.length} cells as in the header, found ${found}.`;
    throw csvError(message, `${path}:${index + 2}`);
  }
  const empty = row.indexOf('');
  if (empty >= 0) throw columnError(table, index, empty, 'a value');
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

function csvError(message: string, at: string, help = 'Correct the file.'): InputError {
  return new InputError({ code: 'data/csv', message, help, at });
}
