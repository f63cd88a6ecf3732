/** The metrics of the splits as a table for the terminal. */

import { metric } from '../report/numbers.ts';
import type { Metrics } from '../runtime/module.ts';
import { plain } from './plain.ts';
import { textTable } from './text-table.ts';

/** Lines of a table: a row per split, a column per metric. */
export function metricTable(rows: readonly (readonly [string, Metrics])[]): readonly string[] {
  const names = Object.keys(rows[0]?.[1] ?? {});
  const cells = [
    ['', ...names.map(plain)],
    ...rows.map(([title, values]) => [
      title,
      ...names.map((name) => metric(name, values[name] ?? Number.NaN)),
    ]),
  ];
  return textTable(cells, 1);
}
