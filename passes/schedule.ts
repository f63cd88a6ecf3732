/**
 * Purpose: turn the kernels of a block into loops: order them, and let kernels over the same samples share a loop.
 * Needs: fuse and lower.
 * Ensures: each element sees the same operations in the same order as in its definition, so results keep their bits.
 */

import { constIndex, type Index, showIndex } from '../ir/index-expr.ts';
import type { Block, BlockProgram, LoopBlock, LoopProgram, Nest, Statement } from '../ir/kernel.ts';
import { type Program, rootsOf } from '../ir/program.ts';
import { sameShape } from '../ir/types.ts';
import type { Value } from '../ir/value.ts';
import { type Load, loadsOf, partsOf } from '../ir/walk.ts';
import { contractionLoops, contractionTiles, findContraction } from './contraction.ts';
import { createNames, mapScalar, type Names, toExpression } from './emit-statements.ts';
import { keepLocal } from './keep-local.ts';
import { nestLoops } from './loops.ts';
import { lower } from './lower.ts';
import { readsOf } from './order.ts';
import { shareLoops } from './share-loops.ts';

/** What a target can do that loops are arranged for. */
export interface Abilities {
  /** It computes products of matrices in tiles of registers, and needs no loops for them. */
  readonly tiles: boolean;
}

export const noAbilities: Abilities = { tiles: false };

export function schedule({ program, blocks }: BlockProgram, abilities = noAbilities): LoopProgram {
  const readers = readersOf(program, blocks);
  return { program, blocks: blocks.map((block) => scheduleBlock(program, block, readers, abilities)) };
}

/** How many blocks (and the caller) read each value. */
function readersOf(program: Program, blocks: readonly Block[]): ReadonlyMap<Value, number> {
  const readers = new Map<Value, number>();
  const count = (value: Value): Map<Value, number> => readers.set(value, (readers.get(value) ?? 0) + 1);
  for (const block of blocks) for (const value of new Set(block.kernels.flatMap(readsOf))) count(value);
  for (const value of program.functions.flatMap(rootsOf)) count(value);
  return readers;
}

function scheduleBlock(
  program: Program,
  { kernels, ...block }: Block,
  readers: ReadonlyMap<Value, number>,
  abilities: Abilities,
): LoopBlock {
  const names = createNames();
  const nests = kernels.map((kernel) => lower(program, kernel));
  const scheduled = nests.map((nest) =>
    scheduleNest(nests.length === 1 ? flatten(nest) : nest, names, abilities),
  );
  const reads = nests.map(({ element }) => loadsOf([element]));
  const roots = kernels.map((kernel) => kernel.root);
  const own = roots.slice(0, -1).filter((root) => readers.get(root) === 1);
  const shared = shareLoops(scheduled.map(({ statements }) => statements));
  const { statements, kept } = keepLocal(shared, own, names);
  return {
    ...block,
    roots: roots.filter((root) => !kept.has(root)),
    statements,
    inPlace: scheduled.flatMap(({ inPlace }, i) =>
      inPlace.filter(({ over }) =>
        nests.every((nest, j) => j === i || leavesAlone(nest, reads[j] ?? [], over, j < i)),
      ),
    ),
  };
}

interface Scheduled {
  readonly statements: readonly Statement[];
  readonly inPlace: LoopBlock['inPlace'];
}

function scheduleNest(nest: Nest, names: Names, { tiles }: Abilities): Scheduled {
  const contraction = findContraction(nest);
  const statements = tiles && contraction ? contractionTiles(nest, contraction, names) : undefined;
  if (statements) return { statements, inPlace: [] };
  if (contraction && contraction.form !== 'dot') {
    return { statements: contractionLoops(nest, contraction, names), inPlace: [] };
  }
  const body: Statement[] = [];
  const value = toExpression(nest.element, names, body);
  body.push({ kind: 'store', to: nest.root, index: nest.index, value });
  return { statements: nestLoops(nest.index, body), inPlace: inPlaceOf(nest) };
}

/** An elementwise kernel over arrays of one shape is one loop over all elements, whatever their rank. */
function flatten(nest: Nest): Nest {
  const { root, index, element } = nest;
  const loops = index.filter((position) => position.kind === 'var');
  const own = index.map(showIndex).join();
  const elementwise = partsOf([element]).every(
    (node) =>
      node.kind === 'number' ||
      node.kind === 'batch' ||
      node.kind === 'apply' ||
      (node.kind === 'load' &&
        (node.from.shape.length === 0 ||
          (sameShape(node.from.shape, root.shape) && node.index.map(showIndex).join() === own))),
  );
  if (loops.length < 2 || !elementwise) return nest;
  const fixed = root.shape.reduce<number>((count, dim) => (dim === 'batch' ? count : count * dim), 1);
  const extent = root.shape.includes('batch') ? 'batch' : fixed;
  // All positions but the last are 0: the last one counts the elements in memory order.
  const position: Index = { kind: 'var', name: 'i', extent, ...(extent === 'batch' ? { times: fixed } : {}) };
  const flat = index.map((_, axis): Index => (axis === index.length - 1 ? position : constIndex(0)));
  const moved = mapScalar(element, (node) =>
    node.kind === 'load' && node.from.shape.length > 0 ? { ...node, index: flat } : undefined,
  );
  return { root, index: flat, element: moved };
}

/** Operands that are read at the root's own index and nowhere else: their storage may become the root's. */
function inPlaceOf(nest: Nest): LoopBlock['inPlace'] {
  const own = nest.index.map(showIndex).join();
  const pointwise = new Map<Value, boolean>();
  for (const node of loadsOf([nest.element])) {
    const same =
      node.index.map(showIndex).join() === own && node.from.shape.length === nest.root.shape.length;
    pointwise.set(node.from, (pointwise.get(node.from) ?? true) && same);
  }
  return [...pointwise].flatMap(([over, safe]) => (safe ? [{ root: nest.root, over }] : []));
}

/**
 * True when overwriting `value` cannot reach what `nest` reads of it. Loops of one block may run row by row together:
 * a kernel before may read the row at hand, a kernel after may read nothing.
 */
function leavesAlone(nest: Nest, reads: readonly Load[], value: Value, before: boolean): boolean {
  const [row] = nest.index;
  return reads.every((load) => {
    if (load.from !== value) return true;
    const [first] = load.index;
    return before && row?.kind === 'var' && first !== undefined && showIndex(first) === row.name;
  });
}
