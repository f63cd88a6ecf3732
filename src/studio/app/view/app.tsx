/** The page: the editor on one side and what comes of it on the other; on a narrow screen, all of it as tabs. */

import { useComputed } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { createLinking, type Linking, release } from '../../../inspector/linking.ts';
import { Tabs } from '../../../inspector/tabs.tsx';
import { numbersSoFar } from '../state/examining.ts';
import type { Studio, View } from '../state/studio.ts';
import { createPainting, PaintingContext } from '../train/painting.ts';
import { TrainPane } from '../train/train-pane.tsx';
import { DropZone } from './drop-zone.tsx';
import { Header } from './header.tsx';
import { InspectorPane } from './inspector-pane.tsx';
import { ModelPane } from './model-pane.tsx';
import { Notice } from './notice.tsx';
import { narrowQuery, useMedia } from './use-media.ts';

interface Tab<Id extends View> {
  readonly id: Id;
  readonly title: string;
  /** For those who do not know the term. */
  readonly hint: string;
}

const viewTabs: readonly Tab<Exclude<View, 'model'>>[] = [
  {
    id: 'train',
    title: 'Train',
    hint: 'Train the model in this page, or go through one step statement by statement.',
  },
  {
    id: 'graph',
    title: 'Graph & passes',
    hint: 'All values as you wrote them, and after each pass of the compiler.',
  },
  {
    id: 'code',
    title: 'Code',
    hint: 'The trainer that the compiler writes: one paragraph for each equation.',
  },
  {
    id: 'derivation',
    title: 'Derivation',
    hint: 'How the gradient of each value follows from those after it by the chain rule.',
  },
  {
    id: 'kernels',
    title: 'Kernels',
    hint: 'The loops of one step, in order: what each costs, and why it is as it is.',
  },
  {
    id: 'memory',
    title: 'Memory',
    hint: 'Where each array lies in the one buffer of the trainer, and from when to when.',
  },
];

const modelTab = { id: 'model', title: 'Model' };

export function App({ studio }: { readonly studio: Studio }) {
  const narrow = useMedia(narrowQuery);
  const linking = useMemo(createLinking, []);
  const painting = useMemo(createPainting, []);
  useEscape(linking);
  const inspection = studio.model.compiled.value?.inspection;
  // What was pinned was a part of the model before.
  useEffect(() => release(linking), [inspection, linking]);
  const chosen = studio.view.value;
  const view = chosen === 'model' && !narrow ? 'train' : chosen;
  const choose = (id: string): void => {
    const known = viewTabs.find((tab) => tab.id === id)?.id ?? 'model';
    studio.view.value = known;
    linking.turns.value++;
  };
  const tabs = narrow ? [modelTab, ...viewTabs] : viewTabs;
  const asTab = narrow
    ? ({ role: 'tabpanel', id: 'panel-model', 'aria-labelledby': 'view-model' } as const)
    : ({ role: 'region', 'aria-label': 'Model' } as const);
  return (
    <PaintingContext.Provider value={painting}>
      <Header studio={studio} />
      <Notice studio={studio} />
      <main class="studio">
        <Tabs name="view" label="Views" tabs={tabs} chosen={view} choose={choose} />
        <div class="model-side" hidden={narrow && view !== 'model'} {...asTab}>
          <ModelPane studio={studio} linking={linking} />
        </div>
        {viewTabs.map((tab) => (
          <Panel key={tab.id} studio={studio} tab={tab} shown={tab.id === view} linking={linking} />
        ))}
      </main>
      <DropZone studio={studio} />
    </PaintingContext.Provider>
  );
}

interface PanelProps {
  readonly studio: Studio;
  readonly tab: Tab<Exclude<View, 'model'>>;
  readonly shown: boolean;
  readonly linking: Linking;
}

/** Drawn when it is first shown, and kept from then on. */
function Panel({ studio, tab: { id, title, hint }, shown, linking }: PanelProps) {
  const wasShown = useRef(false);
  wasShown.current ||= shown;
  const { examining } = studio;
  const numbers = useComputed(() => numbersSoFar(examining));
  const inspection = studio.model.compiled.value?.inspection;
  return (
    <div class="view" role="tabpanel" id={`panel-${id}`} aria-labelledby={`view-${id}`} hidden={!shown}>
      <h2 class="unseen">{title}</h2>
      <p class="about">{hint}</p>
      <Stale studio={studio} />
      {wasShown.current && id === 'train' && <TrainPane studio={studio} linking={linking} shown={shown} />}
      {/* Code is shown in the step mode as well, and its lines have names that are there only once. */}
      {wasShown.current && id !== 'train' && inspection !== undefined && (shown || id !== 'code') && (
        <InspectorPane view={id} current={examining.block} {...{ inspection, linking, numbers, shown }} />
      )}
      {id !== 'train' && inspection === undefined && <p class="note">There is nothing to show yet.</p>}
    </div>
  );
}

function Stale({ studio }: { readonly studio: Studio }) {
  if (!studio.model.outdated.value) return null;
  return <p class="stale">Of the last text that compiled, not of the one in the editor.</p>;
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
