/** Where the nodes of a graph are drawn: what is computed first stands on top. */

import { Graph as Dagre, layout } from '@dagrejs/dagre';

export interface Box {
  readonly width: number;
  readonly height: number;
}

export interface Arrow {
  /** Positions among the boxes. */
  readonly from: number;
  readonly to: number;
}

export type Point = readonly [x: number, y: number];

export interface Drawing extends Box {
  /** The middle of each box. */
  readonly middles: readonly Point[];
  /** For each arrow, from its start to its end. */
  readonly paths: readonly (readonly Point[])[];
  /** Positions of arrows that go straight to where they lead, behind all boxes, because it is far. */
  readonly far: ReadonlySet<number>;
}

/** Beyond this the time that good crossings take is no longer that of a person who waits. */
const mostBoxes = 900;

const margin = 16;
const between = { boxes: 20, ranks: 34 } as const;

/** By E. Gansner et al., A Technique for Drawing Directed Graphs, 1993, as dagre has it; large graphs row by row. */
export function draw(boxes: readonly Box[], arrows: readonly Arrow[]): Drawing {
  return boxes.length > mostBoxes ? inRows(boxes, arrows) : inRanks(boxes, arrows);
}

/**
 * Arrows over more rows than this do not take part in the arrangement: each would be a chain of as many invisible boxes, which take
 * most of the time and push all others apart.
 */
const farthest = 5;

function inRanks(boxes: readonly Box[], arrows: readonly Arrow[]): Drawing {
  const ranks = ranksOf(boxes.length, arrows);
  const rankOf = (at: number): number => ranks[at] ?? 0;
  let near = new Set(arrows.filter(({ from, to }) => rankOf(to) - rankOf(from) <= farthest));
  for (;;) {
    const drawing = arranged(boxes, arrows, near);
    const y = (at: number): number => drawing.middles[at]?.[1] ?? 0;
    // What was left out may point upwards now: then it has to take part.
    const upward = arrows.filter((arrow) => !near.has(arrow) && y(arrow.from) >= y(arrow.to));
    if (upward.length === 0) return drawing;
    near = new Set([...near, ...upward]);
  }
}

/** For each box the longest way to it; what nothing leads to stands right above its first reader. */
function ranksOf(count: number, arrows: readonly Arrow[]): readonly number[] {
  const ranks = new Array<number>(count).fill(0);
  const readers = new Map<number, number[]>();
  const targets = new Set(arrows.map(({ to }) => to));
  for (const { from, to } of arrows) readers.set(from, [...(readers.get(from) ?? []), to]);
  // Boxes stand in order of computation, so that those before have their rank.
  for (let at = 0; at < count; at++)
    for (const to of readers.get(at) ?? []) ranks[to] = Math.max(ranks[to] ?? 0, (ranks[at] ?? 0) + 1);
  for (let at = 0; at < count; at++) {
    const below = (readers.get(at) ?? []).map((to) => ranks[to] ?? 0);
    if (!targets.has(at) && below.length > 0) ranks[at] = Math.min(...below) - 1;
  }
  return ranks;
}

function arranged(boxes: readonly Box[], arrows: readonly Arrow[], near: ReadonlySet<Arrow>): Drawing {
  const graph = new Dagre({ multigraph: true });
  graph.setGraph({
    rankdir: 'TB',
    nodesep: between.boxes,
    ranksep: between.ranks,
    marginx: margin,
    marginy: margin,
  });
  boxes.forEach(({ width, height }, at) => {
    graph.setNode(String(at), { width, height });
  });
  arrows.forEach((arrow, at) => {
    if (near.has(arrow)) graph.setEdge(String(arrow.from), String(arrow.to), {}, String(at));
  });
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  const middles = boxes.map((_, at) => pointOf(graph.node(String(at))));
  const half = (at: number): number => (boxes[at]?.height ?? 0) / 2;
  const straight = ({ from, to }: Arrow): readonly Point[] => {
    const [[x1, y1] = [0, 0], [x2, y2] = [0, 0]] = [middles[from], middles[to]];
    return [
      [x1, y1 + half(from)],
      [x2, y2 - half(to)],
    ];
  };
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    middles,
    paths: arrows.map((arrow, at) => {
      if (!near.has(arrow)) return straight(arrow);
      const edge = graph.edge({ v: String(arrow.from), w: String(arrow.to), name: String(at) });
      return edge.points.map(pointOf);
    }),
    far: new Set(arrows.flatMap((arrow, at) => (near.has(arrow) ? [] : [at]))),
  };
}

const rounded = (x: number): number => Math.round(x * 10) / 10;

const pointOf = ({ x = 0, y = 0 }: { readonly x?: number; readonly y?: number }): Point => [
  rounded(x),
  rounded(y),
];

/** Each box below all that lead to it, straight arrows. */
function inRows(boxes: readonly Box[], arrows: readonly Arrow[]): Drawing {
  const ranks = boxes.map(() => 0);
  const leading = new Map<number, number[]>();
  for (const { from, to } of arrows) leading.set(to, [...(leading.get(to) ?? []), from]);
  // Boxes stand in order of computation, so those before have their rank.
  boxes.forEach((_, at) => {
    ranks[at] = Math.max(-1, ...(leading.get(at) ?? []).map((from) => ranks[from] ?? 0)) + 1;
  });
  const highest = Math.max(...boxes.map(({ height }) => height));
  const ends = new Map<number, number>();
  const middles = boxes.map(({ width }, at): Point => {
    const rank = ranks[at] ?? 0;
    const start = ends.get(rank) ?? margin;
    ends.set(rank, start + width + between.boxes);
    return [start + width / 2, margin + rank * (highest + between.ranks) + highest / 2];
  });
  return {
    width: Math.max(...ends.values()) + margin,
    height: ends.size * (highest + between.ranks) + margin,
    middles,
    paths: arrows.map(({ from, to }) => [middles[from] ?? [0, 0], middles[to] ?? [0, 0]]),
    far: new Set(arrows.keys()),
  };
}
