/** The editor, and what the checker and the compiler say about its text. */

import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Focus } from '../../../inspector/focus.ts';
import type { Linking } from '../../../inspector/linking.ts';
import { point, release, togglePin } from '../../../inspector/linking.ts';
import type { Problem } from '../../engine/protocol.ts';
import type { Editor } from '../editor/editor.ts';
import type { Studio } from '../state/studio.ts';

const hint = 'Ctrl-Enter compiles, Alt-Enter pins a line. Tab indents; Escape, then Tab, leaves the editor.';

export function ModelPane({ studio, linking }: { readonly studio: Studio; readonly linking: Linking }) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor>(undefined);
  useEffect(() => {
    const place = host.current;
    if (place === null) return;
    let close = (): void => {};
    let wanted = true;
    // By itself: what it takes to start it is not added to what it takes to draw the page.
    void import('../editor/editor.ts').then(({ createEditor }) => {
      if (!wanted) return;
      const made = connectEditor(createEditor, place, studio, linking);
      editor.current = made.editor;
      close = made.close;
    });
    return () => {
      wanted = false;
      close();
    };
  }, [studio, linking]);
  return (
    <>
      <div class="editor" ref={host} />
      <p class="about">{hint}</p>
      <Status studio={studio} />
      <Problems studio={studio} onOpen={(problem) => editor.current?.goTo(problem.from)} />
    </>
  );
}

/** A line of the text, as the panes of the inspector mean it. */
const focusOn = (line: number): Focus => ({ pane: 'source', keys: [], site: { source: 0, line } });

type CreateEditor = typeof import('../editor/editor.ts').createEditor;

function connectEditor(
  createEditor: CreateEditor,
  host: HTMLElement,
  { model, engine }: Studio,
  linking: Linking,
) {
  const ready = (): boolean => engine.status.value === 'ready';
  const ask = async <Answer,>(call: () => Promise<Answer | undefined>): Promise<Answer | undefined> => {
    if (!ready()) return undefined;
    // An assistant that fails is no reason to stop typing.
    return call().catch(() => undefined);
  };
  const editor = createEditor(host, {
    text: model.text.value,
    description: hint,
    assistant: {
      complete: (text, position) => ask(() => engine.call('complete', text, position)),
      hover: (text, position) => ask(() => engine.call('hover', text, position)),
    },
    onEdit: model.edit,
    onCompile: model.compileNow,
    onPoint(line) {
      // What another pane points at by now is not taken back.
      const own = linking.pointed.peek()?.pane === 'source';
      if (line !== undefined || own) point(linking, line === undefined ? undefined : focusOn(line));
    },
    onPin: (line) => togglePin(linking, focusOn(line)),
    onRelease: () => release(linking),
  });
  const disposals = [
    effect(() => editor.setText(model.text.value)),
    effect(() => editor.mark(model.problems.value)),
    effect(() => {
      const focus = linking.focus.value;
      const lines = focus?.site?.source === 0 && !model.stale.value ? [focus.site.line] : [];
      editor.light(lines, focus?.pane !== 'source');
    }),
  ];
  return {
    editor,
    close() {
      for (const dispose of disposals) dispose();
      editor.close();
    },
  };
}

function Status({ studio }: { readonly studio: Studio }) {
  const { model, engine } = studio;
  const death = engine.death.value;
  return (
    <div class="status">
      <p role="status">{statusOf(studio)}</p>
      {model.slow.value && (
        <button type="button" onClick={model.stop}>
          Stop the compiler
        </button>
      )}
      {death !== undefined && (
        <button type="button" onClick={engine.restart}>
          Start it again
        </button>
      )}
    </div>
  );
}

function statusOf({ model, engine }: Studio): string {
  if (engine.status.value === 'loading') return 'The compiler is loading; you can write meanwhile.';
  if (engine.status.value === 'dead') return `The compiler has stopped: ${engine.death.value?.message ?? ''}`;
  if (model.slow.value) return 'Compiling takes long. Is there a loop without an end?';
  if (model.compiling.value) return 'Compiling …';
  if (model.failure.value !== undefined) return model.failure.value.message;
  const errors = model.problems.value.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) return `${errors} ${errors === 1 ? 'error' : 'errors'}`;
  const { value: compiled } = model.compiled;
  if (compiled === undefined || model.stale.value) return 'Not compiled yet';
  return `Compiled in ${compiled.ms < 1 ? '<1' : Math.round(compiled.ms)} ms, no errors`;
}

interface ProblemsProps {
  readonly studio: Studio;
  readonly onOpen: (problem: Problem) => void;
}

function Problems({ studio, onOpen }: ProblemsProps) {
  const { problems, text } = studio.model;
  if (problems.value.length === 0) return null;
  return (
    <section class="problems" aria-labelledby="problems-title">
      <h2 id="problems-title">Problems</h2>
      <ul>
        {problems.value.slice(0, 50).map((problem, i) => (
          <li key={i} data-severity={problem.severity}>
            <button type="button" onClick={() => onOpen(problem)}>
              <span class="message">
                <b>
                  {signOf[problem.severity]} line {lineAt(text.value, problem.from)}
                </b>{' '}
                {problem.message} <small>{problem.code}</small>
              </span>
            </button>
            {problem.help !== undefined && <p>{problem.help}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

const signOf = { error: '✕ Error,', warning: '⚠ Warning,', info: 'ℹ Note,' } as const;

const lineAt = (text: string, position: number): number => text.slice(0, position).split('\n').length;
