/** The order of kernels: topological, forward before backward before update, parameter gradients as soon as they can be. */

import type { Kernel } from '../ir/kernel.ts';
import type { Program } from '../ir/program.ts';
import type { Value } from '../ir/value.ts';
import { readsOf } from './fuse.ts';

const phase = { forward: 0, backward: 1, update: 2 } as const;

/** A kernel's rank among those that could come next: smaller comes first. */
type Rank = readonly [phase: number, notSink: number, position: number];

export function orderKernels(program: Program, kernels: readonly Kernel[]): Kernel[] {
  const byRoot = new Map(kernels.map((kernel) => [kernel.root, kernel]));
  const waiting = new Map<Kernel, number>();
  const readers = new Map<Value, Kernel[]>();
  for (const kernel of kernels) {
    const inputs = readsOf(kernel).filter((value) => byRoot.has(value));
    waiting.set(kernel, inputs.length);
    for (const input of inputs) readers.set(input, [...(readers.get(input) ?? []), kernel]);
  }
  const ranks = rankAll(program, kernels, readers);
  const ready: Kernel[] = [];
  const release = (kernel: Kernel): void => insert(ready, kernel, ranks);
  for (const kernel of kernels) if (waiting.get(kernel) === 0) release(kernel);
  const ordered: Kernel[] = [];
  for (let next = ready.pop(); next; next = ready.pop()) {
    ordered.push(next);
    for (const reader of readers.get(next.root) ?? []) {
      const left = (waiting.get(reader) ?? 0) - 1;
      waiting.set(reader, left);
      if (left === 0) release(reader);
    }
  }
  return ordered;
}

function rankAll(program: Program, kernels: readonly Kernel[], readers: ReadonlyMap<Value, readonly Kernel[]>): ReadonlyMap<Kernel, Rank> {
  const updates = program.functions.flatMap((fn) => fn.updates);
  const updateOf = new Map(updates.map((update, i) => [update.value, i]));
  const ranks = new Map<Kernel, Rank>();
  for (const kernel of kernels) {
    const after = readers.get(kernel.root) ?? [];
    // The gradient at a parameter: read by nothing but the update.
    const isSink = kernel.role === 'backward' && after.every((reader) => reader.role === 'update');
    const positions = after.map((reader) => updateOf.get(reader.root) ?? updates.length);
    const own = updateOf.get(kernel.root);
    const position = isSink ? Math.min(updates.length, ...positions) : (own ?? kernel.root.id);
    ranks.set(kernel, [phase[kernel.role], isSink ? 0 : 1, position]);
  }
  return ranks;
}

/** Keeps `ready` sorted, the next kernel last. */
function insert(ready: Kernel[], kernel: Kernel, ranks: ReadonlyMap<Kernel, Rank>): void {
  let low = 0;
  let high = ready.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = ready[middle];
    if (other && compare(ranks.get(other), ranks.get(kernel)) > 0) low = middle + 1;
    else high = middle;
  }
  ready.splice(low, 0, kernel);
}

function compare(a: Rank | undefined, b: Rank | undefined): number {
  for (const i of [0, 1, 2] as const) {
    const difference = (a?.[i] ?? 0) - (b?.[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
