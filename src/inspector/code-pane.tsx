/** The emitted files: each line knows what it computes, and in a running model which block is computed now. */

import { computed, type ReadonlySignal, useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { CodeFile, CodeLine, Inspection } from '../inspection/inspection.ts';
import type { Linking } from './linking.ts';
import { Listing } from './listing.tsx';
import type { Marks } from './painter.ts';
import { Tabs } from './tabs.tsx';

/** Short texts beside statements, by position in `Schedule.blocks`. */
export type Numbers = ReadonlyMap<number, string>;

export interface CodePaneProps {
  readonly inspection: Inspection;
  readonly linking: Linking;
  /** Position in `Schedule.blocks`. */
  readonly current?: ReadonlySignal<number | undefined> | undefined;
  readonly numbers?: ReadonlySignal<Numbers> | undefined;
}

export function CodePane({ inspection, linking, current, numbers }: CodePaneProps) {
  const { code } = inspection;
  const chosen = useSignal(0);
  const position = Math.min(chosen.value, code.length - 1);
  const file = code[position];
  if (file === undefined) return null;
  return (
    <div class="filed">
      <Tabs
        name="code-file"
        label="Emitted files"
        tabs={code.map(({ name }, i) => ({ id: String(i), title: name }))}
        chosen={String(position)}
        choose={(id) => {
          chosen.value = Number(id);
        }}
        panel="code-text"
      />
      <div class="file" id="code-text" role="tabpanel" aria-labelledby={`code-file-${position}`}>
        <File key={position} {...{ file, linking, current, numbers }} />
      </div>
    </div>
  );
}

type FileProps = Omit<CodePaneProps, 'inspection'> & { readonly file: CodeFile };

function File({ file, linking, current, numbers }: FileProps) {
  const { name, text, language, lines } = file;
  const notes = useMemo(
    () => numbers && computed<Marks>(() => notesOf(lines, numbers.value)),
    [lines, numbers],
  );
  return <Listing pane="code" label={name} {...{ text, language, lines, linking, current, notes }} />;
}

/** The number of a block stands beside the line that stores it, or where it begins. */
function notesOf(lines: readonly CodeLine[], numbers: Numbers): Marks {
  const notes = new Map<number, string>();
  let start = 0;
  for (let item = 1; item <= lines.length; item++) {
    const block = lines[start]?.block;
    if (lines[item]?.block === block) continue;
    const storing = lines.slice(start, item).findIndex(({ stores }) => stores);
    const number = block === undefined ? undefined : numbers.get(block);
    if (number !== undefined) notes.set(start + Math.max(storing, 0), number);
    start = item;
  }
  return notes;
}
