/** The bytes of a CSV file: the header, then row after row into arrays of numbers, every error with its row and column. */

import { InputError } from '../runtime/errors.ts';
import {
  type CsvTable,
  columnError,
  featureColumns,
  labelColumn,
  type Rows,
  shown,
  splitRows,
} from './csv-columns.ts';
import { rowsOf } from './csv-rows.ts';
import { csvError, scanCsv } from './csv-scan.ts';
import type { Dataset } from './dataset.ts';
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

/** Files are read whole; larger ones, in bytes, are refused. */
const FILE_LIMIT = 2 ** 28;
/** So many columns are named where a name is not among them. */
const NAMES_SHOWN = 50;

/** As `loadCsv`, of the bytes of a file; `at` is its path, for messages and the name of the set. */
export function parseCsv(bytes: Uint8Array, at: string, options: CsvOptions = {}): Dataset {
  if (bytes.length > FILE_LIMIT) {
    const message = `Expected a file of at most ${FILE_LIMIT} bytes, found ${bytes.length}.`;
    throw csvError(message, at, { offset: FILE_LIMIT });
  }
  const scan = scanCsv(bytes, at);
  if (scan.rows === 0) throw emptyError('The file is empty.', 'It needs a header row.', at);
  const rows = rowsOf(bytes, scan, at);
  const header: readonly string[] = rows.next().value ?? [];
  if (scan.rows === 1) {
    checkHeader(header, at);
    throw emptyError('The file has a header but no rows of data.', 'Add at least one row.', at);
  }
  return tableToDataset(header, rows, capacityOf(bytes, scan.rows, header), at, options);
}

/** Rows of text under a header as a data set; there are at most `capacity` rows. */
export function tableToDataset(
  header: readonly string[],
  rows: Iterable<readonly string[]>,
  capacity: number,
  at: string,
  options: CsvOptions,
): Dataset {
  checkHeader(header, at);
  const label = findLabel(header, options.label, at);
  const dtype = options.dtype ?? 'f32';
  const table: CsvTable = { path: at, header, label, dtype, capacity };
  const { classes, ...read } = readRows(table, rows);
  return {
    name: lastPartOf(at),
    ...splitRows(read, options, dtype),
    ...(classes === undefined ? {} : { classes }),
    featureNames: header.filter((_, column) => column !== label),
  };
}

/** The name of a file, without a module for paths: pages have none. */
const lastPartOf = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

/**
 * How many rows of data there is to be room for. Each cell takes two bytes at least, its comma or line end included:
 * where more rows are announced by line ends, one of those that fit is too short, and is refused before the others.
 */
function capacityOf(bytes: Uint8Array, rows: number, header: readonly string[]): number {
  return Math.min(rows - 1, Math.floor((bytes.length + 1) / (2 * header.length)));
}

function readRows(table: CsvTable, rows: Iterable<readonly string[]>) {
  const features = featureColumns(table);
  const label = labelColumn(table);
  let count = 0;
  for (const row of rows) {
    checkRow(table, row, count);
    features.add(row, count);
    label.add(row[table.label] ?? '', count);
    count++;
  }
  const read: Rows = { count, features: features.values, ...label.finish() };
  return read;
}

function findLabel(header: readonly string[], label: string | undefined, path: string): number {
  if (header.length < 2) {
    const message = `Expected a label column and at least one feature column, found only "${shown(header[0] ?? '')}".`;
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

function checkHeader(header: readonly string[], path: string): void {
  const known = new Set<string>();
  header.forEach((name, column) => {
    const place = (): string => `${path}:1:${column + 1}`;
    if (name === '') throw csvError(`Column ${column + 1} has no name in the header.`, place());
    if (known.has(name)) {
      const first = header.indexOf(name) + 1;
      const message = `The header names columns ${first} and ${column + 1} alike: "${shown(name)}".`;
      throw csvError(message, place());
    }
    known.add(name);
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
  if (empty >= 0) throw columnError(table, { row: index, column: empty, cell: '' }, 'a value');
}

function quoted(names: readonly string[]): string {
  const first = names.slice(0, NAMES_SHOWN).map((name) => `"${shown(name)}"`);
  const more = names.length - first.length;
  return first.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const emptyError = (message: string, help: string, at: string): InputError =>
  new InputError({ code: 'data/empty', message, help, at });
