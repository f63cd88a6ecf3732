/** One step of the training, walked through statement by statement before it is made. */

import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { CallFailure, Examination } from '../../engine/protocol.ts';
import { rangeInShort } from '../train/quantity.ts';
import { type EngineHandle, failureOf } from './engine-handle.ts';
import type { Training } from './training-state.ts';

/** What the page can do with a step. */
export interface Examining {
  readonly examination: ReadonlySignal<Examination | undefined>;
  /** Position in its blocks; as many as there are when the last has been passed. */
  readonly position: ReadonlySignal<number>;
  /** The state after the step had the bits that were worked out before, or not. */
  readonly equal: ReadonlySignal<boolean | undefined>;
  readonly busy: ReadonlySignal<boolean>;
  readonly failure: ReadonlySignal<CallFailure | undefined>;
  /** The block of `Inspection.schedule` that is looked at. */
  readonly block: ReadonlySignal<number | undefined>;
  begin(): Promise<void>;
  go(position: number): void;
  next(): void;
  previous(): void;
  finish(): Promise<void>;
  leave(): void;
}

export function createExamining(engine: EngineHandle, training: Training): Examining {
  const examination = signal<Examination | undefined>(undefined);
  const position = signal(0);
  const equal = signal<boolean | undefined>(undefined);
  const busy = signal(false);
  const failure = signal<CallFailure | undefined>(undefined);

  const attempt = createAttempts(busy, failure);
  const go = (wanted: number): void => {
    const count = examination.value?.blocks.length ?? 0;
    if (equal.value === undefined) position.value = Math.min(Math.max(0, wanted), count);
  };

  return {
    examination,
    position,
    equal,
    busy,
    failure,
    block: computed(() => examination.value?.blocks[position.value]?.block),
    begin: () =>
      attempt(async () => {
        if (training.state.value?.running) await training.pause();
        const found = await engine.call('examine');
        batch(() => {
          examination.value = found;
          position.value = 0;
          equal.value = undefined;
        });
      }),
    go,
    next: () => go(position.value + 1),
    previous: () => go(position.value - 1),
    finish: () =>
      attempt(async () => {
        if (examination.value === undefined || equal.value !== undefined) return;
        const { equal: same, ...state } = await engine.call('finishExamined');
        batch(() => {
          equal.value = same;
          position.value = examination.value?.blocks.length ?? 0;
        });
        training.took(state);
      }),
    leave() {
      batch(() => {
        examination.value = undefined;
        equal.value = undefined;
        failure.value = undefined;
      });
    },
  };
}

/** One thing at a time; what goes wrong is kept. */
const createAttempts =
  (busy: Signal<boolean>, failure: Signal<CallFailure | undefined>) =>
  async (run: () => Promise<void>): Promise<void> => {
    if (busy.value) return;
    busy.value = true;
    failure.value = undefined;
    try {
      await run();
    } catch (error) {
      failure.value = failureOf(error);
    } finally {
      busy.value = false;
    }
  };

/** What stands beside each statement that has been passed: the range of what it stores. */
export function numbersSoFar({ examination, position }: Examining): ReadonlyMap<number, string> {
  const passed = examination.value?.blocks.slice(0, position.value) ?? [];
  return new Map(
    passed.flatMap(({ block, values: [first] }) =>
      first === undefined ? [] : [[block, rangeInShort(first)]],
    ),
  );
}
