/** What was measured, as it is kept beside the table: one entry for each row, whenever it was run. */

import { readFileSync, writeFileSync } from 'node:fs';

export interface Accuracy {
  readonly accuracy: number;
  readonly loss: number;
}

/** Where and when a row was run. */
export interface Run {
  readonly date: string;
  readonly machine: string;
  readonly node: string;
  readonly data: string;
}

export interface Measured {
  readonly steps: number;
  readonly batch: number;
  readonly seconds: number;
  readonly train: Accuracy;
  readonly test?: Accuracy;
}

/** A row that could not be trained says why. */
export type Result = { readonly run: Run } & (Measured | { readonly failed: string });

/** By the key of the row. */
export type Results = Readonly<Record<string, Result>>;

/** Of every row. */
export const settings = { seed: 0, dtype: 'f32' } as const;

const file = new URL('results.json', import.meta.url);

export function readResults(): Results {
  const results: Results = JSON.parse(readFileSync(file, 'utf8'));
  return results;
}

/** In the order of the keys, whatever was run last. */
export function writeResults(results: Results): void {
  const sorted = Object.entries(results).sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
}
