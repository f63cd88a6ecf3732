/** Line plots of characters, for the terminal. The one file that knows the library for them. */

import type { Point } from './decimate.ts';
import { extent } from './figure.ts';
import { short, tick } from './numbers.ts';
import { linearTicks, logTicks } from './scales.ts';

export interface TerminalPlot {
  readonly points: readonly Point[];
  readonly width: number;
  readonly height: number;
  readonly logX: boolean;
  /** Places along x with a vertical line. */
  readonly marks: readonly number[];
}

/** Undefined when there are no two points to draw a line between. */
export async function terminalPlot({
  points,
  width,
  height,
  logX,
  marks,
}: TerminalPlot): Promise<string | undefined> {
  const xs = extent(points.map(([x]) => x));
  const ys = extent(points.map(([, y]) => y));
  if (points.length < 2 || !xs || !ys || xs[0] === xs[1]) return undefined;
  const { plot } = await import('simple-ascii-chart');
  const place = (x: number): number => (logX ? Math.log10(x) : x);
  const ticks = (logX ? logTicks : linearTicks)(xs);
  const [low, high] = ys[0] < ys[1] ? ys : [ys[0] - 1, ys[0] + 1];
  const text = plot(
    points.map(([x, y]): [number, number] => [place(x), y]),
    {
      width,
      height,
      yRange: [low, high],
      customXAxisTicks: ticks.map(place),
      customYAxisTicks: Array.from({ length: 4 }, (_, i) => low + ((high - low) * i) / 3),
      formatter: (value, { axis }) => (axis === 'x' ? tick(logX ? 10 ** value : value) : short(value)),
      thresholds: marks.map((x) => ({ x: place(x) })),
    },
  );
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .join('\n');
}
