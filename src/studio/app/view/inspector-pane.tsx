/** A pane of the inspector in a tab of the studio: loaded when it is first shown, and on view until there is a newer one. */

import { type ReadonlySignal, useComputed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Inspection } from '../../../inspection/inspection.ts';
import type { Numbers } from '../../../inspector/code-pane.tsx';
import type { Linking } from '../../../inspector/linking.ts';

type Panes = typeof import('./inspector-panes.ts');

export type InspectorView = 'graph' | 'code' | 'derivation' | 'kernels' | 'memory';

interface InspectorPaneProps {
  readonly view: InspectorView;
  readonly inspection: Inspection;
  readonly linking: Linking;
  /** Position in `Schedule.blocks` of what is computed right now. */
  readonly current: ReadonlySignal<number | undefined>;
  readonly numbers: ReadonlySignal<Numbers>;
  /** What is not shown is not drawn again. */
  readonly shown: boolean;
}

export function InspectorPane(props: InspectorPaneProps) {
  const panes = usePanes();
  const held = useRef(props.inspection);
  if (props.shown) held.current = props.inspection;
  if (panes === undefined) return <p class="note">Loading …</p>;
  const inspection = held.current;
  return (
    <div class="inspector" data-view={props.view}>
      <div class="panel">{draw(panes, { ...props, inspection })}</div>
      <panes.FocusLine inspection={inspection} linking={props.linking} />
    </div>
  );
}

function draw(panes: Panes, props: InspectorPaneProps): ComponentChildren {
  const { view, inspection, linking, current, numbers } = props;
  switch (view) {
    case 'graph':
      return <Graph panes={panes} {...props} />;
    case 'code':
      return <panes.CodePane {...{ inspection, linking, current, numbers }} />;
    case 'derivation':
      return <panes.DerivationPane {...{ inspection, linking }} />;
    case 'kernels':
      return <panes.SchedulePane {...{ inspection, linking, current }} />;
    case 'memory':
      return <panes.MemoryPane {...{ inspection, linking, current }} />;
  }
}

function Graph({ panes, inspection, linking, current }: InspectorPaneProps & { readonly panes: Panes }) {
  const key = useComputed(() => inspection.schedule.blocks[current.value ?? -1]?.keys[0]);
  return <panes.PassesPane {...{ inspection, linking }} current={key} />;
}

/** Their code comes once, when it is needed. */
function usePanes(): Panes | undefined {
  const [panes, set] = useState<Panes>();
  useEffect(() => {
    let wanted = true;
    void import('./inspector-panes.ts').then((loaded) => {
      if (wanted) set(loaded);
    });
    return () => {
      wanted = false;
    };
  }, []);
  return panes;
}
