/** All seeded bugs, by area, and how many each area has at least. */

import type { SeededBug } from './bug.ts';
import { checkpoints } from './checkpoints.ts';
import { data } from './data.ts';
import { escaping } from './escaping.ts';
import { gradients } from './gradients.ts';
import { layers } from './layers.ts';
import { limits } from './limits.ts';
import { loops } from './loops.ts';
import { memory } from './memory.ts';
import { numbers } from './numbers.ts';
import { optimizers } from './optimizers.ts';
import { outward } from './outward.ts';
import { parsers } from './parsers.ts';
import { passes } from './passes.ts';
import { rewrites } from './rewrites.ts';
import { wasm } from './wasm.ts';
import { weights } from './weights.ts';

interface Area {
  readonly bugs: readonly SeededBug[];
  readonly least: number;
}

export const areas: { readonly [name: string]: Area } = {
  gradients: { bugs: gradients, least: 25 },
  rewrites: { bugs: rewrites, least: 15 },
  passes: { bugs: passes, least: 15 },
  loops: { bugs: loops, least: 10 },
  memory: { bugs: memory, least: 10 },
  numbers: { bugs: numbers, least: 10 },
  optimizers: { bugs: optimizers, least: 10 },
  layers: { bugs: layers, least: 10 },
  data: { bugs: data, least: 8 },
  weights: { bugs: weights, least: 8 },
  parsers: { bugs: parsers, least: 8 },
  checkpoints: { bugs: checkpoints, least: 14 },
  escaping: { bugs: escaping, least: 6 },
  outward: { bugs: outward, least: 8 },
  limits: { bugs: limits, least: 4 },
  wasm: { bugs: wasm, least: 12 },
};

export const bugs: readonly SeededBug[] = Object.values(areas).flatMap((area) => area.bugs);
