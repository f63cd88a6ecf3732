/** The rows of the table: every example of the chapters, and what the seed reports of it. */

import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Row {
  /** `09-optimization/adam`. */
  readonly key: string;
  readonly chapter: string;
  readonly system: string;
  /** Path of the model from the root. */
  readonly path: string;
  /** Markdown; empty where the seed gives no figure. */
  readonly seed: string;
}

/** Training accuracies, after 1,000 epochs of ten batches of 6,000. */
const fashion = (accuracy: string, of = ''): string => `${accuracy} % on Fashion-MNIST${of}`;

const reported: Readonly<Record<string, string>> = {
  '03-neural-network/neural-network': '93.22 % on MNIST, loss 0.2423',
  '04-mini-batch/mini-batch': fashion('88.58'),
  '07-regularization/l1': fashion('88.33'),
  '07-regularization/l2': fashion('88.63'),
  '07-regularization/dropout': fashion('78.65'),
  '08-schedules/exponential-decay': fashion('88.50'),
  '08-schedules/cyclic': fashion('91.08'),
  '09-optimization/momentum': fashion('88.88'),
  '09-optimization/rmsprop': fashion('89.75'),
  '09-optimization/adam': fashion('97.05', ', uncorrected'),
  '09-optimization/adam-uncorrected': fashion('97.05'),
  '09-optimization/adamax': fashion('96.2'),
  '10-normalization/batch-norm': 'over 90 % in 1,500 steps; its code 100 %, with γ per sample',
};

const root = new URL('../../', import.meta.url);

/** Found on the disk, so that no example is forgotten: chapters in order, systems by the alphabet. */
export function findRows(): readonly Row[] {
  const folders = readdirSync(new URL('examples/', root)).filter((name) => /^\d\d-/.test(name));
  return folders.sort().flatMap((chapter) => {
    const files = readdirSync(new URL(`examples/${chapter}/`, root)).filter((file) =>
      /(^|\.)model\.ts$/.test(file),
    );
    return files.sort().map((file) => {
      // A chapter of a single system calls its file model.ts.
      const system = file === 'model.ts' ? chapter.slice(3) : file.replace(/\.model\.ts$/, '');
      const key = `${chapter}/${system}`;
      return { key, chapter, system, path: `examples/${chapter}/${file}`, seed: reported[key] ?? '' };
    });
  });
}

export const pathOf = (path: string): string => fileURLToPath(new URL(path, root));

/** Reported figures without an example: a name was mistyped, or an example is gone. */
export function orphans(rows: readonly Row[]): readonly string[] {
  const known = new Set(rows.map(({ key }) => key));
  return Object.keys(reported).filter((key) => !known.has(key));
}
