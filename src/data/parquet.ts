/** Tables in Parquet files, read by hyparquet: flat columns of numbers, and a label column of numbers or class names. */

import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Compressors, FileMetaData } from 'hyparquet';
import { InputError } from '../runtime/errors.ts';
import { type CsvOptions, tableToDataset } from './csv-parse.ts';
import type { Dataset } from './dataset.ts';
import { readBytes, reasonOf } from './files.ts';

/** As `loadCsv`, which takes the same options; what is wrong with the file is `data/parquet`. */
export const loadParquet = (path: string, options: CsvOptions = {}): Promise<Dataset> =>
  parseParquet(
    readBytes(path, 'Check the path; a relative one starts from the working directory.'),
    path,
    options,
  );

/** In all, and of one page once it is unpacked. */
const mostCells = 2 ** 26;
const largestPage = 2 ** 28;

/** The cells obey the rules of those of a CSV file: numbers are finite, none is missing. */
export async function parseParquet(
  bytes: Uint8Array,
  at: string,
  options: CsvOptions = {},
): Promise<Dataset> {
  // Loaded for those who have such files.
  const { parquetMetadata, parquetRead, snappyUncompress } = await import('hyparquet');
  const whole = Uint8Array.from(bytes).buffer;
  const file = { byteLength: whole.byteLength, slice: (from: number, to?: number) => whole.slice(from, to) };
  const compressors = compressorsWith(snappyUncompress);
  try {
    const metadata = parquetMetadata(whole);
    const header = columnsOf(metadata, bytes.length, at);
    const rows: unknown[][] = [];
    let rowStart = 0;
    for (const { num_rows } of metadata.row_groups) {
      const rowEnd = rowStart + Number(num_rows);
      // One part after the other: of parts that are read at once, all but the first that fails would fail unheard.
      for (const [at, name] of header.entries())
        await parquetRead({
          ...{ file, metadata, compressors, geoparquet: false, columns: [name], rowStart, rowEnd },
          onComplete: (cells: readonly (readonly unknown[])[]) => {
            cells.forEach(([cell], row) => {
              rows[rowStart + row] ??= [];
              const cellsOfRow = rows[rowStart + row];
              if (cellsOfRow) cellsOfRow[at] = cell;
            });
          },
        });
      rowStart = rowEnd;
    }
    if (rows.length === 0) throw parquetError('The file has no rows of data.', at, 'data/empty');
    return tableToDataset(header, cellsOf(rows), rows.length, at, options);
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw parquetError(`The file is damaged: ${reasonOf(thrown)}.`, at);
    if (thrown.code !== 'data/csv') throw thrown;
    throw new InputError({ code: 'data/parquet', message: thrown.message, help: thrown.help, at: thrown.at });
  }
}

/** The names of the columns. What a file announces is looked at before any of it is read. */
function columnsOf(
  { schema, num_rows, row_groups }: FileMetaData,
  size: number,
  at: string,
): readonly string[] {
  const [, ...columns] = schema;
  const nested = columns.find(
    ({ num_children, repetition_type }) => num_children !== undefined || repetition_type === 'REPEATED',
  );
  if (nested)
    throw parquetError(`The column "${nested.name.slice(0, 80)}" is nested; only flat tables are read.`, at);
  const rows = row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (rows !== Number(num_rows)) throw parquetError(`It announces ${num_rows} rows, and has ${rows}.`, at);
  if (rows * columns.length > mostCells)
    throw parquetError(
      `It announces ${rows} rows of ${columns.length} columns, over ${mostCells} cells.`,
      at,
    );
  for (const { meta_data } of row_groups.flatMap((group) => group.columns))
    if (meta_data && Number(meta_data.total_compressed_size) > size)
      throw parquetError('It announces more than it holds.', at);
  return columns.map(({ name }) => name);
}

/** Text as in a CSV file; numbers keep every digit. */
function* cellsOf(rows: readonly (readonly unknown[])[]): Generator<readonly string[]> {
  // Not `map`, which would leave out the cells that a damaged file does not have.
  for (const row of rows) yield Array.from(row, cellOf);
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? '1' : '0';
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string'
    ? String(value).trim()
    : Object.prototype.toString.call(value);
}

/** Pages say themselves how large they are: that is believed within reason. */
function compressorsWith(snappy: (input: Uint8Array, output: Uint8Array) => void): Compressors {
  const limited =
    (unpack: (input: Uint8Array, length: number) => Uint8Array, ratio: number) =>
    (input: Uint8Array, length: number): Uint8Array => {
      if (!(length <= largestPage && length <= ratio * (input.length + 1)))
        throw new Error(`a page of ${input.length} bytes announces ${length}`);
      return unpack(input, Math.max(1, length));
    };
  return {
    SNAPPY: limited((input, length) => {
      const output = new Uint8Array(length);
      snappy(input, output);
      return output;
    }, 64),
    GZIP: limited((input, maxOutputLength) => gunzipSync(input, { maxOutputLength }), 1032),
    BROTLI: limited((input, maxOutputLength) => brotliDecompressSync(input, { maxOutputLength }), 2 ** 20),
  };
}

const parquetError = (
  message: string,
  at: string,
  code: 'data/parquet' | 'data/empty' = 'data/parquet',
): InputError =>
  new InputError({
    code,
    message,
    help: 'Write the table again, as flat columns of numbers packed with snappy or gzip.',
    at,
    offset: 0,
  });
