/** The graph views: what graphlib is asked, and what Graphviz is given. */

import { expect, it } from 'vitest';
import { createBuilder } from '../../ir/builder.ts';
import { blockGraph, cyclesOf, findCycles, programGraph, toDot } from '../../ir/digraph.ts';
import { printLoops } from '../../ir/print-loops.ts';
import type { Program } from '../../ir/program.ts';
import { fuse } from '../../passes/fuse.ts';
import { planMemory } from '../../passes/plan-memory.ts';
import { schedule } from '../../passes/schedule.ts';

/** sum(x * x) and exp(x * x): one value that is read twice by one reader, and one with two readers. */
function squares(): Program {
  const o = createBuilder('f32');
  const x = o.input({ name: 'x', dtype: 'f32', shape: ['batch', 3] });
  const square = o.mul(x, x);
  o.annotate(square, { name: 'square' });
  const total = o.sum(square, { axes: [0, 1] });
  const exponential = o.exp(square);
  return {
    name: 'squares',
    float: 'f32',
    maxBatch: 4,
    inputs: [{ name: 'x', role: 'input', dtype: 'f32', shape: ['batch', 3] }],
    states: [],
    functions: [
      { name: 'step', results: [], updates: [] },
      { name: 'evaluate', results: [{ name: 'total', value: total }], updates: [] },
      { name: 'predict', results: [{ name: 'exponential', value: exponential }], updates: [] },
    ],
    notes: o.notes,
  };
}

it('x * x has two edges from x, because the graph is a multigraph', () => {
  const graph = programGraph(squares());
  expect(graph.nodeCount()).toBe(4);
  expect(graph.outEdges('v0', 'v1')).toHaveLength(2);
  expect(findCycles(graph)).toEqual([]);
});

it('a cycle is found, and named by its nodes', () => {
  const edges = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'c' },
    { from: 'c', to: 'a' },
    { from: 'c', to: 'd' },
  ];
  expect(cyclesOf(['a', 'b', 'c', 'd'], edges).map((cycle) => [...cycle].sort())).toEqual([['a', 'b', 'c']]);
});

it('the graph of blocks has an edge from each block to those that read it, and no cycle', () => {
  const graph = blockGraph(fuse(squares()));
  const edges = graph.edges().map(({ v, w }) => `${v} -> ${w}`);
  expect(edges.sort()).toEqual(['0 square -> 1 t2', '0 square -> 2 t3']);
  expect(findCycles(graph)).toEqual([]);
});

it('a graph is written as Graphviz reads it, with text quoted', () => {
  const dot = toDot(programGraph(squares()), 'a "b"');
  expect(dot.split('\n')[0]).toBe('digraph "a \\"b\\"" {');
  expect(dot).toContain('"v1" [label="%1 = mul(%0, %0): f32[batch, 3]"];');
  expect(dot.match(/"v0" -> "v1";/g)).toHaveLength(2);
});

it('loops are listed with the place of each value in the arena; the last reader computes over what it reads', () => {
  expect(printLoops(planMemory(schedule(fuse(squares()))))).toBe(
    [
      'arena 64 bytes',
      'block square (forward; evaluate, predict)',
      '  square: f32[batch, 3] = x * x @ 0..48',
      '    for i in 0..n * 3 by 1',
      '      square[0, i] = mul(x[0, i], x[0, i])',
      'block t2 (forward; evaluate)',
      '  %2: f32[] = sum[0,1](square) @ 48..52',
      '    var sum = 0',
      '    for i in 0..n by 1',
      '      var sum2 = 0',
      '      for j in 0..3 by 1',
      '        sum2 = add(sum2, square[i, j])',
      '      sum = add(sum, sum2)',
      '    %2[] = sum',
      'block t3 (forward; predict)',
      '  %3: f32[batch, 3] = exp(square) @ 0..48',
      '    for i in 0..n * 3 by 1',
      '      %3[0, i] = exp(square[0, i])',
      '',
    ].join('\n'),
  );
});
