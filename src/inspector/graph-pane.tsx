/** A graph as it was laid out: panned by dragging and wheel, zoomed by control and wheel, all of it by keys as well. */

import { computed, effect, type ReadonlySignal } from '@preact/signals';
import type { TargetedKeyboardEvent, TargetedWheelEvent } from 'preact';
import { useLayoutEffect, useMemo } from 'preact/hooks';
import type { Graph, GraphNode, Key } from '../inspection/inspection.ts';
import { type Light, linkIndex, lit } from './focus.ts';
import { Edge, Node } from './graph-node.tsx';
import { bring, pan, wholeOf, zoom } from './graph-view.ts';
import type { Linking } from './linking.ts';
import { createPainter, type Marks } from './painter.ts';
import { type Direction, directionOf, nextBox } from './spatial.ts';
import { useDrag } from './use-drag.ts';
import { usePane } from './use-pane.ts';
import { partOf, useParts } from './use-parts.ts';
import { type GraphView, useView } from './use-view.ts';

export interface GraphPaneProps {
  readonly graph: Graph;
  readonly label: string;
  readonly linking: Linking;
  /** Keys that the next stage no longer has, where that is to be seen. */
  readonly gone?: ReadonlySet<Key> | undefined;
  /** What is computed right now. */
  readonly current?: ReadonlySignal<Key | undefined> | undefined;
}

/** Nodes, and edges, that are drawn in one frame. */
const size = 60;

const zoomStep = 1.25;

export function GraphPane({ graph, label, linking, gone, current }: GraphPaneProps) {
  const { nodes } = graph;
  const marks = useMemo(
    () => ({ 'data-current': computed<Marks>(() => nodesOf(graph, current?.value)) }),
    [graph, current],
  );
  const { view, canvas, boxSize, change } = useView(graph);
  const { box, repaint, handlers } = usePane({
    pane: 'graph',
    items: nodes,
    linking,
    marks,
    show(item) {
      const node = nodes[item];
      const room = boxSize();
      if (node !== undefined && room.width > 0) view.value = bring(view.peek(), node, room);
    },
    next(item, key) {
      const direction = directionOf(key);
      return direction === undefined ? undefined : nextBox(nodes, item, direction);
    },
  });
  const scale = (factor: number): void =>
    change((now, { width, height }) => zoom(now, factor, { x: width / 2, y: height / 2 }));
  const whole = (): void => change((_, room) => wholeOf(graph, room));
  const move = (x: number, y: number): void => change((now) => pan(now, x, y));
  const drag = useDrag(move);
  const moving = {
    onWheel: (event: TargetedWheelEvent<HTMLDivElement>) => onWheel(event, change),
    onKeyDown(event: TargetedKeyboardEvent<HTMLDivElement>) {
      const action = keyAction({ scale, whole, move }, event);
      if (action === undefined) handlers.onKeyDown(event);
      else {
        event.preventDefault();
        action();
      }
    },
  };
  return (
    <div class="graph">
      <Tools {...{ scale, whole }} />
      <div class="canvas" ref={box} {...handlers} {...drag} {...moving}>
        <svg width="100%" height="100%">
          <title>{label}</title>
          <ArrowHead />
          <g ref={canvas}>
            <Edges {...{ graph, linking }} />
            <Nodes {...{ nodes, gone, repaint }} />
          </g>
        </svg>
      </div>
      <p class="hint">
        drag or Shift + arrows to pan, Ctrl + wheel or + and − to zoom, arrows for the next node
      </p>
    </div>
  );
}

interface Movements {
  scale(factor: number): void;
  whole(): void;
  move(x: number, y: number): void;
}

const Tools = ({ scale, whole }: Pick<Movements, 'scale' | 'whole'>) => (
  <fieldset class="tools">
    <legend class="unseen">View of the graph</legend>
    <button type="button" onClick={() => scale(1 / zoomStep)} aria-label="smaller">
      −
    </button>
    <button type="button" onClick={() => scale(zoomStep)} aria-label="larger">
      +
    </button>
    <button type="button" onClick={whole}>
      Fit
    </button>
  </fieldset>
);

