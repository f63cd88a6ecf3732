/** Scores of mutation testing and of branch coverage. */

import { grouped, table } from './render.ts';

export interface Score {
  readonly killed: number;
  readonly timeout: number;
  readonly survived: number;
  readonly noCoverage: number;
}

export interface MutationReport {
  readonly commit: string;
  readonly stryker: string;
  readonly machine: string;
  readonly folders: Readonly<Record<string, Score>>;
}
