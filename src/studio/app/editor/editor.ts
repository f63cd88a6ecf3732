/** The editor of the model: CodeMirror in a shadow root, where its styles need no leave of the page's policy. */

import { closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { nextDiagnostic } from '@codemirror/lint';
import { Compartment, EditorState, type Extension, Prec } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view';
import type { Problem } from '../../engine/protocol.ts';
import { type Assistant, assistance, withMarkers } from './assist.ts';
import { lightLines, litLines, pointing } from './lit-lines.ts';
import { editorTheme, highlightStyle } from './theme.ts';

export interface EditorOptions {
  readonly text: string;
  readonly assistant: Assistant;
  /** How to leave it: said with its name, because no element outside of a shadow root can describe what is inside. */
  readonly description: string;
  onEdit(text: string): void;
  onCompile(): void;
  onPoint(line: number | undefined): void;
  onPin(line: number): void;
  onRelease(): void;
}

export interface Editor {
  /** Takes the place of the whole text, as one step that can be undone. */
  setText(text: string): void;
  mark(problems: readonly Problem[]): void;
  light(lines: readonly number[], scroll: boolean): void;
  goTo(position: number): void;
  close(): void;
}

export function createEditor(parent: HTMLElement, options: EditorOptions): Editor {
  const root = parent.shadowRoot ?? parent.attachShadow({ mode: 'open' });
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const mode = new Compartment();
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: options.text,
      extensions: [extensionsOf(options), mode.of(EditorView.darkTheme.of(dark.matches))],
    }),
  });
  const follow = (): void =>
    view.dispatch({ effects: mode.reconfigure(EditorView.darkTheme.of(dark.matches)) });
  dark.addEventListener('change', follow);
  return {
    setText(text) {
      if (text === view.state.doc.toString()) return;
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text },
        selection: { anchor: 0 },
        scrollIntoView: true,
      });
    },
    mark: (problems) => view.dispatch(withMarkers(view.state, problems)),
    light(lines, scroll) {
      view.dispatch(lightLines(lines));
      const [first] = lines;
      if (!scroll || first === undefined || first > view.state.doc.lines) return;
      view.dispatch({
        effects: EditorView.scrollIntoView(view.state.doc.line(first).from, { y: 'nearest' }),
      });
    },
    goTo(position) {
      const anchor = Math.min(position, view.state.doc.length);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
      view.focus();
    },
    close() {
      dark.removeEventListener('change', follow);
      view.destroy();
    },
  };
}

function extensionsOf(options: EditorOptions): Extension {
  const compile = {
    key: 'Mod-Enter',
    run: () => {
      options.onCompile();
      return true;
    },
  };
  const pin = {
    key: 'Alt-Enter',
    run: ({ state }: EditorView) => {
      options.onPin(state.doc.lineAt(state.selection.main.head).number);
      return true;
    },
  };
  const release = {
    key: 'Escape',
    run: () => {
      options.onRelease();
      return false;
    },
  };
  return [
    lineNumbers(),
    highlightActiveLineGutter(),
    history(),
    drawSelection(),
    indentUnit.of('  '),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    javascript({ typescript: true }),
    syntaxHighlighting(highlightStyle),
    assistance(options.assistant),
    litLines,
    pointing(options.onPoint),
    Prec.high(keymap.of([compile, pin, release])),
    overSelections,
    keymap.of([
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...historyKeymap,
      ...completionKeymap,
      { key: 'F8', run: nextDiagnostic },
      indentWithTab,
    ]),
    editorTheme,
    EditorView.contentAttributes.of({
      'aria-label': `Model, TypeScript. ${options.description}`,
      // The box around it scrolls, and must be reached by keys; content that can be edited is, but not all tools know.
      tabindex: '0',
      spellcheck: 'false',
      autocapitalize: 'off',
    }),
    EditorView.updateListener.of(({ docChanged, state }) => {
      if (docChanged) options.onEdit(state.doc.toString());
    }),
  ];
}

/**
 * Chromium gives text that is typed over a selection the looks of what was there, by an attribute that the page's policy
 * forbids. Such text is put in by the editor instead, in the way of its other input.
 */
const overSelections = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { data: text, inputType } = event;
    const { main } = view.state.selection;
    if (inputType !== 'insertText' || text === null || main.empty) return false;
    const insert = () =>
      view.state.update(view.state.replaceSelection(text), { userEvent: 'input.type', scrollIntoView: true });
    const handlers = view.state.facet(EditorView.inputHandler);
    if (!handlers.some((handle) => handle(view, main.from, main.to, text, insert))) view.dispatch(insert());
    return true;
  },
});
