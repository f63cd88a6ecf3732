/** Code with line numbers: coloured where it can be seen, plain text elsewhere, lines that are linked as items. */

import { computed, effect, type ReadonlySignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Linked, Role } from '../inspection/inspection.ts';
import type { PaneName } from './focus.ts';
import { type Highlight, highlightWat, type Piece, readTypeScript } from './highlight.ts';
import type { Linking } from './linking.ts';
import { type Marks, revealSpan } from './painter.ts';
import { letterOf } from './role.tsx';
import { itemProps, usePane } from './use-pane.ts';

export interface ListedLine extends Linked {
  /** Counted from 1. */
  readonly line: number;
  readonly role?: Role;
  readonly block?: number;
}

export interface ListingProps {
  readonly pane: PaneName;
  readonly label: string;
  readonly text: string;
  readonly language: 'ts' | 'wat';
  readonly lines: readonly ListedLine[];
  readonly linking: Linking;
  readonly current?: ReadonlySignal<number | undefined> | undefined;
  /** A short text at the end of some lines, by position in `lines`. */
  readonly notes?: ReadonlySignal<Marks> | undefined;
}

/** Lines that are drawn at once. */
const size = 40;

/** So many chunks are drawn again when the text is replaced; of more, those that can be seen. */
const fewChunks = 8;

