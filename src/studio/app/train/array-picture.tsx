/** An array as a small picture, one square for each element, with its least, its largest and its mean beside it. */

import { useEffect, useRef } from 'preact/hooks';
import type { ArrayPicture } from '../../engine/protocol.ts';
import { cellsOf, pixelOf, signedShades } from './cells.ts';
import { usePainting } from './painting.ts';
import type { Palette } from './palette.ts';
import { rangeInWords, sizeInWords } from './quantity.ts';

/** Neither side is drawn larger, in pixels. */
const room = 96;

export function ArrayFigure({ array }: { readonly array: ArrayPicture }) {
  return (
    <figure class="array">
      <ArrayCanvas array={array} />
      <figcaption>
        <b>{array.name}</b> <small>{sizeInWords(array)}</small>
        <small class="range">{rangeInWords(array)}</small>
      </figcaption>
    </figure>
  );
}

export function ArrayCanvas({ array }: { readonly array: ArrayPicture }) {
  const painting = usePainting();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const paint = (): void => {
      if (canvas.current !== null) paintArray(canvas.current, array, painting.palette());
    };
    painting.add(paint);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', paint);
    return () => {
      painting.drop(paint);
      dark.removeEventListener('change', paint);
    };
  }, [array, painting]);
  const { rows, columns } = array;
  const scale = Math.max(1, Math.floor(room / Math.max(rows, columns, 6)));
  return (
    <canvas
      ref={canvas}
      class="elements"
      width={columns * scale}
      height={rows * scale}
      role="img"
      aria-label={`${array.name}, ${sizeInWords(array)}: ${rangeInWords(array)}`}
    />
  );
}

function paintArray(
  canvas: HTMLCanvasElement,
  { rows, columns, values, min, max }: ArrayPicture,
  palette: Palette,
): void {
  const context = canvas.getContext('2d');
  if (context === null || rows === 0 || columns === 0) return;
  const shades = signedShades(palette.paper);
  const largest = Math.max(Math.abs(min), Math.abs(max)) || 1;
  const scale = shades.length / 2 / largest;
  const broken = pixelOf(palette.bad);
  const cells = cellsOf(columns, rows, (i) => {
    const value = values[i] ?? 0;
    return Number.isFinite(value) ? shades[shadeAt(value * scale, shades.length)] : broken;
  });
  context.imageSmoothingEnabled = false;
  context.drawImage(cells, 0, 0, canvas.width, canvas.height);
}

const shadeAt = (distance: number, count: number): number =>
  Math.min(count - 1, Math.max(0, Math.floor(distance + count / 2)));
