/** Colours for code: TypeScript by its grammar, read in slices of time; WebAssembly's text by its tokens. */

import { type Highlighter, highlightCode, tagHighlighter, tags } from '@lezer/highlight';
import { parser } from '@lezer/javascript';

export interface Piece {
  readonly text: string;
  /** Class of its colour; none for plain text. */
  readonly kind: string;
}

/** The pieces of the lines of a stretch of text. */
export type Highlight = (from: number, to: number) => readonly (readonly Piece[])[];

const kinds: Highlighter = tagHighlighter([
  { tag: tags.comment, class: 'comment' },
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword, tags.self], class: 'keyword' },
  { tag: [tags.string, tags.regexp, tags.special(tags.string)], class: 'string' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], class: 'number' },
  { tag: [tags.typeName, tags.className, tags.standard(tags.name)], class: 'type' },
  { tag: tags.function(tags.variableName), class: 'function' },
  { tag: tags.function(tags.propertyName), class: 'function' },
]);

const typescript = parser.configure({ dialect: 'ts' });

/** A slice of time in milliseconds, with room to a frame. */
const slice = 6;

/** Tells `done` when the text has been read, of a short text at once; the answer stops it. */
export function readTypeScript(text: string, done: (highlight: Highlight) => void): () => void {
  const parse = typescript.startParse(text);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const go = (): void => {
    const until = performance.now() + slice;
    while (performance.now() < until) {
      const tree = parse.advance();
      if (tree === null) continue;
      done((from, to) => {
        const lines = collectLines();
        highlightCode(text, tree, kinds, lines.put, lines.end, from, to);
        return lines.all;
      });
      return;
    }
    timer = setTimeout(go);
  };
  go();
  return () => clearTimeout(timer);
}

function collectLines() {
  let line: Piece[] = [];
  const all: Piece[][] = [line];
  return {
    all,
    put: (text: string, kind: string): void => {
      line.push({ text, kind });
    },
    end: (): void => {
      line = [];
      all.push(line);
    },
  };
}

const watToken =
  /(;;.*$)|("(?:[^"\\]|\\.)*")|([$][\w.$]+)|\b(-?(?:0x[\da-f.p+-]+|\d[\d.e+-]*))\b|([a-z][\w]*(?:\.[\w.]+)?)/g;
const watKinds = ['comment', 'string', 'function', 'number', 'keyword'] as const;

/** A line of it needs no other to be read. */
export const highlightWat =
  (text: string): Highlight =>
  (from, to) =>
    text.slice(from, to).split('\n').map(watLine);

function watLine(line: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of line.matchAll(watToken)) {
    if (match.index > end) pieces.push({ text: line.slice(end, match.index), kind: '' });
    const group = match.slice(1).findIndex((one) => one !== undefined);
    pieces.push({ text: match[0], kind: watKinds[group] ?? '' });
    end = match.index + match[0].length;
  }
  if (end < line.length) pieces.push({ text: line.slice(end), kind: '' });
  return pieces;
}
