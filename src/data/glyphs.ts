/** The strokes of the ten digits: several ways a person writes each one, as control points. */

/** `[x, y]` in a unit box, x to the right and y down. */
export type Point = readonly [number, number];

export interface Stroke {
  /** `line` joins the points, `curve` passes smoothly through them, `ring` also returns to the first. */
  readonly kind: 'line' | 'curve' | 'ring';
  readonly points: readonly Point[];
}

/** One way to write a digit. */
export type Glyph = readonly Stroke[];

const line = (...points: readonly Point[]): Stroke => ({ kind: 'line', points });
const curve = (...points: readonly Point[]): Stroke => ({ kind: 'curve', points });
const ring = (...points: readonly Point[]): Stroke => ({ kind: 'ring', points });

/** An upright ellipse through eight points. */
function ellipse(cx: number, cy: number, rx: number, ry: number): Stroke {
  const d = Math.SQRT1_2;
  return ring(
    [cx + rx, cy],
    [cx + rx * d, cy + ry * d],
    [cx, cy + ry],
    [cx - rx * d, cy + ry * d],
    [cx - rx, cy],
    [cx - rx * d, cy - ry * d],
    [cx, cy - ry],
    [cx + rx * d, cy - ry * d],
  );
}

const ZERO: readonly Glyph[] = [
  [ellipse(0.5, 0.5, 0.46, 0.5)],
  [ellipse(0.5, 0.5, 0.34, 0.5)],
  [ring([0.62, 0], [0.25, 0.1], [0.06, 0.5], [0.2, 0.9], [0.55, 1], [0.86, 0.8], [0.95, 0.42], [0.84, 0.1])],
];

const ONE: readonly Glyph[] = [
  [line([0.5, 0], [0.5, 1])],
  [line([0.22, 0.24], [0.54, 0], [0.54, 1])],
  [line([0.24, 0.22], [0.5, 0], [0.5, 1]), line([0.16, 1], [0.84, 1])],
];

const TWO: readonly Glyph[] = [
  [
    curve([0.08, 0.24], [0.25, 0.05], [0.55, 0], [0.85, 0.14], [0.84, 0.38], [0.5, 0.7], [0.06, 1]),
    line([0.06, 1], [0.95, 1]),
  ],
  [
    curve([0.1, 0.16], [0.45, 0], [0.84, 0.18], [0.76, 0.48], [0.4, 0.84], [0.16, 0.98], [0.06, 0.86]),
    curve([0.06, 0.86], [0.24, 0.78], [0.55, 0.92], [0.95, 0.98]),
  ],
];

const THREE: readonly Glyph[] = [
  [
    curve([0.1, 0.12], [0.45, 0], [0.83, 0.14], [0.76, 0.38], [0.38, 0.48]),
    curve([0.38, 0.48], [0.8, 0.55], [0.93, 0.76], [0.6, 0.98], [0.08, 0.88]),
  ],
  [
    line([0.1, 0], [0.86, 0], [0.44, 0.4]),
    curve([0.44, 0.4], [0.78, 0.46], [0.93, 0.7], [0.66, 0.97], [0.08, 0.9]),
  ],
];

const FOUR: readonly Glyph[] = [
  [line([0.7, 1], [0.7, 0], [0.04, 0.66], [0.98, 0.66])],
  [line([0.22, 0.02], [0.08, 0.56], [0.95, 0.56]), line([0.76, 0.06], [0.7, 1])],
  [curve([0.16, 0], [0.08, 0.34], [0.3, 0.54], [0.82, 0.46]), line([0.86, 0], [0.82, 0.46], [0.74, 1])],
];

const FIVE: readonly Glyph[] = [
  [
    line([0.88, 0], [0.2, 0], [0.14, 0.44]),
    curve([0.14, 0.44], [0.5, 0.35], [0.88, 0.5], [0.88, 0.82], [0.5, 1], [0.06, 0.9]),
  ],
  [
    curve([0.24, 0.04], [0.18, 0.4], [0.58, 0.4], [0.88, 0.64], [0.74, 0.92], [0.34, 1], [0.06, 0.88]),
    line([0.24, 0.04], [0.92, 0]),
  ],
];

const SIX: readonly Glyph[] = [
  [
    curve(
      [0.8, 0.03],
      [0.4, 0.18],
      [0.12, 0.54],
      [0.16, 0.86],
      [0.5, 1],
      [0.86, 0.84],
      [0.82, 0.6],
      [0.5, 0.5],
      [0.14, 0.68],
    ),
  ],
  [curve([0.62, 0], [0.32, 0.3], [0.13, 0.66]), ellipse(0.5, 0.74, 0.37, 0.26)],
];

const SEVEN: readonly Glyph[] = [
  [line([0.05, 0], [0.95, 0], [0.38, 1])],
  [line([0.05, 0], [0.95, 0], [0.4, 1]), line([0.3, 0.5], [0.92, 0.5])],
  [line([0.08, 0.18], [0.08, 0.02], [0.92, 0.02]), curve([0.92, 0.02], [0.6, 0.44], [0.48, 1])],
];

const EIGHT: readonly Glyph[] = [
  [ellipse(0.5, 0.24, 0.34, 0.24), ellipse(0.5, 0.74, 0.44, 0.26)],
  [
    ring(
      [0.85, 0.12],
      [0.5, 0],
      [0.16, 0.18],
      [0.36, 0.42],
      [0.74, 0.6],
      [0.86, 0.84],
      [0.5, 1],
      [0.13, 0.84],
      [0.26, 0.6],
      [0.68, 0.4],
    ),
  ],
];

const NINE: readonly Glyph[] = [
  [ellipse(0.48, 0.28, 0.38, 0.28), line([0.87, 0.26], [0.76, 1])],
  [ellipse(0.5, 0.27, 0.38, 0.27), curve([0.88, 0.28], [0.86, 0.66], [0.62, 0.96], [0.18, 0.96])],
];

/** The glyphs of digit d are `GLYPHS[d]`. */
export const GLYPHS: readonly (readonly Glyph[])[] = [
  ZERO,
  ONE,
  TWO,
  THREE,
  FOUR,
  FIVE,
  SIX,
  SEVEN,
  EIGHT,
  NINE,
];

/** The points of a polyline along the stroke, `steps` pieces to each span of a curve. */
export function flatten(stroke: Stroke, steps: number): readonly Point[] {
  const { kind, points } = stroke;
  if (kind === 'line') return points;
  const last = points.length - 1;
  const spans = kind === 'ring' ? points.length : last;
  const at = (i: number): Point => {
    const index = kind === 'ring' ? (i + points.length) % points.length : Math.min(Math.max(i, 0), last);
    return points[index] ?? [0, 0];
  };
  const out: Point[] = [at(0)];
  for (let span = 0; span < spans; span++) {
    for (let step = 1; step <= steps; step++) {
      out.push(catmullRom(at(span - 1), at(span), at(span + 1), at(span + 2), step / steps));
    }
  }
  return out;
}

/** The point at t in [0, 1] of the smooth span from b to c, with neighbours a and d. */
function catmullRom(a: Point, b: Point, c: Point, d: Point, t: number): Point {
  const along = (p: number, q: number, r: number, s: number) =>
    q + 0.5 * t * (r - p + t * (2 * p - 5 * q + 4 * r - s + t * (3 * (q - r) + s - p)));
  return [along(a[0], b[0], c[0], d[0]), along(a[1], b[1], c[1], d[1])];
}
