/** How many samples a tile has: as many as keep what is computed of them in cache, and no fewer than pay for a pass over the weights. */

import type { BlockProgram, Tiling } from '../ir/kernel.ts';
import { bytesPerElement, elementCount, type Type } from '../ir/types.ts';
import { planTiles, type TilePlan } from './tile-batch.ts';

/** Fewer rows than this, and each tile walks over the weight gradients for too little work. */
const fewest = 48;
/** More rows than this bring nothing. */
const most = 256;

/** What limits a tile. */
export interface Cut {
  /** Bytes that a tile of samples should not exceed. */
  readonly cacheBytes: number;
  /** So many samples, whatever they take. */
  readonly tileRows?: number;
}

/** The tiling of a program, or why it is computed layer by layer. */
export function chooseTiling(
  fused: BlockProgram,
  { cacheBytes, tileRows }: Cut,
): { readonly plan: TilePlan; readonly tiling: Tiling } | Tiling {
  const { program, blocks } = fused;
  const kernels = blocks.flatMap((block) => block.kernels);
  const rowBytes = [...program.inputs, ...kernels.map(({ root }) => root)]
    .filter(({ shape }) => shape[0] === 'batch')
    .reduce((sum, type: Type) => sum + elementCount(type.shape, 1) * bytesPerElement[type.dtype], 0);
  // A whole number of tiles of registers.
  const fitting = Math.floor(cacheBytes / Math.max(1, rowBytes) / 16) * 16;
  const rows = tileRows ?? Math.min(most, Math.max(fewest, fitting));
  if (program.maxBatch <= rows) return { because: `a batch of ${program.maxBatch} is one tile` };
  const plan = planTiles(fused);
  if ('because' in plan) return plan;
  return {
    plan,
    tiling: {
      rows,
      because: `a sample takes ${rowBytes} bytes, and ${rows} of them stay in a cache of ${cacheBytes} bytes`,
    },
  };
}
