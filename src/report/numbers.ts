/** Numbers as people read them: in the terminal, in tables and at the ticks of an axis. */

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

/** Accuracies are shares of all records, which read better as percentages. */
export const isShare = (name: string): boolean => /accuracy$/i.test(name);

/** A metric by its name. */
export const metric = (name: string, value: number): string =>
  isShare(name) ? `${(100 * value).toFixed(2)} %` : short(value);

/** A share of 1 as a percentage of one decimal; 100 % only when it is all. */
export function percent(share: number): string {
  const rounded = (100 * share).toFixed(1);
  if (share < 1 && rounded === '100.0') return '99.9 %';
  return `${share === 1 ? '100' : rounded} %`;
}

/** At a tick there is room for few characters: `250`, `10k`, `2.5M`, `1e-5`. */
export function tick(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e15)) return Number(value.toPrecision(4)).toExponential();
  const [, unit, letter] = units.find(([least]) => size >= least) ?? [0, 1, ''];
  return `${Number((value / unit).toPrecision(6))}${letter}`;
}

/** From what size on a unit is written; `5000` reads better than `5k`. */
const units: readonly (readonly [number, number, string])[] = [
  [1e12, 1e12, 'T'],
  [1e9, 1e9, 'G'],
  [1e6, 1e6, 'M'],
  [1e4, 1e3, 'k'],
];