const ArrowHead = () => (
  <defs>
    <marker
      id="arrow"
      viewBox="0 0 8 8"
      refX="7"
      refY="4"
      markerWidth="7"
      markerHeight="7"
      orient="auto"
      markerUnits="userSpaceOnUse"
    >
      <path class="arrow" d="M0 0L8 4L0 8Z" />
    </marker>
  </defs>
);

interface NodesProps {
  readonly nodes: readonly GraphNode[];
  readonly gone: ReadonlySet<Key> | undefined;
  readonly repaint: () => void;
}

function Nodes({ nodes, gone, repaint }: NodesProps) {
  const identity = useMemo(() => ({}), [nodes, gone]);
  const parts = useParts(
    identity,
    Math.ceil(nodes.length / size),
    (part) => (
      <g key={part}>
        {partOf(nodes, part, size).map((node, i) => (
          <Node key={i} node={node} item={part * size + i} gone={gone?.has(node.keys[0] ?? '') ?? false} />
        ))}
      </g>
    ),
    repaint,
  );
  return <g>{parts}</g>;
}

/** The edges of what is meant are marked: those that lead to it, and those that lead away. */
function Edges({ graph, linking: { focus } }: { readonly graph: Graph; readonly linking: Linking }) {
  const { nodes, edges } = graph;
  const painter = useMemo(() => createPainter('edge'), []);
  const index = useMemo(() => linkIndex(nodes), [nodes]);
  useLayoutEffect(
    () =>
      effect(() => {
        const lights = focus.value === undefined ? new Map() : lit('graph', index, focus.value);
        painter.paint('data-lit', edgesOf(edges, lights));
      }),
    [painter, index, edges, focus],
  );
  const parts = useParts(
    edges,
    Math.ceil(edges.length / size),
    (part) => (
      <g key={part}>
        {partOf(edges, part, size).map((edge, i) => (
          <Edge key={i} edge={edge} item={part * size + i} />
        ))}
      </g>
    ),
    painter.repaint,
  );
  return <g>{parts}</g>;
}

const edgesOf = (edges: Graph['edges'], lights: ReadonlyMap<number, Light>): Marks =>
  new Map(
    edges.flatMap(({ from, to }, item) => {
      if (lights.get(to) === 'own') return [[item, 'in']];
      return lights.get(from) === 'own' ? [[item, 'out']] : [];
    }),
  );

const nodesOf = ({ nodes }: Graph, key: Key | undefined): Marks =>
  new Map(nodes.flatMap(({ keys: [own] }, item) => (key !== undefined && own === key ? [[item, '']] : [])));

/** With control it zooms around the pointer, without it pans. */
function onWheel(event: TargetedWheelEvent<HTMLDivElement>, change: GraphView['change']): void {
  event.preventDefault();
  const { clientX, clientY, deltaX, deltaY, ctrlKey, metaKey, currentTarget } = event;
  const { left, top } = currentTarget.getBoundingClientRect();
  const at = { x: clientX - left, y: clientY - top };
  change((now) => (ctrlKey || metaKey ? zoom(now, Math.exp(-deltaY / 300), at) : pan(now, -deltaX, -deltaY)));
}

/** Plus, minus and 0, and the arrows with Shift; without it they lead from node to node. */
function keyAction(
  { scale, whole, move }: Movements,
  { key, shiftKey, ctrlKey, altKey, metaKey }: KeyboardEvent,
): (() => void) | undefined {
  if (ctrlKey || altKey || metaKey) return undefined;
  if (key === '+' || key === '=') return () => scale(zoomStep);
  if (key === '-') return () => scale(1 / zoomStep);
  if (key === '0') return whole;
  const direction = shiftKey ? directionOf(key) : undefined;
  if (direction === undefined) return undefined;
  const [x, y] = panSteps[direction];
  return () => move(x, y);
}

/** What is looked at goes the other way. */
const panSteps: Readonly<Record<Direction, readonly [number, number]>> = {
  left: [60, 0],
  right: [-60, 0],
  up: [0, 60],
  down: [0, -60],
};
