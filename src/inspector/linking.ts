/** What the reader points at and what is pinned, as signals that all panes follow. */

import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { type Focus, sameFocus } from './focus.ts';

export interface Linking {
  readonly pointed: Signal<Focus | undefined>;
  /** Stays while other things are pointed at. */
  readonly pinned: Signal<Focus | undefined>;
  readonly focus: ReadonlySignal<Focus | undefined>;
  /** Counts what may bring a lit item into view that was not there: another tab, another stage. */
  readonly turns: Signal<number>;
}

export function createLinking(): Linking {
  const pointed = signal<Focus | undefined>(undefined);
  const pinned = signal<Focus | undefined>(undefined);
  const focus = computed(() => pinned.value ?? pointed.value);
  return { pointed, pinned, focus, turns: signal(0) };
}

export function point({ pointed }: Linking, focus: Focus | undefined): void {
  if (!sameFocus(pointed.peek(), focus)) pointed.value = focus;
}

/** Pins, or releases what is pinned already. */
export function togglePin({ pinned }: Linking, focus: Focus): void {
  pinned.value = sameFocus(pinned.peek(), focus) ? undefined : focus;
}

export function release({ pinned }: Linking): void {
  pinned.value = undefined;
}
