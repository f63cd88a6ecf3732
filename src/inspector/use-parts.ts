/** Long lists are drawn in parts, one in a frame, so that no single task takes long. */

import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Draws part 0 at once and the others later; begins anew when `identity` is another. */
export function useParts(
  identity: object,
  count: number,
  draw: (part: number) => VNode,
  whenDrawn: () => void,
): readonly VNode[] {
  const drawn = useRef<{ identity: object; parts: VNode[] }>({ identity, parts: [] });
  const [, again] = useState(0);
  if (drawn.current.identity !== identity) drawn.current = { identity, parts: [] };
  const { parts } = drawn.current;
  if (parts.length === 0 && count > 0) parts.push(draw(0));
  useLayoutEffect(whenDrawn, [parts, parts.length]);
  useEffect(() => {
    if (parts.length >= count) return;
    const frame = requestAnimationFrame(() => {
      // What has been drawn stays the same object, and is not looked at again.
      parts.push(draw(parts.length));
      again((turn) => turn + 1);
    });
    return () => cancelAnimationFrame(frame);
  });
  return parts.slice();
}

export const partOf = <Item>(items: readonly Item[], part: number, size: number): readonly Item[] =>
  items.slice(part * size, (part + 1) * size);
