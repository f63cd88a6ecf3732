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
}

/** Beyond this the time that good crossings take is no longer that of a person who waits. */
const mostBoxes = 900;

const margin = 16;
const between = { boxes: 20, ranks: 34 } as const;

/** By E. Gansner et al., A Technique for Drawing Directed Graphs, 1993, as dagre has it; large graphs row by row. */
export function draw(boxes: readonly Box[], arrows: readonly Arrow[]): Drawing {
  return boxes.length > mostBoxes ? inRows(boxes, arrows) : inRanks(boxes, arrows);
}

function inRanks(boxes: readonly Box[], arrows: readonly Arrow[]): Drawing {
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
  arrows.forEach(({ from, to }, at) => {
    graph.setEdge(String(from), String(to), {}, String(at));
  });
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    middles: boxes.map((_, at) => pointOf(graph.node(String(at)))),
    paths: arrows.map(({ from, to }, at) => {
      const { points } = graph.edge({ v: String(from), w: String(to), name: String(at) });
      return points.map(pointOf);
    }),
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
  };
}
