/** Where things are drawn: the view of a graph, the timeline of the arena, the next box in a direction, and numbers. */

import { describe, expect, it } from 'vitest';
import type { BlockRow, BufferRow } from '../../src/inspection/inspection.ts';
import { bring, keep, pan, start, wholeOf, zoom } from '../../src/inspector/graph-view.ts';
import { amount, bytes, exact, ratio } from '../../src/inspector/quantity.ts';
import { sorted } from '../../src/inspector/schedule-order.ts';
import { nextBox } from '../../src/inspector/spatial.ts';
import { timelineOf } from '../../src/inspector/timeline.ts';

const box = { width: 400, height: 300 };

describe('the view of a graph', () => {
  it('shows all of it, in the middle, and never larger than it is', () => {
    expect(wholeOf({ width: 800, height: 300 }, box)).toEqual({ x: 0, y: 75, scale: 0.5 });
    expect(wholeOf({ width: 100, height: 100 }, box)).toEqual({ x: 150, y: 100, scale: 1 });
  });

  it('begins where nodes can be read, at what it is asked for', () => {
    const { x, y, scale } = start({ width: 4000, height: 3000 }, box, { x: 1000, y: 1000 });
    expect(x + 1000 * scale).toBe(200);
    expect(y + 1000 * scale).toBe(150);
    expect(start({ width: 100, height: 100 }, box, { x: 0, y: 0 }).scale).toBe(1);
  });

  it('zooms around a point, which stays where it is', () => {
    const { x, y, scale } = zoom({ x: 10, y: 20, scale: 1 }, 2, { x: 110, y: 70 });
    expect({ x, y, scale }).toEqual({ x: -90, y: -30, scale: 2 });
    expect(zoom({ x: 0, y: 0, scale: 1 }, 1000, { x: 0, y: 0 }).scale).toBe(3);
  });

  it('is never panned off the drawing', () => {
    const drawing = { width: 1000, height: 100 };
    const left = keep(pan({ x: 0, y: 0, scale: 1 }, -5000, 0), drawing, box);
    expect(left.x + drawing.width).toBe(box.width / 2);
    const down = keep(pan({ x: 0, y: 0, scale: 1 }, 0, 5000), drawing, box);
    expect(down.y + drawing.height).toBe(box.height);
  });

  it('comes to a node only where it cannot be seen', () => {
    const view = { x: 0, y: 0, scale: 1 };
    expect(bring(view, { x: 200, y: 150, width: 50, height: 20 }, box)).toEqual(view);
    expect(bring(view, { x: 900, y: 150, width: 50, height: 20 }, box)).toEqual({ x: -700, y: 0, scale: 1 });
  });
});

const buffer = (name: string, offset: number, size: number, from: number, to: number): BufferRow => ({
  name,
  kind: 'value',
  role: 'forward',
  type: 'f32[]',
  offset,
  bytes: size,
  from,
  to,
  keys: [name],
});

describe('the timeline of the arena', () => {
  const arena = { buffers: [buffer('a', 0, 900, 0, 3), buffer('b', 900, 100, 1, 1)], blocks: 3, bytes: 1000 };

  it('is true to bytes and to the order of blocks', () => {
    const { rects } = timelineOf(arena, { width: 400, height: 100 }, 'true');
    expect(rects[0]).toMatchObject({ x: 0, width: 400, y: 0, height: 90 });
    expect(rects[1]).toMatchObject({ x: 100, width: 100, y: 90, height: 10 });
  });

  it('enlarges small buffers, and keeps their order', () => {
    const { rects } = timelineOf(arena, { width: 400, height: 100 }, 'even');
    const [a, b] = rects;
    expect(b?.height).toBeGreaterThan(30);
    expect(b?.height).toBeLessThan(a?.height ?? 0);
    expect(b?.y).toBeCloseTo(a?.height ?? 0, 9);
    expect((b?.y ?? 0) + (b?.height ?? 0)).toBeCloseTo(100, 9);
  });

  it('leaves a name the room up to what lies upon its buffer', () => {
    const inPlace = { ...arena, buffers: [buffer('a', 0, 500, 0, 2), buffer('c', 0, 500, 2, 3)] };
    const { rects } = timelineOf(inPlace, { width: 400, height: 100 }, 'true');
    expect(rects.map(({ free }) => free)).toEqual([200, 200]);
  });

  it('writes offsets where there is room for them', () => {
    const offsets = (height: number) =>
      timelineOf(arena, { width: 400, height }, 'true').ticks.map(({ offset }) => offset);
    expect(offsets(1000)).toEqual([0, 900, 1000]);
    expect(offsets(100)).toEqual([0, 900]);
    expect(timelineOf({ buffers: [], blocks: 0, bytes: 0 }, box, 'true').rects).toEqual([]);
  });
});

describe('an arrow key', () => {
  const boxes = [
    { x: 0, y: 0 },
    { x: 100, y: 10 },
    { x: 90, y: 80 },
    { x: 0, y: 60 },
  ];

  it.each([
    ['right', 0, 1],
    ['down', 0, 3],
    ['left', 1, 0],
    ['up', 2, 1],
    ['right', 3, 2],
  ] as const)('%s of box %i leads to %i', (direction, from, to) => {
    expect(nextBox(boxes, from, direction)).toBe(to);
  });

  it('leads nowhere where nothing is', () => {
    expect(nextBox(boxes, 0, 'up')).toBeUndefined();
    expect(nextBox([], 0, 'up')).toBeUndefined();
  });
});

const row = (name: string, flops: number, moved: number): BlockRow => ({
  name,
  role: 'forward',
  functions: ['step'],
  formula: '',
  type: 'f32[]',
  decision: '',
  loops: '',
  flops,
  bytesRead: moved,
  bytesWritten: 0,
  keys: [name],
});

describe('the table of blocks', () => {
  const rows = [row('b', 10, 100), row('a', 500, 50), row('c', 10, 0)];

  it.each([
    ['order', true, 'cab'],
    ['name', false, 'abc'],
    ['flops', true, 'abc'],
    ['bytes', false, 'cab'],
    ['intensity', true, 'abc'],
  ] as const)('by %s, descending %s', (column, descending, expected) => {
    const names = sorted(rows, { column, descending }).map((at) => rows[at]?.name);
    expect(names.join('')).toBe(expected);
  });
});

describe('numbers', () => {
  it('have three digits and a power of a thousand', () => {
    expect([0, 999, 999.6, 1000, 1234567, 3.0125e9].map(amount)).toEqual([
      '0',
      '999',
      '1.00 k',
      '1.00 k',
      '1.23 M',
      '3.01 G',
    ]);
    expect([4, 290_688].map(bytes)).toEqual(['4 B', '291 kB']);
    expect([12, 1234567].map(exact)).toEqual(['12', '1 234 567']);
    expect([0, 0.012, 0.31, 15.37].map(ratio)).toEqual(['0', '0.01', '0.31', '15']);
  });
});
