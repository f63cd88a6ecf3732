/** Graph views for people and checks: cycles and components by graphlib, and Graphviz DOT. */

import { alg, Graph } from '@dagrejs/graphlib';
import type { BlockProgram } from './kernel.ts';
import { printValue } from './print.ts';
import { type Program, valuesOf } from './program.ts';

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
}

/** A multigraph, because one value may read another twice (x * x). */
export function toGraph(nodes: readonly string[], edges: readonly Edge[]): Graph {
  const graph = new Graph({ directed: true, multigraph: true });
  for (const node of nodes) graph.setNode(node, node);
  for (const [i, { from, to, label }] of edges.entries()) graph.setEdge(from, to, label ?? '', `e${i}`);
  return graph;
}

/** Groups of nodes that reach each other: empty when the graph has no cycle. */
export const findCycles = (graph: Graph): string[][] => alg.findCycles(graph);

/** The same for a list of nodes and edges. */
export const cyclesOf = (nodes: readonly string[], edges: readonly Edge[]): string[][] =>
  findCycles(toGraph(nodes, edges));

/** The data-flow graph of a program. */
export function programGraph(program: Program): Graph {
  const values = valuesOf(program);
  const edges = values.flatMap((value) =>
    value.inputs.map((input, i) => ({ from: `v${input.id}`, to: `v${value.id}`, label: String(i) })),
  );
  const graph = toGraph(
    values.map((value) => `v${value.id}`),
    edges,
  );
  for (const value of values) {
    graph.setNode(
      `v${value.id}`,
      printValue(value, (x) => `%${x.id}`),
    );
  }
  return graph;
}

/** The quotient graph of kernels: one node per block, an edge from each block to those that read what it computes. */
export function blockGraph({ blocks }: BlockProgram): Graph {
  const name = (position: number): string => `${position} ${blocks[position]?.name}`;
  const home = new Map(blocks.flatMap((block, i) => block.kernels.map(({ root }) => [root, i] as const)));
  const edges = blocks.flatMap((block, i) => {
    const own = new Set(block.kernels.flatMap(({ root, inlined }) => [root, ...inlined]));
    const read = new Set([...own].flatMap((value) => value.inputs).flatMap((input) => home.get(input) ?? []));
    return [...read].filter((from) => from !== i).map((from) => ({ from: name(from), to: name(i) }));
  });
  return toGraph(
    blocks.map((_, i) => name(i)),
    edges,
  );
}

const quote = (text: string): string => JSON.stringify(text);

/** Graphviz source of a graph made here. */
export function toDot(graph: Graph, title: string): string {
  const nodes = graph.nodes().map((node) => `  ${quote(node)} [label=${quote(String(graph.node(node)))}];`);
  const edges = graph.edges().map((edge) => `  ${quote(edge.v)} -> ${quote(edge.w)};`);
  return [
    `digraph ${quote(title)} {`,
    '  node [shape=box, fontname=monospace];',
    ...nodes,
    ...edges,
    '}',
    '',
  ].join('\n');
}
