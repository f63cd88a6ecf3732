/** Grids of coloured cells, made pixel by pixel: colours are worked out once, and looked up for each cell. */

import { type Rgb, signed } from './palette.ts';

/** As it lies in the memory of a picture. */
export const pixelOf = ([red, green, blue]: Rgb): number =>
  new Uint32Array(Uint8ClampedArray.of(red, green, blue, 255).buffer)[0] ?? 0;

export const shadesOf = (count: number, colorAt: (share: number) => Rgb): Uint32Array =>
  Uint32Array.from({ length: count }, (_, i) => pixelOf(colorAt(i / (count - 1))));

/** From the largest below zero to the largest above; zero is in the middle. */
export const signedShades = (paper: Rgb): Uint32Array =>
  shadesOf(255, (share) => signed(paper, 2 * share - 1));

/** One pixel for each cell, to be drawn as large as it takes. */
export function cellsOf(
  columns: number,
  rows: number,
  pixelAt: (cell: number) => number | undefined,
): OffscreenCanvas {
  const pixels = new Uint32Array(columns * rows);
  for (let i = 0; i < pixels.length; i++) pixels[i] = pixelAt(i) ?? 0;
  const cells = new OffscreenCanvas(columns, rows);
  const image = new ImageData(new Uint8ClampedArray(pixels.buffer), columns, rows);
  cells.getContext('2d')?.putImageData(image, 0, 0);
  return cells;
}
