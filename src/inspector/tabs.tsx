/** A list of tabs, of which one is chosen; arrow keys choose the next. */

import type { TargetedKeyboardEvent } from 'preact';

export interface Tab {
  readonly id: string;
  readonly title: string;
}

export interface TabsProps {
  /** Before the id of each tab, with a hyphen. */
  readonly name: string;
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly chosen: string;
  readonly choose: (id: string) => void;
  /** The id of the panel of all of them, where it is one. */
  readonly panel?: string;
}

export function Tabs({ name, label, tabs, chosen, choose, panel }: TabsProps) {
  const idOf = (id: string): string => `${name}-${id}`;
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    const from = tabs.findIndex(({ id }) => id === chosen);
    const next = tabs[nextTab(event.key, from, tabs.length) ?? -1];
    if (next === undefined) return;
    event.preventDefault();
    choose(next.id);
    document.getElementById(idOf(next.id))?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {tabs.map(({ id, title }) => (
        <button
          key={id}
          type="button"
          role="tab"
          id={idOf(id)}
          aria-selected={id === chosen}
          aria-controls={panel ?? `panel-${id}`}
          tabIndex={id === chosen ? 0 : -1}
          onClick={() => choose(id)}
        >
          {title}
        </button>
      ))}
    </div>
  );
}

function nextTab(key: string, from: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return (from + 1) % count;
    case 'ArrowLeft':
      return (from + count - 1) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
