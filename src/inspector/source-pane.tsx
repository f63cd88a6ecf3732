/** The model as it is written: a line lights up all that came of it. */

import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { Inspection } from '../inspection/inspection.ts';
import { linkedLines } from './focus.ts';
import type { Linking } from './linking.ts';
import { type ListedLine, Listing } from './listing.tsx';
import { Tabs } from './tabs.tsx';

export interface SourcePaneProps {
  readonly inspection: Inspection;
  readonly linking: Linking;
}

export function SourcePane({ inspection, linking }: SourcePaneProps) {
  const { sources } = inspection;
  const chosen = useSignal(0);
  const position = Math.min(chosen.value, sources.length - 1);
  const source = sources[position];
  const lines = useMemo(
    () =>
      linkedLines(inspection, position).flatMap(({ keys, site }): readonly ListedLine[] =>
        site === undefined ? [] : [{ keys, site, line: site.line }],
      ),
    [inspection, position],
  );
  if (source === undefined) return null;
  return (
    <div class="filed">
      <Tabs
        name="source-file"
        label="Files of the model"
        tabs={sources.map(({ name }, i) => ({ id: String(i), title: name }))}
        chosen={String(position)}
        choose={(id) => {
          chosen.value = Number(id);
        }}
        panel="source-text"
      />
      <div class="file" id="source-text" role="tabpanel" aria-labelledby={`source-file-${position}`}>
        <Listing
          pane="source"
          label={source.name}
          text={source.text}
          language="ts"
          lines={lines}
          linking={linking}
        />
      </div>
    </div>
  );
}
