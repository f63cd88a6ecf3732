/** What a run leaves behind, as JSON: everything that the document is written from. */

import type { Kind } from './contenders.ts';
import type { Limit } from './limits.ts';
import type { Ratio } from './ratios.ts';
import type { Scaling } from './scaling.ts';

export interface Row {
  readonly case: string;
  readonly who: string;
  readonly kind: Kind;
  readonly threads: number;
  /** Median over the rounds. */
  readonly steps_per_s: number;
  readonly min: number;
  readonly max: number;
  readonly gflops: number;
  /** Of the peak of the contender's kind, times its threads; null where that was not measured. */
  readonly share_of_peak: number | null;
  /** Processor time over time passed: below one, others took the core from a contender of one thread. */
  readonly cores_held: number;
  readonly first_loss: number;
  readonly later_loss: number;
  /** Whether reading the loss after every step, or once in a while, was faster. */
  readonly loss_read: 'each' | 'end';
  readonly version: string;
}

export interface Missing {
  readonly case: string;
  readonly who: string;
  readonly reason: string;
  /** It was there and computed something else. */
  readonly isWrong?: boolean;
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly os: string;
  readonly memory_gib: number;
  /** How one thread is kept on one core. */
  readonly pinning: string;
}

export interface Results {
  readonly date: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly method: { readonly rounds: number; readonly slice: number; readonly warmUp: number };
  /** GFLOP/s by case and name. */
  readonly peaks: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly rows: readonly Row[];
  readonly missing: readonly Missing[];
  readonly ratios: readonly Ratio[];
  readonly limits: readonly Limit[];
  readonly scaling: Scaling | null;
}
