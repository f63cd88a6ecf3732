/** What the runner and the processes of the contenders tell each other: a line of JSON each, marked with `@`. */

import type { Case } from './cases.ts';

/** What a process is to do, given as its only argument. */
export interface Spec {
  /** Name of a setup of the worker. */
  readonly adapter: string;
  readonly threads: number;
  readonly case: Case;
  /** Where the data of the case lie. */
  readonly folder: string;
  /** Seconds of each way of stepping before anything is measured. */
  readonly warmUp: number;
}

/** `each`: the loss is read after every step; `end`: once in about a hundredth of a second. */
export type Mode = 'each' | 'end';

export type Message =
  /** Losses at the first step and after `checkSteps` steps; a peak has none. */
  | {
      readonly kind: 'ready';
      readonly losses: readonly number[];
      readonly mode: Mode;
      readonly version: string;
    }
  | { readonly kind: 'failed'; readonly reason: string }
  | Slice;

export interface Slice {
  readonly kind: 'slice';
  readonly steps: number;
  readonly seconds: number;
  /** Cores that the process had, from its processor time: less than one where others took theirs. */
  readonly busy: number;
  /** Of one step, where it is not that of the case. */
  readonly flops?: number;
}

export const mark = '@';

/** Libraries print what they like: a line without the mark is none of ours. */
export function parseMessage(line: string): Message | undefined {
  if (!line.startsWith(mark)) return undefined;
  const message: Message = JSON.parse(line.slice(mark.length));
  return message;
}
