/** The curves of a training as figures: each step faint, the average of the steps strong. */

import { extent, type Figure } from './figure.ts';
import type { Curve } from './history.ts';
import { isShare } from './numbers.ts';

/** What the step is given instead of measuring it: exact in every step, so an average says nothing. */
const settings: ReadonlySet<string> = new Set(['learningRate', 'momentum']);

export const isSetting = ({ name }: Curve): boolean => settings.has(name);

/** From this ratio of the greatest to the least on, a linear axis would show the beginning alone. */
const logFrom = 1000;

export function curveFigure(curve: Curve): Figure | undefined {
  const { name, raw, average } = curve;
  const setting = isSetting(curve);
  const shown = setting ? raw : average;
  const range = extent(shown.map(([, y]) => y));
  const all = extent(raw.map(([, y]) => y));
  if (range === undefined || all === undefined) return undefined;
  const share = isShare(name) && all[0] >= 0 && all[1] <= 1;
  const log = !share && !setting && range[0] > 0 && all[0] > 0 && all[1] / range[0] > logFrom;
  return {
    description: `${name} over the steps of the training`,
    width: 460,
    height: 270,
    x: { label: 'step' },
    y: { label: name, log, share, ...(log ? {} : { domain: linearDomain(all, share) }) },
    layers: [
      ...(setting ? [] : [{ kind: 'line', points: raw, paint: 'accent', faint: true } as const]),
      { kind: 'line', points: shown, paint: 'accent' },
    ],
  };
}

/** From 0 on, where nothing is below and it is not far; shares up to 1. */
function linearDomain([low, high]: readonly [number, number], share: boolean): readonly [number, number] {
  if (low === high && low > 0 && !share) return [0, 1.25 * high];
  const margin = 0.05 * (high - low) || Math.abs(high) * 0.1 || 1;
  const from = low >= 0 && low < 0.5 * high ? 0 : low - margin;
  return [share || low >= 0 ? Math.max(0, from) : from, share ? 1 : high + margin];
}
