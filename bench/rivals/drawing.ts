/** The drawing of all cases: a dot for each contender, on a logarithmic axis of steps per second. */

import type * as Library from '@observablehq/plot';
import { logTicks } from '../../src/report/scales.ts';
import { fileTheme, seriesColor } from '../../src/report/theme.ts';
import type { Kind } from './contenders.ts';
import { grouped, shown } from './numbers.ts';
import type { Results, Row } from './results.ts';
import { sheetOf } from './sheet.ts';
import { fastestFirst } from './terminal.ts';

const colors: Readonly<Record<Kind, string>> = {
  ours: seriesColor(0),
  javascript: seriesColor(1),
  python: seriesColor(2),
  peak: fileTheme.muted,
};

const tickLabel = (x: number): string => (x < 1 ? String(x) : grouped(x));

const keys: readonly (readonly [Kind, string])[] = [
  ['ours', 'chainrule'],
  ['javascript', 'JavaScript'],
  ['python', 'Python'],
];

const [cellWidth, rowHeight, heading] = [560, 18, 26];
const margin = { left: 190, right: 70, bottom: 34 } as const;

type Page = ReturnType<typeof import('linkedom').parseHTML>['document'];

/** What is used of an element: the types of pages are not among those of Node. */
interface Drawn {
  readonly outerHTML: string;
}

export async function drawCases({ rows, machine, date }: Results): Promise<string> {
  const [library, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')]);
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const names = [...new Set(rows.map((row) => row.case))];
  const groups = names.map((name) => fastestFirst(rows.filter((row) => row.case === name)));
  const most = Math.max(1, ...groups.map(({ length }) => length));
  return sheetOf({
    title: `Training steps per second, ${machine.cpu}, ${date}`,
    keys: keys.map(([kind, text]) => ({ text, color: colors[kind] })),
    columns: 2,
    cell: { width: cellWidth, height: heading + rowHeight * most + margin.bottom },
    cells: groups.map((group, i) => ({
      title: `${names[i] ?? ''}: steps per second`,
      markup: cellOf(library, document, group),
    })),
  });
}

function cellOf(library: typeof Library, document: Page, group: readonly Row[]): string {
  const low = Math.min(...group.map(({ min }) => min)) / 1.4;
  const high = Math.max(...group.map(({ max }) => max)) * 1.4;
  const ticks = logTicks([low, high]);
  const fill = (row: Row): string => colors[row.kind];
  const place = { x: 'steps_per_s', y: 'who' } as const;
  const drawn: Drawn = library.plot({
    document,
    className: 'plot',
    width: cellWidth,
    height: heading + rowHeight * group.length + margin.bottom,
    marginLeft: margin.left,
    marginRight: margin.right,
    marginTop: heading,
    marginBottom: margin.bottom,
    x: { type: 'log', domain: [low, high], label: null },
    y: { domain: group.map(({ who }) => who), label: null },
    marks: [
      library.axisX({ ticks, tickFormat: tickLabel, color: fileTheme.muted }),
      library.axisY({ tickSize: 0, fontSize: 12, color: fileTheme.ink }),
      library.gridX({ ticks, stroke: fileTheme.muted, strokeOpacity: 0.22 }),
      library.ruleY(group, { x1: low, x2: 'steps_per_s', y: 'who', stroke: fill, strokeOpacity: 0.35 }),
      // From the slowest round to the fastest.
      library.ruleY(group, {
        x1: 'min',
        x2: 'max',
        y: 'who',
        stroke: fill,
        strokeWidth: 4,
        strokeOpacity: 0.35,
      }),
      library.dot(group, { ...place, fill, r: 4.5 }),
      library.text(group, {
        ...place,
        text: (row: Row) => shown(row.steps_per_s),
        dx: 10,
        textAnchor: 'start',
        fill: fileTheme.muted,
      }),
    ],
  });
  return drawn.outerHTML;
}
