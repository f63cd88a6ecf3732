/** Results as lines of text. */

import { amount, type Limit } from './limits.ts';
import { percent, shown } from './numbers.ts';
import { factor, type Ratio, reading, titleOf } from './ratios.ts';
import type { Results, Row } from './results.ts';

export const fastestFirst = (rows: readonly Row[]): readonly Row[] =>
  [...rows].sort((a, b) => b.steps_per_s - a.steps_per_s);

/** What others are compared with: `wasm`, or where it did not take part, `ts`. */
export const yardstick = (rows: readonly Row[], name: string): Row | undefined =>
  rows.find((row) => row.case === name && row.who === 'wasm') ??
  rows.find((row) => row.case === name && row.who === 'ts');

export function caseLines(name: string, rows: readonly Row[]): readonly string[] {
  const own = yardstick(rows, name);
  const header = [name, 'steps/s', 'min', 'max', 'ms', 'GFLOP/s', 'of peak', `${own?.who ?? 'ours'} is`];
  const lines = fastestFirst(rows).map((row) => [
    row.who,
    ...[row.steps_per_s, row.min, row.max, 1000 / row.steps_per_s, row.gflops].map(shown),
    percent(row.share_of_peak),
    own === undefined ? '' : factor(own.steps_per_s / row.steps_per_s),
  ]);
  return ['', ...aligned([header, ...lines])];
}

export function ratioLines(ratios: readonly Ratio[]): readonly string[] {
  if (ratios.length === 0) return [];
  const header = ['ratio', 'ours', 'against', 'goal', 'reached', ''];
  const lines = ratios.map((ratio) => [
    ratio.case,
    ratio.ours,
    titleOf(ratio),
    reading(ratio, ratio.goal),
    reading(ratio, ratio.reached),
    ratio.verdict,
  ]);
  return aligned([header, ...lines], 3);
}

export function limitLines(limits: readonly Limit[]): readonly string[] {
  if (limits.length === 0) return [];
  const lines = limits.map(({ what, target, unit, limit, reached, verdict }) => [
    what,
    target,
    amount(limit, unit),
    amount(reached, unit),
    verdict,
  ]);
  return aligned([['limit', 'target', 'limit', 'reached', ''], ...lines], 2);
}

/** A sentence for each contender and reason, with its cases; and for what else could not be measured. */
export function leftOut(missing: Results['missing'], scaling: Results['scaling']): readonly string[] {
  const cases = new Map<string, string[]>();
  for (const { case: name, who, reason } of missing) {
    const key = JSON.stringify([who, reason]);
    cases.set(key, [...(cases.get(key) ?? []), name]);
  }
  const contenders = [...cases].map(([key, names]) => {
    const [who, reason]: readonly string[] = JSON.parse(key);
    return `${who} (${names.join(', ')}): ${reason}.`;
  });
  return [...contenders, ...(scaling?.missing ?? []).map((reason) => `${reason}.`)];
}

function aligned(rows: readonly (readonly string[])[], words = 1): readonly string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, i) => (i < words ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
