/** Pieces of Markdown. */

export const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

export const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

export const percent = (part: number, whole: number): string =>
  whole === 0 ? '0 of 0' : `${((100 * part) / whole).toFixed(2)} %`;
