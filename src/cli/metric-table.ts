/** The metrics of the splits as a table for the terminal. */

import { metric } from '../report/numbers.ts';
import type { Metrics } from '../runtime/module.ts';

/** Lines of a table: a row per split, a column per metric. */
export function metricTable(rows: readonly (readonly [string, Metrics])[]): readonly string[] {
  const names = Object.keys(rows[0]?.[1] ?? {});
  const cells = [
    ['', ...names],
    ...rows.map(([title, values]) => [
      title,
      ...names.map((name) => metric(name, values[name] ?? Number.NaN)),
    ]),
  ];
  const widths = ['', ...names].map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('   '),
  );
}
