/** The order of blocks: topological, forward before backward before update, parameter gradients as soon as they can be. */

import { errors } from '../ir/errors.ts';
import type { Block, Kernel } from '../ir/kernel.ts';
import type { Program } from '../ir/program.ts';
import type { Value } from '../ir/value.ts';

const phases = { forward: 0, backward: 1, update: 2 } as const;

/** What the training step does without comes last: a reader follows the step first. */
const phaseOf = ({ role, usedBy }: Block): number => (usedBy.has('step') ? phases[role] : 3);

/** A block's rank among those that could come next: smaller comes first. */
type Rank = readonly [phase: number, notSink: number, position: number];

export function orderBlocks(program: Program, blocks: readonly Block[]): Block[] {
  const home = new Map(blocks.flatMap((block) => block.kernels.map(({ root }) => [root, block] as const)));
  const waiting = new Map<Block, number>();
  const readers = new Map<Block, Block[]>(blocks.map((block) => [block, []]));
  for (const block of blocks) {
    const needed = new Set(block.kernels.flatMap(readsOf).flatMap((value) => home.get(value) ?? []));
    needed.delete(block);
    waiting.set(block, needed.size);
    for (const other of needed) readers.get(other)?.push(block);
  }
  const ranks = rankAll(program, blocks, readers);
  const ready: Block[] = [];
  for (const block of blocks) if (waiting.get(block) === 0) insert(ready, block, ranks);
  const ordered: Block[] = [];
  for (let next = ready.pop(); next; next = ready.pop()) {
    ordered.push(next);
    for (const reader of readers.get(next) ?? []) {
      const left = (waiting.get(reader) ?? 0) - 1;
      waiting.set(reader, left);
      if (left === 0) insert(ready, reader, ranks);
    }
  }
  if (ordered.length !== blocks.length) throw errors.invalid('blocks wait for each other');
  return ordered;
}

function rankAll(
  program: Program,
  blocks: readonly Block[],
  readers: ReadonlyMap<Block, readonly Block[]>,
): ReadonlyMap<Block, Rank> {
  const updates = program.functions.flatMap((fn) => fn.updates);
  const updateOf = new Map(updates.map((update, i) => [update.value, i]));
  const updatedBy = (block: Block): number | undefined =>
    block.kernels.map(({ root }) => updateOf.get(root)).find((position) => position !== undefined);
  const ranks = new Map<Block, Rank>();
  const lastIdOf = ({ kernels }: Block): number => kernels[kernels.length - 1]?.root.id ?? 0;
  // Readers first: what an update needs beside the gradient is computed right before the first update that needs it.
  for (const block of [...blocks].sort((a, b) => lastIdOf(b) - lastIdOf(a))) {
    const after = readers.get(block) ?? [];
    // The gradient at a parameter: read by nothing but the update.
    const isSink = block.role === 'backward' && after.every((reader) => reader.role === 'update');
    const positions = after.map((reader) => updatedBy(reader) ?? updates.length);
    const readAt = after.map(
      (reader) => (reader.role === 'update' ? ranks.get(reader)?.[2] : undefined) ?? 0,
    );
    const position = isSink
      ? Math.min(updates.length, ...positions)
      : (updatedBy(block) ??
        (block.role === 'update' ? Math.min(updates.length, ...readAt) : lastIdOf(block)));
    ranks.set(block, [phaseOf(block), isSink ? 0 : 1, position]);
  }
  return ranks;
}

/** Keeps `ready` sorted, the next block last. */
function insert(ready: Block[], block: Block, ranks: ReadonlyMap<Block, Rank>): void {
  let low = 0;
  let high = ready.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = ready[middle];
    if (other && compare(ranks.get(other), ranks.get(block)) > 0) low = middle + 1;
    else high = middle;
  }
  ready.splice(low, 0, block);
}

function compare(a: Rank | undefined, b: Rank | undefined): number {
  for (const i of [0, 1, 2] as const) {
    const difference = (a?.[i] ?? 0) - (b?.[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** What a kernel reads from memory: operands of what it computes that it does not compute itself. */
export function readsOf(kernel: Kernel): Value[] {
  const own = new Set([kernel.root, ...kernel.inlined]);
  const reads = new Set<Value>();
  for (const value of own) {
    for (const input of value.inputs) if (!own.has(input)) reads.add(input);
  }
  return [...reads];
}
