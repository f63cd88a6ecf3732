/** The learning-rate range test as pictures: an SVG file, and a small plot for the terminal. */

import { centredAverage } from '../report/average.ts';
import type { Point } from '../report/decimate.ts';
import { extent, type Figure, type Layer } from '../report/figure.ts';
import { svgFile } from '../report/line-chart.ts';
import { short } from '../report/numbers.ts';
import { terminalPlot } from '../report/terminal.ts';
import { type RateBounds, reachOf } from './lr-bounds.ts';
import type { Sweep, SweepReading } from './lr-sweep.ts';

const size = { width: 720, height: 330 } as const;

/** Loss and, where there is one, accuracy against the learning rate, with the proposed bounds. */
export function rangeSvg(
  model: string,
  readings: readonly SweepReading[],
  bounds: RateBounds,
  sweep: Sweep,
): Promise<string> {
  const x = {
    label: 'learning rate',
    log: !sweep.linear,
    domain: [readings[0]?.rate ?? 0, lastRate(readings)],
  } as const;
  const marks = [bounds.min, bounds.max].flatMap((rate, i): Layer[] =>
    rate === undefined
      ? []
      : [{ kind: 'bound', x: rate, label: `${i === 0 ? 'min' : 'max'} ${short(rate)}` }],
  );
  const losses = readings.map(({ rate, loss }): Point => [rate, loss]);
  const smoothed = bounds.smoothed.map(({ rate, loss }): Point => [rate, loss]);
  const figures: Figure[] = [
    {
      description: 'Loss against the learning rate',
      ...size,
      x,
      y: { label: 'loss', domain: lossDomain(losses, smoothed) },
      layers: [...lines(losses, smoothed), ...marks],
    },
  ];
  const shares = readings.flatMap(({ rate, accuracy }): Point[] =>
    accuracy === undefined ? [] : [[rate, accuracy]],
  );
  if (shares.length > 0) {
    const finite = shares.filter(([, accuracy]) => Number.isFinite(accuracy));
    const averages = centredAverage(
      finite.map(([, accuracy]) => accuracy),
      reachOf(sweep.steps),
    );
    const average = finite.map(([rate], i): Point => [rate, averages[i] ?? Number.NaN]);
    figures.push({
      description: 'Accuracy against the learning rate',
      ...size,
      x,
      y: { label: 'accuracy', share: true, domain: [0, 1] },
      layers: [...lines(finite, average), ...marks],
    });
  }
  return svgFile(`Learning-rate range test of ${model}`, figures, [
    { name: 'each step', series: 0, faint: true },
    { name: 'average', series: 0, faint: false },
  ]);
}

const lastRate = (readings: readonly SweepReading[]): number => readings.at(-1)?.rate ?? 1;

const lines = (raw: readonly Point[], smoothed: readonly Point[]): readonly Layer[] => [
  { kind: 'line', points: raw, paint: { series: 0 }, faint: true },
  { kind: 'line', points: smoothed, paint: { series: 0 } },
];

/** Up to a little above the smoothed loss: what a single step rises to at the end would hide all else. */
function lossDomain(raw: readonly Point[], smoothed: readonly Point[]): readonly [number, number] {
  const [, high] = extent(smoothed.map(([, loss]) => loss)) ?? [0, 1];
  const [low] = extent(raw.map(([, loss]) => loss)) ?? [0, 1];
  const margin = 0.15 * (high - low) || Math.abs(high) / 10 || 1;
  return [low >= 0 ? Math.max(0, low - margin / 3) : low - margin / 3, high + margin];
}

export function rangeText(
  { smoothed, min, max }: RateBounds,
  sweep: Sweep,
  columns: number,
): Promise<string | undefined> {
  return terminalPlot({
    points: smoothed.map(({ rate, loss }): Point => [rate, loss]),
    width: Math.min(72, Math.max(24, columns - 12)),
    height: 12,
    logX: !sweep.linear,
    marks: [min, max].flatMap((rate) => (rate === undefined ? [] : [rate])),
  });
}
