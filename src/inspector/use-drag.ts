/** Dragging with a pointer, told in steps; a press that hardly moves stays a click. */

import type { TargetedPointerEvent } from 'preact';
import { useMemo, useRef } from 'preact/hooks';

/** So many pixels are a hand that shakes. */
const still = 4;

export function useDrag(move: (x: number, y: number) => void) {
  const latest = useRef(move);
  latest.current = move;
  return useMemo(() => {
    let last: { x: number; y: number } | undefined;
    let dragging = false;
    const stop = (): void => {
      last = undefined;
    };
    return {
      onPointerDown({ button, clientX, clientY }: TargetedPointerEvent<HTMLElement>) {
        dragging = false;
        if (button === 0) last = { x: clientX, y: clientY };
      },
      onPointerMove(event: TargetedPointerEvent<HTMLElement>) {
        if (last === undefined) return;
        const { clientX, clientY, currentTarget, pointerId } = event;
        const [x, y] = [clientX - last.x, clientY - last.y];
        if (!dragging && Math.hypot(x, y) < still) return;
        if (!dragging) currentTarget.setPointerCapture(pointerId);
        dragging = true;
        last = { x: clientX, y: clientY };
        latest.current(x, y);
      },
      onPointerUp: stop,
      onPointerCancel: stop,
      /** The click at the end of a drag is none. */
      onClickCapture(event: Event) {
        if (dragging) event.stopPropagation();
        dragging = false;
      },
    };
  }, []);
}
