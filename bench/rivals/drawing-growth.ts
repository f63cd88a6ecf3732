/** The drawing of how time, memory and compiling grow, on logarithmic axes. */

import { extent, type Figure } from '../../src/report/figure.ts';
import { loadPlot } from '../../src/report/plot.ts';
import { fileTheme, seriesColor } from '../../src/report/theme.ts';
import type { Target } from './compiler.ts';
import type { Point, Scaling } from './scaling.ts';
import { sheetOf } from './sheet.ts';

type Curve = readonly (readonly [number, number])[];

interface Panel {
  readonly title: string;
  readonly x: string;
  readonly curve: (target: Target) => Curve;
}

const targets: readonly Target[] = ['ts', 'wasm'];
const cell = { width: 380, height: 250 } as const;

export async function drawGrowth(scaling: Scaling): Promise<string> {
  const draw = await loadPlot();
  return sheetOf({
    title: 'How time, memory and compiling grow',
    keys: targets.map((text, series) => ({ text, color: seriesColor(series) })),
    columns: 3,
    cell,
    cells: panelsOf(scaling).map((panel) => ({
      title: panel.title,
      markup: draw(figureOf(panel), fileTheme, { fixed: true }),
    })),
  });
}

function panelsOf({ points, compile }: Scaling): readonly Panel[] {
  const along = (axis: Point['along'], value: (point: Point) => number | null) => (target: Target) =>
    points
      .filter((point) => point.along === axis && point.target === target)
      .flatMap((point): Curve => {
        const y = value(point);
        return y === null ? [] : [[point.size, y]];
      });
  const kib = ({ arena_bytes }: Point): number => arena_bytes / 1024;
  return [
    { title: 'Milliseconds a step, 784-32-10', x: 'batch', curve: along('batch', ({ ms }) => ms) },
    { title: 'Milliseconds a step, 784-n-10, batch 128', x: 'n', curve: along('width', ({ ms }) => ms) },
    {
      title: 'Milliseconds a step, layers of 128, batch 128',
      x: 'layers',
      curve: along('depth', ({ ms }) => ms),
    },
    { title: 'Arena in KiB, 784-32-10', x: 'batch', curve: along('batch', kib) },
    { title: 'Arena in KiB, 784-n-10, batch 128', x: 'n', curve: along('width', kib) },
    {
      title: 'Milliseconds to compile a chain',
      x: 'operations',
      curve: (target) =>
        compile
          .filter((time) => time.target === target)
          .flatMap(({ ops, ms }): Curve => (ops === null ? [] : [[ops, ms]])),
    },
  ];
}

function figureOf({ title, x, curve }: Panel): Figure {
  const curves = targets.map(curve);
  const of = (along: 0 | 1) => extent(curves.flatMap((points) => points.map((point) => point[along])));
  const [low, high] = of(1) ?? [1, 10];
  const [first, last] = of(0) ?? [1, 10];
  return {
    ...cell,
    description: title,
    x: { label: x, log: true, domain: [first / 1.1, last * 1.1] },
    y: { label: '', log: true, domain: [low / 1.5, high * 1.5] },
    layers: curves.flatMap((points, series) => [
      { kind: 'line', points, paint: { series } } as const,
      { kind: 'dots', radius: 3, dots: points.map(([x, y]) => ({ x, y, paint: { series } })) } as const,
    ]),
  };
}
