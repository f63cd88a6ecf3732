/** The arena over one step: when each buffer lives, and where. */

import { computed, effect, type ReadonlySignal, type Signal, useSignal } from '@preact/signals';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { BufferRow, Inspection } from '../inspection/inspection.ts';
import { focusOn } from './focus.ts';
import type { Linking } from './linking.ts';
import type { Marks } from './painter.ts';
import { bytes, exact } from './quantity.ts';
import { letterOf, RoleLegend } from './role.tsx';
import { directionOf, nextBox } from './spatial.ts';
import { type Rect, type Scale, type Timeline, timelineOf } from './timeline.ts';
import { itemProps, usePane } from './use-pane.ts';
import { partOf, useParts } from './use-parts.ts';

export interface MemoryPaneProps {
  readonly inspection: Inspection;
  readonly linking: Linking;
  /** Position in `Schedule.blocks`. */
  readonly current?: ReadonlySignal<number | undefined> | undefined;
}

/** Buffers that are drawn in one frame. */
const size = 60;

/** What is left free for the names of blocks below, and for offsets on the left, in the units of the drawing. */
const margin = { bottom: 84, left: 76 } as const;
const letter = 6.8;

/** Enough for a name in each column and in most rows. */
const areaOf = (blocks: number, buffers: number) => ({
  width: Math.max(540, (blocks + 1) * 22),
  height: Math.max(360, buffers * 20),
});

export function MemoryPane({ inspection, linking, current }: MemoryPaneProps) {
  const { memory, schedule } = inspection;
  const { buffers, arenaBytes } = memory;
  const scale = useSignal<Scale>('even');
  const blocks = schedule.blocks.length;
  const area = useMemo(() => areaOf(blocks, buffers.length), [inspection]);
  const timeline = useMemo(
    () => timelineOf({ buffers, blocks, bytes: arenaBytes }, area, scale.value),
    [inspection, scale.value],
  );
  const { rects } = timeline;
  const marks = useMemo(
    () => ({ 'data-current': computed<Marks>(() => aliveAt(buffers, current?.value)) }),
    [buffers, current],
  );
  const { box, repaint, handlers } = usePane({
    pane: 'memory',
    items: buffers,
    linking,
    marks,
    focusOf: (buffer) => ({ ...focusOn('memory', buffer), says: lifeOf(buffer, inspection) }),
    next(item, key) {
      const direction = directionOf(key);
      const middles = rects.map(({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 }));
      return direction === undefined ? undefined : nextBox(middles, item, direction);
    },
  });
  const parts = useParts(
    rects,
    Math.ceil(buffers.length / size),
    (part) => (
      <g key={part}>
        {partOf(buffers, part, size).map((buffer, i) => (
          <Buffer key={i} {...{ buffer, inspection }} item={part * size + i} rect={rects[part * size + i]} />
        ))}
      </g>
    ),
    repaint,
  );
  return (
    <div class="memory">
      <MemoryHead {...{ inspection, scale }} />
      <div class="timeline scrolling" ref={box} {...handlers}>
        <svg
          viewBox={`${-margin.left} -8 ${area.width + margin.left} ${area.height + margin.bottom + 8}`}
          width={area.width + margin.left}
          height={area.height + margin.bottom + 8}
        >
          <title>Buffers in the arena: blocks from left to right, bytes from top to bottom</title>
          <Axes {...{ inspection, area, timeline, current }} />
          {parts}
        </svg>
      </div>
    </div>
  );
}

interface HeadProps {
  readonly inspection: Inspection;
  readonly scale: Signal<Scale>;
}

function MemoryHead({ inspection, scale }: HeadProps) {
  const { arenaBytes, buffers } = inspection.memory;
  return (
    <div class="sides">
      <p>
        Arena: <b>{bytes(arenaBytes)}</b> ({exact(arenaBytes)} bytes), {buffers.length} buffers.
      </p>
      <fieldset class="choice">
        <legend class="unseen">Heights</legend>
        {(['even', 'true'] as const).map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={scale.value === one}
            onClick={() => {
              scale.value = one;
            }}
          >
            {one === 'even' ? 'small ones enlarged' : 'true to size'}
          </button>
        ))}
      </fieldset>
      <RoleLegend />
    </div>
  );
}

const aliveAt = (buffers: readonly BufferRow[], block: number | undefined): Marks =>
  new Map(
    buffers.flatMap(({ from, to }, item) =>
      block !== undefined && from <= block && block <= to ? [[item, '']] : [],
    ),
  );

interface BufferProps {
  readonly buffer: BufferRow;
  readonly item: number;
  readonly rect: Rect | undefined;
  readonly inspection: Inspection;
}

function Buffer({ buffer, item, rect, inspection }: BufferProps) {
  const { name, role, kind, type } = buffer;
  if (rect === undefined) return null;
  const { x, y, width, height, free } = rect;
  const text = `${letterOf[role]} ${name}`;
  const fits = height >= 13 && free >= text.length * letter + 6;
  const words = `${name}, ${role}, ${type}: ${lifeOf(buffer, inspection)}`;
  return (
    <g class="buffer" {...itemProps('memory', item, 'button')} data-role={role} data-kind={kind}>
      <title>{words}</title>
      <rect x={x + 0.5} y={y} width={Math.max(width - 1, 1)} height={Math.max(height - 0.5, 1)} />
      {fits && (
        <text x={x + 5} y={y + height / 2 + 4}>
          {text}
        </text>
      )}
    </g>
  );
}

/** `40 bytes at 101 760, from dZ2 to dW1`. */
function lifeOf({ kind, offset, bytes: own, from, to }: BufferRow, { schedule }: Inspection): string {
  const nameOf = (at: number): string => schedule.blocks[at]?.name ?? 'the end of the step';
  const life = kind === 'state' ? 'kept from step to step' : `from ${nameOf(from)} to ${nameOf(to)}`;
  return `${exact(own)} bytes at ${exact(offset)}, ${life}`;
}

interface AxesProps {
  readonly inspection: Inspection;
  readonly area: { readonly width: number; readonly height: number };
  readonly timeline: Timeline;
  readonly current: ReadonlySignal<number | undefined> | undefined;
}

/** Offsets on the left, the names of blocks upright under their columns, and a column behind the one computed now. */
function Axes({ inspection, area, timeline, current }: AxesProps) {
  const { blocks } = inspection.schedule;
  const column = area.width / (blocks.length + 1);
  const marker = useRef<SVGRectElement>(null);
  useLayoutEffect(
    () =>
      effect(() => {
        const block = current?.value;
        marker.current?.setAttribute('width', block === undefined ? '0' : String(column));
        marker.current?.setAttribute('x', String((block ?? 0) * column));
      }),
    [current, column],
  );
  return (
    <g class="axis" {...unread}>
      <rect class="now" ref={marker} y={0} height={area.height} />
      {timeline.ticks.map(({ offset, y }) => (
        <text key={offset} x={-6} y={y + 4}>
          {exact(offset)}
        </text>
      ))}
      {blocks.map(({ name }, i) => (
        <g key={i} transform={`translate(${(i + 0.5) * column} ${area.height})`}>
          <path d={`M${-column / 2} 0V${-area.height}`} />
          <text x={-6} y={4} transform="rotate(-90)">
            {name}
          </text>
        </g>
      ))}
    </g>
  );
}

/** Buffers say themselves where they are, and when. */
const unread = { 'aria-hidden': true } as const;
