/** Lines of the text that light up because something that came from them is pointed at. */

import { type Extension, RangeSetBuilder, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view';

const light = StateEffect.define<readonly number[]>();
const mark = Decoration.line({ class: 'cm-lit' });

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(before, transaction) {
    let lines = before.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(light)) continue;
      const { doc } = transaction.state;
      const builder = new RangeSetBuilder<Decoration>();
      const known = effect.value.filter((line) => line >= 1 && line <= doc.lines);
      for (const line of known.toSorted((a, b) => a - b)) {
        const { from } = doc.line(line);
        builder.add(from, from, mark);
      }
      lines = builder.finish();
    }
    return lines;
  },
  provide: (self) => EditorView.decorations.from(self),
});

export const litLines: Extension = field;

export const lightLines = (lines: readonly number[]) => ({ effects: light.of(lines) });

/** Tells which line is pointed at: by the mouse, or by the cursor of an editor that has the focus. */
export function pointing(onPoint: (line: number | undefined) => void): Extension {
  const lineAt = (view: EditorView, event: MouseEvent): number | undefined => {
    const position = view.posAtCoords({ x: event.clientX, y: event.clientY });
    return position === null ? undefined : view.state.doc.lineAt(position).number;
  };
  return [
    EditorView.domEventHandlers({
      pointermove: (event, view) => onPoint(lineAt(view, event)),
      pointerleave: () => onPoint(undefined),
      blur: () => onPoint(undefined),
    }),
    EditorView.updateListener.of(({ view, selectionSet, focusChanged, state }) => {
      if (view.hasFocus && (selectionSet || focusChanged))
        onPoint(state.doc.lineAt(state.selection.main.head).number);
    }),
  ];
}
