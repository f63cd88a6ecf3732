/** A canvas that is drawn again when what it shows, its size or the reader's colours change, at most once a frame. */

import { useEffect, useRef } from 'preact/hooks';
import { type Painting, usePainting } from './painting.ts';
import type { Palette } from './palette.ts';

/** In units of CSS pixels. */
export type Draw = (
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  palette: Palette,
) => void;

interface DrawingProps {
  /** What is to be seen, in words, for those who do not see it. */
  readonly label: string;
  readonly draw: Draw;
  readonly class: string;
}

interface Board {
  show(draw: Draw): void;
  close(): void;
}

export function Drawing({ label, draw, class: name }: DrawingProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const painting = usePainting();
  const board = useRef<Board>(undefined);
  useEffect(() => {
    if (canvas.current === null) return;
    const begun = createBoard(canvas.current, painting);
    board.current = begun;
    return begun.close;
  }, [painting]);
  useEffect(() => board.current?.show(draw), [draw]);
  return <canvas ref={canvas} class={name} role="img" aria-label={label} />;
}

function createBoard(canvas: HTMLCanvasElement, painting: Painting): Board {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  let current: Draw | undefined;
  const later = (): void => painting.add(paint);
  const paint = (): void => {
    const { clientWidth: width, clientHeight: height } = canvas;
    const context = canvas.getContext('2d');
    if (context === null || current === undefined || width === 0 || height === 0) return;
    const scale = Math.min(3, devicePixelRatio);
    const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
    if (canvas.width !== wide || canvas.height !== high) {
      canvas.width = wide;
      canvas.height = high;
    }
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    current(context, width, height, painting.palette());
  };
  const sizes = new ResizeObserver(later);
  sizes.observe(canvas);
  dark.addEventListener('change', later);
  return {
    show(draw) {
      current = draw;
      later();
    },
    close() {
      painting.drop(paint);
      sizes.disconnect();
      dark.removeEventListener('change', later);
    },
  };
}
