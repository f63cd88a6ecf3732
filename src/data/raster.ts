/** Drawing polylines onto a small grey image by the distance of each pixel to the nearest segment. */

import type { Point } from './glyphs.ts';

/** Side of the square images, in pixels. */
export const SIDE = 28;
export const PIXELS = SIDE * SIDE;

/** Squared distances (in pixels²) from each pixel centre to the nearest ink line drawn so far. */
export type DistanceField = Float64Array;

export function clearField(field: DistanceField): void {
  field.fill(Number.POSITIVE_INFINITY);
}

/** Lowers the field around the polyline `points` (pixel units), as far as `reach` pixels away from it. */
export function drawPolyline(field: DistanceField, points: readonly Point[], reach: number): void {
  for (let i = 1; i < points.length; i++) {
    const from = points[i - 1];
    const to = points[i];
    if (from !== undefined && to !== undefined) drawSegment(field, from, to, reach);
  }
}

function drawSegment(field: DistanceField, from: Point, to: Point, reach: number): void {
  const [x0, y0] = from;
  const dx = to[0] - x0;
  const dy = to[1] - y0;
  const inverse = 1 / Math.max(dx * dx + dy * dy, 1e-12);
  // Only the segment's own box is visited: this is what keeps a whole set under a second or two.
  const left = Math.max(0, Math.floor(Math.min(x0, to[0]) - reach));
  const right = Math.min(SIDE - 1, Math.ceil(Math.max(x0, to[0]) + reach));
  const top = Math.max(0, Math.floor(Math.min(y0, to[1]) - reach));
  const bottom = Math.min(SIDE - 1, Math.ceil(Math.max(y0, to[1]) + reach));
  for (let y = top; y <= bottom; y++) {
    const py = y + 0.5 - y0;
    for (let x = left; x <= right; x++) {
      const px = x + 0.5 - x0;
      const t = Math.min(1, Math.max(0, (px * dx + py * dy) * inverse));
      const ex = px - t * dx;
      const ey = py - t * dy;
      const distance = ex * ex + ey * ey;
      const index = y * SIDE + x;
      if (distance < (field[index] ?? 0)) field[index] = distance;
    }
  }
}

/** Ink in [0, 1] at a squared distance from the middle of a line: full inside, then fading over `blur`. */
export function inkAt(squared: number, radius: number, blur: number): number {
  const reach = radius + blur / 2;
  if (squared >= reach * reach) return 0;
  const t = Math.min(1, (reach - Math.sqrt(squared)) / blur);
  return t * t * (3 - 2 * t);
}
