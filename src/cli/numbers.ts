/** Numbers as people read them. */

import type { Metrics } from '../runtime/module.ts';

/** `1,234,567`: the same in every locale. */
export const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

/** Four significant digits. */
export const short = (value: number): string => {
  if (value === 0) return '0';
  return Math.abs(value) >= 1e-3 && Math.abs(value) < 1e6
    ? String(Number(value.toPrecision(4)))
    : value.toExponential(3);
};

export const seconds = (value: number): string => (value < 60 ? `${value.toFixed(1)} s` : clock(value));

/** `1:05` or `1:00:05`. */
export function clock(value: number): string {
  if (!Number.isFinite(value)) return '-:--';
  const whole = Math.max(0, Math.round(value));
  const two = (n: number): string => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A metric by its name: accuracies are shares of all records, which read better as percentages. */
export const metric = (name: string, value: number): string =>
  /accuracy$/i.test(name) ? `${(100 * value).toFixed(2)} %` : short(value);

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
