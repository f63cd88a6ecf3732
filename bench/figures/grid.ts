/** Small multiples: figures of one size side by side, under a title and what their colours mean. */

import type { Point } from '../../src/report/decimate.ts';
import { extent, type Figure, type Layer, widened } from '../../src/report/figure.ts';
import { escapeText } from '../../src/report/html.ts';
import { loadPlot } from '../../src/report/plot.ts';
import { fileTheme, seriesColor } from '../../src/report/theme.ts';

export interface Series {
  /** Which of the keys it belongs to; that decides its colour. */
  readonly key: number;
  readonly points: readonly Point[];
  readonly look?: 'line' | 'dots';
}

export interface Cell {
  readonly title: string;
  readonly series: readonly Series[];
  readonly x: { readonly label: string; readonly to?: number };
  /** Where the axis begins and ends, if not a little outside of the series. */
  readonly y?: { readonly from?: number; readonly to?: number; readonly log?: boolean };
}

export interface Grid {
  readonly title: string;
  /** What the colours mean. */
  readonly keys: readonly string[];
  readonly columns: number;
  readonly cell: { readonly width: number; readonly height: number };
  readonly cells: readonly Cell[];
}

const [side, top] = [16, 70];

/** SVG text with a background; the same cells give the same bytes. */
export async function gridSvg({ title, keys, columns, cell, cells }: Grid): Promise<string> {
  const draw = await loadPlot();
  const width = columns * cell.width + side;
  const height = top + Math.ceil(cells.length / columns) * cell.height;
  const { ink, paper } = fileTheme;
  const drawn = cells.map((one, i) => {
    const place = `translate(${(i % columns) * cell.width},${top + Math.floor(i / columns) * cell.height})`;
    const heading = `<text x="${side}" y="14" font-weight="600" fill="${ink}">${escapeText(one.title)}</text>`;
    return `<g transform="${place}">${draw(figureOf(one, cell), fileTheme, { fixed: true })}${heading}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="12">
<title>${escapeText(title)}</title>
<rect width="100%" height="100%" fill="${paper}"/>
<text x="${side}" y="27" font-size="16" font-weight="600" fill="${ink}">${escapeText(title)}</text>
${legendOf(keys)}
${drawn.join('\n')}
</svg>
`;
}

function figureOf({ title, series, x, y = {} }: Cell, size: Grid['cell']): Figure {
  const of = (along: 0 | 1) => extent(series.flatMap(({ points }) => points.map((point) => point[along])));
  const [least = 0, most = 1] = of(1) ?? [];
  const [low, high] = y.log ? [least / 1.5, most * 1.5] : widened([least, most], 0.06);
  const [first, last] = of(0) ?? [0, 1];
  return {
    ...size,
    description: title,
    x: { label: x.label, domain: [first, x.to ?? last] },
    y: { label: '', log: y.log === true, domain: [y.from ?? low, y.to ?? high] },
    layers: series.map(layerOf),
  };
}

function layerOf({ key, points, look = 'line' }: Series): Layer {
  const paint = { series: key };
  if (look === 'dots') return { kind: 'dots', radius: 2.5, dots: points.map(([x, y]) => ({ x, y, paint })) };
  return { kind: 'line', points, paint };
}

/** The widths of texts are guessed, because there is no font to measure. */
function legendOf(keys: readonly string[]): string {
  let x = side;
  const items = keys.map((key, i) => {
    const bar = `<path d="M0,5H20" stroke="${seriesColor(i)}" stroke-width="2"/>`;
    const text = `<text x="26" y="9" fill="${fileTheme.muted}">${escapeText(key)}</text>`;
    const place = `translate(${x},40)`;
    x += 26 + 7 * [...key].length + 16;
    return `<g transform="${place}">${bar}${text}</g>`;
  });
  return items.join('\n');
}
