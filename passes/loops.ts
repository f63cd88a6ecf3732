/** Loops around statements. */

import type { Index } from '../ir/index-expr.ts';
import type { Statement } from '../ir/kernel.ts';

export type LoopVar = Extract<Index, { kind: 'var' }>;

export const isLoopVar = (index: Index): index is LoopVar => index.kind === 'var';

/** A loop over all values of `variable`. */
export const loopOver = ({ name, extent, times }: LoopVar, body: readonly Statement[]): Statement => ({
  kind: 'for',
  variable: name,
  from: { extent: 0 },
  to: { extent, ...(times === undefined ? {} : { times }) },
  step: 1,
  body,
});

/** A loop for each position, the first outermost; a position that is fixed needs none. */
export const nestLoops = (positions: readonly Index[], body: readonly Statement[]): readonly Statement[] =>
  positions.filter(isLoopVar).reduceRight((inner, variable) => [loopOver(variable, inner)], body);
