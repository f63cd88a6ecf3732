/** A compiled model from all sides: the panes beside each other where there is room, as tabs where there is not. */

import './inspector.css';

import { computed, type ReadonlySignal, type Signal, signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Inspection } from '../inspection/inspection.ts';
import { CodePane, type Numbers } from './code-pane.tsx';
import { DerivationPane } from './derivation-pane.tsx';
import { factsOf, inNext } from './focus.ts';
import { FocusLine } from './focus-line.tsx';
import { createLinking, type Linking, release } from './linking.ts';
import { MemoryPane } from './memory-pane.tsx';
import { PassesPane } from './passes-pane.tsx';
import { SchedulePane } from './schedule-pane.tsx';
import { SourcePane } from './source-pane.tsx';
import { Tabs } from './tabs.tsx';

export {
  CodePane,
  createLinking,
  DerivationPane,
  FocusLine,
  type Linking,
  MemoryPane,
  type Numbers,
  PassesPane,
  SchedulePane,
  SourcePane,
};

export interface InspectorProps {
  /** May be replaced at any time: tabs, the stage and what is pinned stay. */
  readonly inspection: Inspection;
  /** Position in `Schedule.blocks` of what is computed right now. */
  readonly current?: ReadonlySignal<number | undefined>;
  readonly numbers?: ReadonlySignal<Numbers>;
  /** In the place of the source pane. */
  readonly source?: (linking: Linking) => ComponentChildren;
  /** For whoever wants to point from outside, or to follow. */
  readonly linking?: Linking;
}

interface Panel {
  readonly id: string;
  readonly title: string;
  /** Has a place of its own where there is room. */
  readonly aside: boolean;
  readonly draw: () => ComponentChildren;
}

const narrowScreen = '(max-width: 52rem)';

export function Inspector({ linking: given, ...props }: InspectorProps) {
  const { inspection } = props;
  const linking = useMemo(() => given ?? createLinking(), [given]);
  const narrow = useMedia(narrowScreen);
  const chosen = useSignal('passes');
  useEscape(linking);
  useReplaced(inspection, linking);
  const panels = usePanels(props, linking);
  const isTab = ({ aside }: Panel): boolean => narrow.value || !aside;
  const tabs = panels.filter(isTab);
  const tab = tabs.some(({ id }) => id === chosen.value) ? chosen.value : 'passes';
  return (
    <div class="inspector">
      <Tabs
        name="tab"
        label="Sides of the model"
        tabs={tabs}
        chosen={tab}
        choose={(id) => {
          chosen.value = id;
          linking.turns.value++;
        }}
      />
      {panels.map((panel) => (
        <PanelBox
          key={panel.id}
          panel={panel}
          asTab={isTab(panel)}
          shown={!isTab(panel) || panel.id === tab}
        />
      ))}
      <FocusLine {...{ inspection, linking }} />
    </div>
  );
}

function usePanels(
  { inspection, current, numbers, source }: Omit<InspectorProps, 'linking'>,
  linking: Linking,
): readonly Panel[] {
  const currentKey = useMemo(
    () => current && computed(() => inspection.schedule.blocks[current.value ?? -1]?.keys[0]),
    [inspection, current],
  );
  const panel = (id: string, title: string, draw: Panel['draw'], aside = false): Panel => ({
    id,
    title,
    aside,
    draw,
  });
  const shared = { inspection, linking };
  return [
    panel('source', 'Model', () => source?.(linking) ?? <SourcePane {...shared} />, true),
    panel('code', 'Code', () => <CodePane {...{ ...shared, current, numbers }} />, true),
    panel('passes', 'Graph & passes', () => <PassesPane {...shared} current={currentKey} />),
    panel('derivation', 'Derivation', () => <DerivationPane {...shared} />),
    panel('kernels', 'Kernels', () => <SchedulePane {...{ ...shared, current }} />),
    panel('memory', 'Memory', () => <MemoryPane {...{ ...shared, current }} />),
  ];
}

interface PanelBoxProps {
  readonly panel: Panel;
  readonly asTab: boolean;
  readonly shown: boolean;
}

/** Drawn when it is first shown, and kept from then on. */
function PanelBox({ panel, asTab, shown }: PanelBoxProps) {
  const { id, title, draw } = panel;
  const wasShown = useRef(false);
  wasShown.current ||= shown;
  const naming = asTab
    ? ({ role: 'tabpanel', 'aria-labelledby': `tab-${id}` } as const)
    : ({ role: 'region', 'aria-label': title } as const);
  return (
    <div class={`panel panel-${id}`} id={`panel-${id}`} {...naming} hidden={!shown}>
      <h2 class="unseen">{title}</h2>
      {wasShown.current && draw()}
    </div>
  );
}

function useMedia(query: string): Signal<boolean> {
  const media = useMemo(() => matchMedia(query), [query]);
  const matches = useMemo(() => signal(media.matches), [media]);
  useEffect(() => {
    const follow = (): void => {
      matches.value = media.matches;
    };
    // It may have changed since it was drawn.
    follow();
    media.addEventListener('change', follow);
    return () => media.removeEventListener('change', follow);
  }, [media]);
  return matches;
}

/** Wherever the keyboard is; who has a use of their own for Escape prevents its default. */
function useEscape(linking: Linking): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented) release(linking);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [linking]);
}

/** What is pinned is found again in the next inspection, or released. */
function useReplaced(inspection: Inspection, { pinned }: Linking): void {
  useEffect(() => {
    const focus = pinned.peek();
    if (focus !== undefined) pinned.value = inNext(factsOf(inspection), focus);
  }, [inspection, pinned]);
}
