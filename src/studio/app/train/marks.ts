/** The shape of each class, beside its colour: colour alone is not seen by all. */

const shapes = ['circle', 'square', 'triangle', 'diamond', 'plus', 'bar'] as const;

export type Shape = (typeof shapes)[number];

export const shapeOf = (kind: number): Shape => shapes[kind % shapes.length] ?? 'circle';

/** The corners of the shapes around (0, 0), for a circle of radius 1. */
const corners: Readonly<Record<Exclude<Shape, 'circle'>, readonly (readonly [number, number])[]>> = {
  square: [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ],
  triangle: [
    [0, -1.25],
    [1.15, 0.8],
    [-1.15, 0.8],
  ],
  diamond: [
    [0, -1.35],
    [1.1, 0],
    [0, 1.35],
    [-1.1, 0],
  ],
  plus: [
    [-0.45, -1.3],
    [0.45, -1.3],
    [0.45, -0.45],
    [1.3, -0.45],
    [1.3, 0.45],
    [0.45, 0.45],
    [0.45, 1.3],
    [-0.45, 1.3],
    [-0.45, 0.45],
    [-1.3, 0.45],
    [-1.3, -0.45],
    [-0.45, -0.45],
  ],
  bar: [
    [-0.5, -1.4],
    [0.5, -1.4],
    [0.5, 1.4],
    [-0.5, 1.4],
  ],
};

/** Adds the shape of a class to the path. */
export function markAt(
  context: CanvasRenderingContext2D,
  kind: number,
  x: number,
  y: number,
  size: number,
): void {
  const shape = shapeOf(kind);
  if (shape === 'circle') {
    context.moveTo(x + size, y);
    context.arc(x, y, size, 0, 2 * Math.PI);
    return;
  }
  corners[shape].forEach(([right, down], i) => {
    if (i === 0) context.moveTo(x + right * size, y + down * size);
    else context.lineTo(x + right * size, y + down * size);
  });
  context.closePath();
}

/** The same as the points of a polygon of SVG, 10 wide and high; none for a circle. */
export function polygonOf(kind: number): string | undefined {
  const shape = shapeOf(kind);
  if (shape === 'circle') return undefined;
  return corners[shape].map(([x, y]) => `${5 + 3.4 * x},${5 + 3.4 * y}`).join(' ');
}
