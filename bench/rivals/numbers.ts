/** Medians, and numbers as people read them. */

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (i: number): number => sorted[i] ?? Number.NaN;
  return (at(Math.floor((sorted.length - 1) / 2)) + at(Math.floor(sorted.length / 2))) / 2;
}

/** Three digits that count, with commas in thousands: 0.0123, 1.23, 12.3, 1,230. */
export function shown(x: number): string {
  if (!Number.isFinite(x)) return '';
  if (x === 0) return '0';
  const rounded = Number(x.toPrecision(3));
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(rounded))));
  return rounded.toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

/** A whole number with commas in thousands. */
export const grouped = (n: number): string => n.toLocaleString('en-US');

/** With a decimal where it would be nothing without. */
export const percent = (share: number | null): string =>
  share === null ? '' : `${(100 * share).toFixed(share < 0.095 ? 1 : 0)} %`;
