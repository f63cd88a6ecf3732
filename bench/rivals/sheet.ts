/** Small drawings beside and below each other, under a title and what their colours mean: SVG text with a background. */

import { escapeText } from '../../src/report/html.ts';
import { fileTheme } from '../../src/report/theme.ts';

export interface Sheet {
  readonly title: string;
  readonly keys: readonly { readonly text: string; readonly color: string }[];
  readonly columns: number;
  readonly cell: { readonly width: number; readonly height: number };
  readonly cells: readonly { readonly title: string; readonly markup: string }[];
}

const [side, top, gap] = [16, 70, 12];

export function sheetOf({ title, keys, columns, cell, cells }: Sheet): string {
  const { ink, paper } = fileTheme;
  const width = columns * cell.width;
  const height = top + Math.ceil(cells.length / columns) * (cell.height + gap);
  const drawn = cells.map((one, i) => {
    const place = `translate(${(i % columns) * cell.width},${top + Math.floor(i / columns) * (cell.height + gap)})`;
    const heading = `<text x="${side}" y="14" font-weight="600" fill="${ink}">${escapeText(one.title)}</text>`;
    // The drawing is an element of its own, with a name for those who do not see it.
    const named = one.markup.replace('>', `><title>${escapeText(one.title)}</title>`);
    return `<g transform="${place}">${named}${heading}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="12">
<title>${escapeText(title)}</title>
<rect width="100%" height="100%" fill="${paper}"/>
<text x="${side}" y="27" font-size="16" font-weight="600" fill="${ink}">${escapeText(title)}</text>
${legendOf(keys)}
${drawn.join('\n')}
</svg>
`;
}

const legendOf = (keys: Sheet['keys']): string =>
  keys
    .map(({ text, color }, i) => {
      const dot = `<circle cx="5" cy="5" r="4.5" fill="${color}"/>`;
      const label = `<text x="16" y="9" fill="${fileTheme.muted}">${escapeText(text)}</text>`;
      return `<g transform="translate(${side + 110 * i},40)">${dot}${label}</g>`;
    })
    .join('\n');
