/** What the engine knows about the text, as the editor asks for it: completions, hovers, markers. */

import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import type { Extension, Text, TransactionSpec } from '@codemirror/state';
import { type EditorView, hoverTooltip } from '@codemirror/view';
import type { Calls, Problem } from '../../engine/protocol.ts';

/** Undefined where the engine cannot answer now. */
export interface Assistant {
  complete(text: string, position: number): Promise<ReturnType<Calls['complete']>>;
  hover(text: string, position: number): Promise<ReturnType<Calls['hover']>>;
}

export const assistance = (assistant: Assistant): Extension => [
  autocompletion({ override: [(context) => completions(assistant, context)], icons: false }),
  hoverTooltip((view, position) => hover(assistant, view, position), { hoverTime: 400 }),
  lintGutter(),
];

async function completions(
  assistant: Assistant,
  context: CompletionContext,
): Promise<CompletionResult | null> {
  const word = context.matchBefore(/[\w$]+|[.'"]/);
  if (word === null && !context.explicit) return null;
  const found = await assistant.complete(context.state.doc.toString(), context.pos);
  if (found === undefined || context.aborted) return null;
  return { from: found.from, options: [...found.options], validFor: /^[\w$]*$/ };
}

async function hover(assistant: Assistant, view: EditorView, position: number) {
  const found = await assistant.hover(view.state.doc.toString(), position);
  if (found === undefined) return null;
  return {
    pos: found.from,
    end: found.to,
    create() {
      const dom = document.createElement('div');
      dom.className = 'cm-hover';
      dom.textContent = found.text;
      return { dom };
    },
  };
}

/** Problems of this text; positions that it does not have are moved to its end. */
export function withMarkers(state: EditorView['state'], problems: readonly Problem[]): TransactionSpec {
  const { doc } = state;
  return setDiagnostics(
    state,
    problems.map((problem) => markerOf(problem, doc)),
  );
}

function markerOf({ from, to, severity, message, code, help }: Problem, doc: Text): Diagnostic {
  const start = Math.min(Math.max(0, from), doc.length);
  const line = doc.lineAt(start);
  // A marker of no width would not be seen.
  const end = Math.max(Math.min(to, doc.length), Math.min(start + 1, line.to));
  return {
    from: Math.min(start, end),
    to: end,
    severity,
    source: code,
    message: help === undefined ? message : `${message}\n${help}`,
  };
}
