/** What a pass over the graph is: data, so that the pipeline can be listed, checked and documented. */

import type { Program } from '../ir/program.ts';

export interface GraphPass {
  readonly name: string;
  /** One sentence for people: what it does to a program. */
  readonly doc: string;
  /** Names of passes that must have run before. */
  readonly needs: readonly string[];
  /** Ops that are gone afterwards. */
  readonly removes: readonly string[];
  readonly run: (program: Program) => Program;
}
