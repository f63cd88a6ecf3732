/** CSV read in the plain way: all of the text at once, all of its cells, then the numbers. Slow on large files. */

import Papa from 'papaparse';

const parser = new Papa.Parser({ delimiter: ',', newline: '\n' });

/** Another wording of the grammar than the reader's. */
const isNumber = (text: string): boolean =>
  /^[+-]?(\d+|\d+\.\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text));

const looksBroken = (text: string): boolean =>
  /^[+-]?(nan|inf|infinity|0x[0-9a-f]+|0b[01]+|0o[0-7]+|\d+([,_]\d+)+(\.\d+)?)$/i.test(text) ||
  /^[+-]?(\d+|\d+\.\d*|\.\d+)([eE][+-]?\d+)?$/.test(text);

/** Features row by row and the last column as labels; undefined where any rule is broken. */
export function wholeTable(bytes: Uint8Array) {
  const text = textOf(bytes)?.replace(/\r\n?/g, '\n').trimEnd();
  if (text === undefined || text === '') return undefined;
  // Not `Papa.parse`, which drops a second byte order mark: that one is white space, as before any other cell.
  const { data, errors }: Papa.ParseResult<string[]> = parser.parse(text, 0, false);
  const [header = [], ...rows] = data.map((row) => row.map((cell) => cell.trim()));
  const names = header.slice(0, -1);
  if (errors.length > 0 || rows.length === 0 || header.length < 2) return undefined;
  if (header.includes('') || new Set(header).size < header.length) return undefined;
  if (rows.some((row) => row.length !== header.length || row.includes(''))) return undefined;
  const features = rows.flatMap((row) => row.slice(0, -1));
  const labels = rows.map((row) => row.at(-1) ?? '');
  if (!features.every(isNumber)) return undefined;
  const numeric = labels.every(isNumber);
  if (!numeric && labels.some((label) => isNumber(label) || looksBroken(label))) return undefined;
  return { names, features: features.map(Number), labels: numeric ? labels.map(Number) : labels };
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