interface Chunk {
  /** Number of its first line, from 0. */
  readonly first: number;
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

function chunksOf(text: string): readonly Chunk[] {
  const chunks: Chunk[] = [];
  const lines = text.split('\n');
  let from = 0;
  for (let first = 0; first < lines.length; first += size) {
    const own = lines.slice(first, first + size);
    const to = from + own.reduce((sum, line) => sum + line.length + 1, -1);
    chunks.push({ first, count: own.length, from, to });
    from = to + 1;
  }
  return chunks;
}

/** Reads TypeScript in the background; until then the text is plain. */
function useHighlight(text: string, language: 'ts' | 'wat'): Highlight | undefined {
  const [read, setRead] = useState<{ text: string; highlight: Highlight }>();
  useLayoutEffect(() => {
    if (language === 'ts') return readTypeScript(text, (highlight) => setRead({ text, highlight }));
    setRead({ text, highlight: highlightWat(text) });
  }, [text, language]);
  return read?.text === text ? read.highlight : undefined;
}

export function Listing(props: ListingProps) {
  const { pane, label, text, language, lines, linking, current, notes } = props;
  const chunks = useMemo(() => chunksOf(text), [text]);
  const highlight = useHighlight(text, language);
  const list = useRef<HTMLDivElement>(null);
  const [drawn, see] = useSeenChunks(list, chunks, lines);
  const marks = useMemo(
    () => ({
      'data-current': computed<Marks>(() => linesOf(lines, current?.value)),
      ...(notes && { 'data-note': notes }),
    }),
    [lines, current, notes],
  );
  const show = (item: number): void => {
    const at = lines[item]?.line;
    if (at === undefined) return;
    see(Math.floor((at - 1) / size));
    showLine(box.current, list.current, at - 1, chunks);
  };
  const { box, repaint, handlers } = usePane({ pane, items: lines, linking, show, marks });
  useLayoutEffect(repaint, [drawn, highlight, chunks]);
  useLayoutEffect(
    () =>
      effect(() => {
        const [item] = linesOf(lines, current?.value).keys();
        // Whoever points at something wants to look at that.
        if (item !== undefined && linking.focus.peek() === undefined) show(item);
      }),
    [lines, current, linking],
  );
  const itemOf = useMemo(() => new Map(lines.map(({ line }, item) => [line, item])), [lines]);
  return (
    <div class="listing scrolling" ref={box} {...handlers}>
      <div class="lines" role="listbox" aria-label={label} ref={list}>
        {chunks.map((chunk, part) => (
          <div key={part} class={drawn.has(part) ? 'chunk' : 'chunk plain'} role="none">
            {drawn.has(part) ? (
              <RichChunk {...{ pane, text, chunk, highlight, lines, itemOf }} />
            ) : (
              text.slice(chunk.from, chunk.to)
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

const linesOf = (lines: readonly ListedLine[], block: number | undefined): Marks =>
  new Map(
    block === undefined ? [] : lines.flatMap((line, item) => (line.block === block ? [[item, '']] : [])),
  );

/** Scrolls by the place of a line in its chunk, which may not be drawn yet: all lines are as high as those of the first. */
function showLine(box: Element | null, list: Element | null, line: number, chunks: readonly Chunk[]): void {
  const chunk = chunks[Math.floor(line / size)];
  const element = list?.children[Math.floor(line / size)];
  if (box === null || chunk === undefined || element === undefined) return;
  const one = (list?.children[0]?.getBoundingClientRect().height ?? 0) / (chunks[0]?.count ?? 1);
  const start = element.getBoundingClientRect().top + (line - chunk.first) * one;
  revealSpan(box, start, start + one);
}

/** The chunks that have come near the box, and the one in which the first item is, so that keys can reach it. */
function useSeenChunks(
  list: RefObject<HTMLDivElement | null>,
  chunks: readonly Chunk[],
  lines: readonly ListedLine[],
): readonly [ReadonlySet<number>, (chunk: number) => void] {
  const start = Math.floor(((lines[0]?.line ?? 1) - 1) / size);
  const [seen, setSeen] = useState<{ chunks: readonly Chunk[]; drawn: ReadonlySet<number> }>();
  const kept = seen !== undefined && (seen.chunks === chunks || seen.drawn.size <= fewChunks);
  const drawn = kept ? new Set([...seen.drawn, start]) : new Set([0, start]);
  const see = (part: number): void =>
    setSeen((before) => {
      const known = before?.chunks === chunks ? before.drawn : drawn;
      return known.has(part) ? before : { chunks, drawn: new Set([...known, part]) };
    });
  useEffect(() => {
    const elements = [...(list.current?.children ?? [])];
    const observer = new IntersectionObserver(
      (entries) => {
        const near = entries.filter((entry) => entry.isIntersecting);
        for (const { target } of near) see(elements.indexOf(target));
      },
      { root: list.current?.parentElement ?? null, rootMargin: '50% 0px' },
    );
    for (const element of elements) observer.observe(element);
    return () => observer.disconnect();
  }, [chunks]);
  return [drawn, see];
}

interface ChunkProps {
  readonly pane: PaneName;
  readonly text: string;
  readonly chunk: Chunk;
  readonly highlight: Highlight | undefined;
  readonly lines: readonly ListedLine[];
  readonly itemOf: ReadonlyMap<number, number>;
}

function RichChunk({ pane, text, chunk, highlight, lines, itemOf }: ChunkProps) {
  const drawn = useMemo(() => {
    const { first, from, to } = chunk;
    const rows =
      highlight?.(from, to) ??
      text
        .slice(from, to)
        .split('\n')
        .map((line) => [{ text: line, kind: '' }]);
    return rows.map((pieces, i) => {
      const line = first + i + 1;
      const item = itemOf.get(line);
      return <Line key={line} {...{ pane, pieces, line, item }} role={lines[item ?? -1]?.role} />;
    });
  }, [pane, text, chunk, highlight, lines, itemOf]);
  return <>{drawn}</>;
}

interface LineProps {
  readonly pane: PaneName;
  readonly pieces: readonly Piece[];
  readonly line: number;
  readonly item: number | undefined;
  readonly role: Role | undefined;
}

function Line({ pane, pieces, line, item, role }: LineProps) {
  const code = pieces.map(({ text, kind }, i) =>
    kind === '' ? (
      text
    ) : (
      <span key={i} class={`code-${kind}`}>
        {text}
      </span>
    ),
  );
  // Numbers and signs are drawn by the style sheet, so that they are not copied with the code.
  const about = { class: 'line', 'data-line': line, 'data-role': role, 'data-sign': role && letterOf[role] };
  return item === undefined ? (
    <div {...about} role="none">
      {code}
    </div>
  ) : (
    <div {...about} {...itemProps(pane, item, 'option')}>
      {code}
    </div>
  );
}
