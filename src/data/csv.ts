/** Reading CSV files. */

import { type CsvOptions, parseCsv } from './csv-parse.ts';
import type { Dataset } from './dataset.ts';
import { readBytes } from './files.ts';

export { type CsvOptions, parseCsv } from './csv-parse.ts';

/**
 * The rows of a comma-separated UTF-8 file with a header row; features are numbers, all columns but the label's.
 *
 * A label column of text gives class indices in code-unit order of the names, and `classes`; one of numbers is
 * kept as it is. Spaces around cells do not count. A byte order mark, CRLF, quoted fields and blank lines at the
 * end are accepted. Throws `data/file-missing`, `data/csv` (at `file:row:column`, the header being row 1),
 * `data/empty`, `data/unknown-column`, `data/missing-column` and `data/bad-option` (for `test`).
 */
export function loadCsv(path: string, options: CsvOptions = {}): Dataset {
  const bytes = readBytes(path, 'Check the path; a relative one starts from the working directory.');
  return parseCsv(bytes, path, options);
}
