/** Line charts as files of their own: SVG text with a background, a title and a legend. */

import { createDecimator, type Point } from './decimate.ts';
import type { Axis, Figure, Layer } from './figure.ts';
import { escapeText, shortened } from './html.ts';
import { loadPlot } from './plot.ts';
import { colorOf, fileTheme, seriesColor } from './theme.ts';

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
  /** Thin and pale, for raw values behind their average; it has the colour of the next series that is not. */
  readonly faint?: boolean;
}

export interface LineChart {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  readonly width?: number;
  readonly height?: number;
}

/** Long series are thinned to what can be seen, with their extremes. Points that are not finite are left out. */
export async function lineChart({
  title,
  x,
  y,
  series,
  width = 640,
  height = 360,
}: LineChart): Promise<string> {
  const painted = series.map((one, i) => ({ ...one, paint: { series: strongBefore(series, i) } }));
  const layers = painted.map(
    ({ points, paint, faint = false }): Layer => ({ kind: 'line', points: thinned(points), paint, faint }),
  );
  const figure: Figure = { description: title, width, height, x, y, layers };
  const keys = painted.map(({ name, paint, faint = false }) => ({ name, series: paint.series, faint }));
  return svgFile(title, [figure], keys);
}

const strongBefore = (series: readonly Series[], index: number): number =>
  series.slice(0, index).filter(({ faint }) => !faint).length;

function thinned(points: readonly Point[]): readonly Point[] {
  const decimator = createDecimator(1500);
  for (const [x, y] of points) if (Number.isFinite(x) && Number.isFinite(y)) decimator.add(x, y);
  return decimator.points();
}

export interface Key {
  readonly name: string;
  readonly series: number;
  readonly faint: boolean;
}

const lineHeight = 18;
const side = 16;

/** Figures of one width below each other, under a title and what their colours mean. */
export async function svgFile(
  title: string,
  figures: readonly Figure[],
  keys: readonly Key[],
): Promise<string> {
  const draw = await loadPlot();
  const width = Math.max(...figures.map((figure) => figure.width));
  const legend = legendOf(keys, width);
  const top = 40 + legend.height;
  const height = figures.reduce((total, figure) => total + figure.height, top);
  const { paper, ink } = fileTheme;
  const offsets = figures.map((_, i) => figures.slice(0, i).reduce((y, figure) => y + figure.height, top));
  const drawn = figures.map(
    (figure, i) =>
      `<g transform="translate(0,${offsets[i]})">${draw(figure, fileTheme, { fixed: true })}</g>`,
  );
  const heading = escapeText(shortened(title, Math.floor((width - 2 * side) / 8.5)));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="12">
<title>${escapeText(title)}</title>
<rect width="100%" height="100%" fill="${paper}"/>
<text x="${side}" y="27" font-size="16" font-weight="600" fill="${ink}">${heading}</text>
${legend.markup}
${drawn.join('\n')}
</svg>
`;
}

/** Rows of keys; the widths of texts are guessed, generously, because there is no font to measure. */
function legendOf(keys: readonly Key[], width: number): { readonly markup: string; readonly height: number } {
  if (keys.length < 2) return { markup: '', height: 0 };
  let [x, row] = [side, 0];
  const items = keys.map(({ name, series, faint }) => {
    const label = shortened(name, 48);
    const needed = 26 + 7 * [...label].length + 16;
    if (x > side && x + needed > width) [x, row] = [side, row + 1];
    const place = `translate(${x},${40 + lineHeight * row})`;
    x += needed;
    const look = faint ? 'stroke-width="1" stroke-opacity="0.5"' : 'stroke-width="2"';
    const line = `<path d="M0,5H20" stroke="${seriesColor(series)}" ${look}/>`;
    return `<g transform="${place}">${line}<text x="26" y="9" fill="${colorOf('muted', fileTheme)}">${escapeText(label)}</text></g>`;
  });
  return { markup: items.join('\n'), height: lineHeight * (row + 1) };
}
