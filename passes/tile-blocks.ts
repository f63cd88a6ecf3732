/** Cuts blocks into what runs before the tiles, for each tile, and after them; sums over samples become three pieces. */

import { errors } from '../ir/errors.ts';
import { addIndex, type Index } from '../ir/index-expr.ts';
import { type Block, type Kernel, type Nest, type Phase, samplesBefore } from '../ir/kernel.ts';
import type { Scalar } from '../ir/scalar.ts';
import type { Value } from '../ir/value.ts';
import { mapScalar } from './emit-statements.ts';
import type { Part, TilePlan } from './tile-batch.ts';

/** Kernels of a block that run in one phase, as nests. */
export interface Piece {
  readonly block: Omit<Block, 'kernels'>;
  readonly phase: Phase;
  readonly kernels: readonly Kernel[];
  readonly nests: readonly Nest[];
  /** Sums that are 0 before the first tile. */
  readonly clears: readonly Value[];
}

/** The pieces in an order in which they can run: all that come before, then those of a tile, then those after. */
export function cutBlocks(blocks: readonly Block[], plan: TilePlan): Piece[] {
  const pieces = blocks.flatMap((block) => cutBlock(block, plan));
  const order: readonly Phase[] = ['before', 'each', 'after'];
  return order.flatMap((phase) => pieces.filter((piece) => piece.phase === phase));
}

function cutBlock({ kernels, ...block }: Block, plan: TilePlan): Piece[] {
  const chosen = new Map<Phase, { kernels: Kernel[]; nests: Nest[] }>();
  const clears: Value[] = [];
  const add = (phase: Phase, kernel: Kernel, nest: Nest): void => {
    const piece = chosen.get(phase) ?? { kernels: [], nests: [] };
    piece.kernels.push(kernel);
    piece.nests.push(nest);
    chosen.set(phase, piece);
  };
  for (const kernel of kernels) {
    const part = plan.partOf.get(kernel) ?? { kind: 'free' };
    const nest = plan.nestOf.get(kernel);
    if (!nest) throw errors.invalid('a kernel without a nest');
    if (part.kind === 'free') add(plan.phaseOf.get(kernel) ?? 'after', kernel, nest);
    else if (part.kind === 'row') add('each', kernel, inTile(nest, part.variable));
    else {
      clears.push(kernel.root);
      add('each', kernel, growing(nest, part));
      const rest = finishing(nest, part);
      if (rest) add('after', kernel, rest);
    }
  }
  const phases = [...chosen].map(([phase, piece]): Piece => ({ block, phase, clears: [], ...piece }));
  return clears.length === 0
    ? phases
    : [{ block, phase: 'before', clears, kernels: [], nests: [] }, ...phases];
}

type Sum = Extract<Part, { kind: 'sum' }>;

const own = ({ root, index }: Nest): Scalar => ({ kind: 'load', from: root, index, dtype: root.dtype });

/** Adds the samples of a tile to the sum. */
function growing(nest: Nest, { over, variable }: Sum): Nest {
  const { element: body } = inTile({ ...nest, element: over.body }, variable);
  return { ...nest, element: { ...over, body, start: own(nest) } };
}

/** What becomes of the sum when it is whole. */
function finishing(nest: Nest, { over }: Sum): Nest | undefined {
  if (nest.element === over) return undefined;
  const sum = own(nest);
  return { ...nest, element: mapScalar(nest.element, (node) => (node === over ? sum : undefined)) };
}

/** Rows are counted from the tile's first in memory, and from the batch's first where a position is asked for. */
function inTile(nest: Nest, variable: string): Nest {
  const moved = (index: Index): Index => {
    switch (index.kind) {
      case 'const':
        return index;
      case 'var':
        return index.name === variable
          ? addIndex(index, { kind: 'var', name: samplesBefore, extent: 'batch' })
          : index;
      case 'add':
        return { ...index, a: moved(index.a), b: moved(index.b) };
      default:
        return { ...index, a: moved(index.a) };
    }
  };
  const element = mapScalar(nest.element, (node) =>
    node.kind === 'index' ? { ...node, index: moved(node.index) } : undefined,
  );
  return { ...nest, element };
}
