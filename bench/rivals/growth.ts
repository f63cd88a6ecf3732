/** The part of the document that says how time, memory and size grow. */

import { table } from '../quality/markdown.ts';
import type { Target } from './compiler.ts';
import { grouped, shown } from './numbers.ts';
import type { Point, Scaling } from './scaling.ts';

const targets: readonly Target[] = ['ts', 'wasm'];

export function growth(scaling: Scaling | null): string {
  if (scaling === null) return '';
  return [
    '## How it grows',
    `![Time, memory and compiling of networks of many sizes](benchmarks-growth.svg)

Gradient descent, one thread. The arena holds the state and every value of a step; \`wasm\` keeps the rows of a batch, or of a
tile of it, beside the arena, and its memory counts in pages of 64 KiB.`,
    along(scaling, 'batch', '784-32-10, the seed, by the batch'),
    along(scaling, 'width', '784-n-10, batch 128, by the width n'),
    along(scaling, 'depth', '128-…-128-10, batch 128, by the number of hidden layers'),
    compileTimes(scaling),
    sizes(scaling),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function along({ points }: Scaling, axis: Point['along'], title: string): string {
  const found = points.filter((point) => point.along === axis);
  if (found.length === 0) return '';
  const rows = [...new Set(found.map(({ size }) => size))].map((size) => {
    const of = (target: Target): Point | undefined =>
      found.find((point) => point.target === target && point.size === size);
    const cells = targets.flatMap((target) => {
      const point = of(target);
      return [
        shown(point?.ms ?? Number.NaN),
        shown(point?.gflops ?? Number.NaN),
        point === undefined ? '' : grouped(point.arena_bytes),
        ...(target === 'wasm' ? [point === undefined ? '' : grouped(point.memory_bytes)] : []),
      ];
    });
    return [grouped(size), ...cells];
  });
  const head = targets.flatMap((target) => [
    `${target}: ms`,
    'GFLOP/s',
    'arena, bytes',
    ...(target === 'wasm' ? ['memory, bytes'] : []),
  ]);
  return `### ${title}\n\n${table([axis, ...head], rows)}`;
}

function compileTimes({ compile }: Scaling): string {
  if (compile.length === 0) return '';
  const kinds = compile.filter(({ target }) => target === compile[0]?.target);
  const rows = kinds.map(({ what, ops }) => [
    ops === null ? '784-32-10, the seed' : `a chain of ${grouped(ops)}`,
    ...targets.map((target) =>
      shown(
        compile.find((time) => time.what === what && time.ops === ops && time.target === target)?.ms ??
          Number.NaN,
      ),
    ),
  ]);
  const head = ['operations between input and loss', ...targets.map((target) => `${target}: ms`)];
  return `### Compiling\n\n${table(head, rows)}`;
}

function sizes({ sizes: all }: Scaling): string {
  if (all.length === 0) return '';
  const rows = all.map(({ target, what, minified, gzip, goal }) => [
    target,
    what,
    grouped(minified),
    grouped(gzip),
    goal === null ? '' : grouped(goal),
    goal === null ? '' : gzip <= goal ? 'met' : '**missed**',
  ]);
  const head = ['target', 'what', 'minified, bytes', 'gzip, bytes', 'goal', ''];
  return `### What a page loads to train the seed\n\n${table(head, rows)}`;
}
