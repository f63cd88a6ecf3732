/** Draws what the model says of every place of the plane, the line where it changes its mind, and the points. */

import { tick } from '../../../report/numbers.ts';
import { linearTicks } from '../../../report/scales.ts';
import type { DataSummary, Pictures } from '../../engine/protocol.ts';
import { cellsOf, pixelOf, shadesOf } from './cells.ts';
import type { Draw } from './drawing.tsx';
import { markAt } from './marks.ts';
import { classRgb, css, mixed, type Palette, type Rgb } from './palette.ts';

type Grid = NonNullable<Pictures['boundary']>;
type Points = NonNullable<DataSummary['points']>;
type Extent = Grid['extent'];

interface Frame {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const margins = { left: 34, right: 8, top: 8, bottom: 22 };

export const drawBoundary =
  (grid: Grid | undefined, points: Points): Draw =>
  (context, width, height, palette) => {
    const extent = grid?.extent ?? extentOf(points);
    const frame = frameOf(extent, width, height);
    context.font = '11px system-ui, sans-serif';
    if (grid !== undefined) drawField(context, grid, frame, palette.paper);
    if (grid !== undefined) drawEdges(context, grid, frame, palette);
    drawPoints(context, points, frame, palette);
    drawAxes(context, extent, frame, palette);
  };

function frameOf([x0, x1, y0, y1]: Extent, width: number, height: number): Frame {
  const { left, top } = margins;
  const [right, bottom] = [width - margins.right, height - margins.bottom];
  return {
    left,
    right,
    top,
    bottom,
    x: (value) => left + ((right - left) * (value - x0)) / (x1 - x0),
    y: (value) => bottom - ((bottom - top) * (value - y0)) / (y1 - y0),
  };
}

/** Until there is a model, what holds all points. */
function extentOf({ at }: Points): Extent {
  let [x0, x1, y0, y1] = [-1, 1, -1, 1];
  for (let i = 0; i < at.length; i += 2) {
    const [x = 0, y = 0] = [at[i], at[i + 1]];
    [x0, x1] = [Math.min(x0, x), Math.max(x1, x)];
    [y0, y1] = [Math.min(y0, y), Math.max(y1, y)];
  }
  const [wide, high] = [0.08 * (x1 - x0), 0.08 * (y1 - y0)];
  return [x0 - wide, x1 + wide, y0 - high, y1 + high];
}

/** Strong where the model is sure, pale where it is not. */
function fieldColor(kind: Grid['kind'], value: number, paper: Rgb): Rgb {
  if (kind === 'class') return mixed(paper, classRgb(value), 0.34);
  const sure = Math.min(1, Math.abs(value - 0.5) * 2);
  return mixed(paper, classRgb(value < 0.5 ? 0 : 1), 0.06 + 0.4 * sure);
}

function drawField(context: CanvasRenderingContext2D, grid: Grid, frame: Frame, paper: Rgb): void {
  const { columns, rows, values, kind } = grid;
  const shades =
    kind === 'class'
      ? Uint32Array.from({ length: 256 }, (_, value) => pixelOf(fieldColor(kind, value, paper)))
      : shadesOf(256, (share) => fieldColor(kind, share, paper));
  const scale = kind === 'class' ? 1 : 255;
  const cells = cellsOf(columns, rows, (i) => shades[Math.round((values[i] ?? 0) * scale)]);
  context.imageSmoothingEnabled = kind === 'probability';
  context.drawImage(cells, frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top);
}

/** The line where the model changes its mind: through cells where it gives numbers, between them where it gives classes. */
function drawEdges(context: CanvasRenderingContext2D, grid: Grid, frame: Frame, palette: Palette): void {
  const { columns, rows, kind } = grid;
  const [wide, high] = [(frame.right - frame.left) / columns, (frame.bottom - frame.top) / rows];
  context.save();
  context.translate(frame.left, frame.top);
  context.scale(wide, high);
  context.beginPath();
  if (kind === 'class') traceClasses(context, grid);
  else traceLevel(context, grid);
  context.restore();
  context.strokeStyle = css(palette.ink, 0.75);
  context.lineWidth = 1.5;
  context.stroke();
}

function traceClasses(context: CanvasRenderingContext2D, { columns, rows, values }: Grid): void {
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      if (column > 0 && values[at - 1] !== values[at]) {
        context.moveTo(column, row);
        context.lineTo(column, row + 1);
      }
      if (row > 0 && values[at - columns] !== values[at]) {
        context.moveTo(column, row);
        context.lineTo(column + 1, row);
      }
    }
}

/** Marching squares: between the middles of four cells, from side to side where one half lies between two of them. */
function traceLevel(context: CanvasRenderingContext2D, { columns, rows, values }: Grid): void {
  const above = (column: number, row: number): number => (values[row * columns + column] ?? 0) - 0.5;
  for (let row = 0; row + 1 < rows; row++)
    for (let column = 0; column + 1 < columns; column++) {
      const corners = [
        [column, row],
        [column + 1, row],
        [column + 1, row + 1],
        [column, row + 1],
      ] as const;
      const crossings = corners.flatMap(([x, y], i) => {
        const [nextX, nextY] = corners[(i + 1) % 4] ?? [x, y];
        const [here, there] = [above(x, y), above(nextX, nextY)];
        if (here < 0 === there < 0) return [];
        const part = here / (here - there);
        return [[x + 0.5 + part * (nextX - x), y + 0.5 + part * (nextY - y)] as const];
      });
      // Two or four: at a saddle neighbouring sides belong together.
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        context.moveTo(...(crossings[i] ?? [0, 0]));
        context.lineTo(...(crossings[i + 1] ?? [0, 0]));
      }
    }
}

/** One path for each class: a thousand points are drawn in a moment. */
function drawPoints(context: CanvasRenderingContext2D, points: Points, frame: Frame, palette: Palette): void {
  const { at, classes } = points;
  const count = at.length / 2;
  const size = count > 600 ? 2.4 : 3.2;
  for (const kind of [...new Set(classes)].sort((a, b) => a - b)) {
    context.beginPath();
    for (let i = 0; i < count; i++)
      if (classes[i] === kind)
        markAt(context, kind, frame.x(at[2 * i] ?? 0), frame.y(at[2 * i + 1] ?? 0), size);
    context.fillStyle = css(classRgb(kind));
    context.strokeStyle = css(palette.paper, 0.9);
    context.lineWidth = 1.2;
    context.stroke();
    context.fill();
  }
}

function drawAxes(
  context: CanvasRenderingContext2D,
  [x0, x1, y0, y1]: Extent,
  { x, y, left, right, top, bottom }: Frame,
  palette: Palette,
): void {
  context.strokeStyle = css(palette.line);
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, right - left - 1, bottom - top - 1);
  context.fillStyle = css(palette.muted);
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const value of linearTicks([x0, x1])) context.fillText(tick(value), x(value), bottom + 5);
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const value of linearTicks([y0, y1])) context.fillText(tick(value), left - 5, y(value));
}
