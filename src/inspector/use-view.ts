/** The view of a graph, kept while its box changes its size and until the reader has moved it. */

import { effect, type Signal, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Graph } from '../inspection/inspection.ts';
import { keep, type Size, start, type View } from './graph-view.ts';

export interface GraphView {
  readonly view: Signal<View>;
  /** The group that is moved and scaled. */
  readonly canvas: RefObject<SVGGElement | null>;
  readonly boxSize: () => Size;
  /** The reader has chosen another view. */
  readonly change: (next: (now: View, box: Size) => View) => void;
}

export function useView(graph: Graph): GraphView {
  const canvas = useRef<SVGGElement>(null);
  const moved = useRef(false);
  const view = useSignal<View>({ x: 0, y: 0, scale: 1 });
  const boxSize = (): Size => {
    const box = canvas.current?.ownerSVGElement;
    return { width: box?.clientWidth ?? 0, height: box?.clientHeight ?? 0 };
  };
  useLayoutEffect(
    () =>
      effect(() => {
        const { x, y, scale } = view.value;
        canvas.current?.setAttribute('transform', `translate(${x} ${y}) scale(${scale})`);
      }),
    [view],
  );
  useLayoutEffect(() => {
    const settle = (): void => {
      const size = boxSize();
      if (size.width === 0 || size.height === 0) return;
      const now = view.peek();
      view.value = moved.current ? keep(now, graph, size) : start(graph, size, beginning(graph));
    };
    settle();
    const box = canvas.current?.ownerSVGElement;
    if (box === null || box === undefined) return undefined;
    const observer = new ResizeObserver(settle);
    observer.observe(box);
    return () => observer.disconnect();
  }, [graph]);
  const change = (next: (now: View, box: Size) => View): void => {
    moved.current = true;
    view.value = keep(next(view.peek(), boxSize()), graph, boxSize());
  };
  return { view, canvas, boxSize, change };
}

/** The first thing that is computed. */
function beginning({ nodes, width }: Graph): { readonly x: number; readonly y: number } {
  const first = nodes.find(({ kind, role }) => (kind === 'value' || kind === 'block') && role === 'forward');
  return first ?? { x: width / 2, y: 0 };
}
