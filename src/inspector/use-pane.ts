/** What every pane does: marks what is lit, scrolls to it, and tells what is pointed at, pinned and moved to by keys. */

import { effect, type ReadonlySignal } from '@preact/signals';
import type { RefObject, TargetedEvent, TargetedKeyboardEvent } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { Linked } from '../inspection/inspection.ts';
import { type Focus, firstLit, focusOn, linkIndex, lit, type PaneName } from './focus.ts';
import { type Linking, point, togglePin } from './linking.ts';
import { createPainter, itemId, type Marks, type Painter, reveal } from './painter.ts';

export interface PaneOptions<Item extends Linked> {
  readonly pane: PaneName;
  readonly items: readonly Item[];
  readonly linking: Linking;
  /** Brings an item into view; without it the pane's box is scrolled. */
  readonly show?: (item: number) => void;
  /** The item that an arrow key leads to; without it, the one before or after. */
  readonly next?: (item: number, key: string) => number | undefined;
  /** More marks, of an attribute each. */
  readonly marks?: Readonly<Record<string, ReadonlySignal<Marks>>>;
  /** What is meant by an item, where that is not its first key. */
  readonly focusOf?: (item: Item) => Focus;
  /** Whether each item can be reached by the tabulator, and not by arrow keys. */
  readonly tabbed?: boolean;
}

type PaneEvent = TargetedEvent<HTMLElement | SVGElement>;

export interface Pane {
  /** The box that is scrolled. */
  readonly box: RefObject<HTMLDivElement | null>;
  /** After items were drawn late. */
  readonly repaint: () => void;
  /** Moves the keyboard to an item. */
  readonly moveTo: (item: number) => void;
  /** For an element around all items. */
  readonly handlers: {
    readonly onPointerOver: (event: PaneEvent) => void;
    readonly onPointerLeave: () => void;
    readonly onFocusIn: (event: PaneEvent) => void;
    readonly onFocusOut: () => void;
    readonly onClick: (event: PaneEvent) => void;
    readonly onKeyDown: (event: TargetedKeyboardEvent<HTMLElement | SVGElement>) => void;
  };
}

/** What is lit is followed when nothing else has been pointed at for so long. */
const settled = 120;

/** Attributes of the element of an item. Of roles, SVG has no elements of its own for them. */
export const itemProps = (pane: PaneName, item: number, role?: 'button' | 'option') => ({
  ...(role === undefined ? {} : { role }),
  id: itemId(pane, item),
  'data-item': item,
  tabindex: -1,
});

function itemAt(target: EventTarget | null): number | undefined {
  const element = target instanceof Element ? target.closest('[data-item]') : null;
  const position = element?.getAttribute('data-item') ?? null;
  return position === null ? undefined : Number(position);
}

export function usePane<Item extends Linked>(options: PaneOptions<Item>): Pane {
  const { pane, items, linking, marks } = options;
  const box = useRef<HTMLDivElement>(null);
  const painter = useMemo(() => createPainter(pane), [pane]);
  const index = useMemo(() => linkIndex(items), [items]);
  const latest = useRef(options);
  latest.current = options;
  const show = (item: number): void => {
    // Another tab is in front: it is shown when this one comes to the front again.
    if (box.current?.closest('[hidden]')) return;
    const element = document.getElementById(itemId(pane, item));
    if (latest.current.show !== undefined) latest.current.show(item);
    else if (box.current !== null && element !== null) reveal(box.current, element);
  };
  useLayoutEffect(() => {
    if (!options.tabbed) painter.paint('tabindex', new Map(items.length > 0 ? [[0, '0']] : []));
    return followFocus(painter, pane, linking, (focus) => lit(pane, index, focus), show);
  }, [painter, index, linking]);
  useLayoutEffect(() => {
    const disposals = Object.entries(marks ?? {}).map(([attribute, signal]) =>
      effect(() => painter.paint(attribute, signal.value)),
    );
    return () => {
      for (const dispose of disposals) dispose();
    };
  }, [painter, ...Object.values(marks ?? {})]);
  const moveTo = (item: number): void => {
    show(item);
    const focusIt = (): boolean => {
      const element = document.getElementById(itemId(pane, item));
      element?.focus({ preventScroll: true });
      return element !== null;
    };
    // Where a list is drawn in parts, showing an item may have been what draws it.
    if (!focusIt()) requestAnimationFrame(focusIt);
  };
  const handlers = useMemo(() => handlersOf(latest, painter, moveTo), [painter, linking]);
  return { box, repaint: painter.repaint, moveTo, handlers };
}

/** Marks at once, and scrolls a little later, unless it is pointed at right here. */
function followFocus(
  painter: Painter,
  pane: PaneName,
  { focus, turns }: Linking,
  lightsOf: (focus: Focus) => ReturnType<typeof lit>,
  show: (item: number) => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const dispose = effect(() => {
    const meant = focus.value;
    turns.value;
    clearTimeout(timer);
    const lights = meant === undefined ? new Map() : lightsOf(meant);
    painter.paint('data-lit', lights);
    const first = firstLit(lights);
    if (first !== undefined && meant?.pane !== pane) timer = setTimeout(() => show(first), settled);
  });
  return () => {
    clearTimeout(timer);
    dispose();
  };
}

function handlersOf<Item extends Linked>(
  latest: { readonly current: PaneOptions<Item> },
  painter: Painter,
  moveTo: (item: number) => void,
): Pane['handlers'] {
  const focusAt = (position: number | undefined): Focus | undefined => {
    const { items, pane, focusOf = (item: Item) => focusOn(pane, item) } = latest.current;
    const item = position === undefined ? undefined : items[position];
    return item === undefined ? undefined : focusOf(item);
  };
  const pointAt = (target: EventTarget | null): void => {
    const focus = focusAt(itemAt(target));
    if (focus !== undefined) point(latest.current.linking, focus);
  };
  const leave = (): void => point(latest.current.linking, undefined);
  const pin = (target: EventTarget | null): void => {
    const focus = focusAt(itemAt(target));
    if (focus !== undefined) togglePin(latest.current.linking, focus);
  };
  return {
    onPointerOver: ({ target }) => pointAt(target),
    onPointerLeave: leave,
    onFocusIn({ target }) {
      const item = itemAt(target);
      if (item !== undefined && !latest.current.tabbed) painter.paint('tabindex', new Map([[item, '0']]));
      pointAt(target);
    },
    onFocusOut: leave,
    onClick({ target }) {
      const control = target instanceof Element ? target.closest('button, a, input, summary') : null;
      // Controls beside an item do what they are there for, and that alone.
      if (control === null || control.matches('[data-item], [data-pins]')) pin(target);
    },
    onKeyDown(event) {
      const { target, key } = event;
      const item = itemAt(target);
      if (item === undefined || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      const isButton = target instanceof HTMLButtonElement;
      if (key === 'Enter' || key === ' ') {
        if (isButton) return;
        event.preventDefault();
        pin(target);
        return;
      }
      const {
        tabbed,
        items,
        next = (from: number, to: string) => nextInList(items.length, from, to),
      } = latest.current;
      const to = tabbed ? undefined : next(item, key);
      if (to === undefined) return;
      event.preventDefault();
      moveTo(to);
    },
  };
}

export function nextInList(count: number, from: number, key: string): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return Math.min(from + 1, count - 1);
    case 'ArrowUp':
      return Math.max(from - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
