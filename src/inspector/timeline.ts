/** Where buffers are drawn: blocks from left to right in order, bytes from top to bottom. */

import type { BufferRow } from '../inspection/inspection.ts';

/** `true`: a byte is as high as any other. `even`: small buffers are seen beside large ones. */
export type Scale = 'true' | 'even';

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** How much of the width nothing later lies upon. */
  readonly free: number;
}

export interface Timeline {
  readonly rects: readonly Rect[];
  /** Offsets that are written beside the drawing, and how far down. */
  readonly ticks: readonly { readonly offset: number; readonly y: number }[];
}

export interface Arena {
  readonly buffers: readonly BufferRow[];
  readonly blocks: number;
  readonly bytes: number;
}

/** For offsets at which a buffer begins or ends, how far down they are, from 0 to `height`. */
function heightsOf({ buffers, bytes }: Arena, height: number, scale: Scale): ReadonlyMap<number, number> {
  const ends = new Set([0, bytes, ...buffers.flatMap(({ offset, bytes: own }) => [offset, offset + own])]);
  const edges = [...ends].sort((a, b) => a - b);
  const at = new Map<number, number>();
  let sum = 0;
  edges.forEach((edge, i) => {
    const own = edge - (edges[i - 1] ?? 0);
    sum += scale === 'true' ? own : Math.log2(1 + own);
    at.set(edge, sum);
  });
  return new Map([...at].map(([edge, down]) => [edge, sum === 0 ? 0 : (down / sum) * height]));
}

/** Offsets are written where there is room for a line between them. */
const lineHeight = 13;

export function timelineOf(
  arena: Arena,
  { width, height }: { readonly width: number; readonly height: number },
  scale: Scale,
): Timeline {
  const heights = heightsOf(arena, height, scale);
  const down = (offset: number): number => heights.get(offset) ?? 0;
  // One more column: a result is read after the last block.
  const column = width / (arena.blocks + 1);
  const rects = arena.buffers.map(({ offset, bytes: own, from, to }) => ({
    x: from * column,
    width: (Math.max(to, from) - from + 1) * column,
    y: down(offset),
    height: down(offset + own) - down(offset),
  }));
  const ticks: { offset: number; y: number }[] = [];
  for (const [offset, y] of [...heights].sort(([a], [b]) => a - b))
    if (y - (ticks.at(-1)?.y ?? Number.NEGATIVE_INFINITY) >= lineHeight) ticks.push({ offset, y });
  return { rects: rects.map((rect) => ({ ...rect, free: freeOf(rect, rects) })), ticks };
}

/** Up to where the next one begins that shares bytes with it: what is computed in place follows on the last reader. */
function freeOf({ x, y, width, height }: Omit<Rect, 'free'>, others: readonly Omit<Rect, 'free'>[]): number {
  let end = x + width;
  for (const other of others)
    if (other.x > x && other.x < end && other.y < y + height && other.y + other.height > y) end = other.x;
  return end - x;
}
