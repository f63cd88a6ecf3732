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
import { cutBlocks, type Piece } from './tile-blocks.ts';
import { type Cut, chooseTiling } from './tile-size.ts';

/** What a target can do that loops are arranged for. */
export interface Abilities {
  /** It computes products of matrices in tiles of registers, and needs no loops for them. */
  readonly tiles: boolean;
  /** It computes a step tile by tile where that can be; without this the batch is not cut. */
  readonly cut?: Cut;
}

export const noAbilities: Abilities = { tiles: false };

export function schedule(fused: BlockProgram, abilities = noAbilities): LoopProgram {
  const { program, blocks } = fused;
  const readers = readersOf(program, blocks);
  const plan = abilities.cut === undefined ? undefined : chooseTiling(fused, abilities.cut);
  if (!plan || 'because' in plan) {
    const loops = blocks.map(({ kernels, ...block }) => {
      const nests = kernels.map((kernel) => lower(program, kernel));
      const own = kernels.map(({ root }) => root).slice(0, -1);
      return scheduleBlock(
        block,
        nests,
        own.filter((root) => readers.get(root) === 1),
        abilities,
      );
    });
    return { program, blocks: loops, ...(plan ? { tiling: plan } : {}) };
  }
  const pieces = cutBlocks(blocks, plan.plan);
  return {
    program,
    blocks: pieces.map((piece) => schedulePiece(piece, pieces, readers, abilities)),
    tiling: plan.tiling,
  };
}

function schedulePiece(
  piece: Piece,
  pieces: readonly Piece[],
  readers: ReadonlyMap<Value, number>,
  abilities: Abilities,
): LoopBlock {
  const { block, phase, nests, clears } = piece;
  if (clears.length > 0) {
    const statements = clears.map((to): Statement => ({ kind: 'fill', to, at: [], value: 0 }));
    return { ...block, phase, roots: clears, statements, inPlace: [] };
  }
  const whole = pieces.filter((other) => other.block === block).length === 1;
  const own = nests.map(({ root }) => root).slice(0, -1);
  const local = whole ? own.filter((root) => readers.get(root) === 1) : [];
  return { ...scheduleBlock(block, nests, local, abilities), phase };
}

/** How many blocks (and the caller) read each value. */
function readersOf(program: Program, blocks: readonly Block[]): ReadonlyMap<Value, number> {
  const readers = new Map<Value, number>();
  const count = (value: Value): Map<Value, number> => readers.set(value, (readers.get(value) ?? 0) + 1);
  for (const block of blocks) for (const value of new Set(block.kernels.flatMap(readsOf))) count(value);
  for (const value of program.functions.flatMap(rootsOf)) count(value);
  return readers;
}

/** `local`: values that nobody else reads. */
function scheduleBlock(
  block: Omit<Block, 'kernels'>,
  nests: readonly Nest[],
  local: readonly Value[],
  abilities: Abilities,
): LoopBlock {
  const names = createNames();
  const scheduled = nests.map((nest) =>
    scheduleNest(nests.length === 1 ? flatten(nest) : nest, names, abilities),
  );
  const reads = nests.map(({ element }) => loadsOf([element]));
  const roots = nests.map(({ root }) => root);
  const shared = shareLoops(scheduled.map(({ statements }) => statements));
  const { statements, kept } = keepLocal(shared, local, names);
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
