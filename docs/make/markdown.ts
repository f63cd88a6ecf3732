/** Pieces of Markdown, as GitHub shows it. */

/** A page by its path from the root of the repository. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** Under each title: where the page comes from. */
export const origin =
  '<!-- Written by `npm run docs` from the sources. Change them or docs/make, not this page. -->';

/** Blocks with an empty line between them; empty ones are left out. */
export const blocks = (...parts: readonly string[]): string =>
  parts.filter((part) => part !== '').join('\n\n');

/** A page: its title, then its blocks. */
export const page = (path: string, title: string, ...parts: readonly string[]): Page => ({
  path,
  text: `${blocks(`# ${title}`, origin, ...parts)}\n`,
});

export const section = (level: 2 | 3 | 4, title: string, ...parts: readonly string[]): string =>
  blocks(`${'#'.repeat(level)} ${title}`, ...parts);

export const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');

/** More of the sign than there is of it in a row in `text`. */
const longer = (text: string, least: number): string =>
  '`'.repeat(Math.max(least, 1 + Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))));

export function fence(language: string, text: string): string {
  const marks = longer(text, 3);
  return `${marks}${language}\n${text.replace(/\n+$/, '')}\n${marks}`;
}

/** Text as it is, in a line. */
export function code(text: string): string {
  const marks = longer(text, 1);
  const space = text.includes('`') ? ' ' : '';
  return `${marks}${space}${text.replace(/\s+/g, ' ')}${space}${marks}`;
}

/** A comment of the sources as text: what would begin a tag does not. */
export const prose = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((piece) => (piece.startsWith('`') ? piece : piece.replace(/<(?=[A-Za-z/!])/g, '\\<')))
    .join('');

/** A formula of its own line; a fence, because between two dollars Markdown would take backslashes away. */
export const formula = (tex: string): string => fence('math', tex);

const words: Readonly<Record<string, string>> = {
  ',': '\\thinspace ',
  ';': '\\thickspace ',
  '!': '\\negthinspace ',
  '{': '\\lbrace ',
  '}': '\\rbrace ',
  '\\': '\\cr ',
};

/** A formula in a line, without a backslash before punctuation, which Markdown would take for its own. */
export const math = (tex: string): string =>
  `$${tex.replace(/\\([,;!{}\\])/g, (_, sign: string) => words[sign] ?? '')}$`;

/** In a cell a line between two columns is no part of the text. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

/** What can be unfolded. */
export const details = (summary: string, ...parts: readonly string[]): string =>
  blocks(`<details><summary>${summary}</summary>`, ...parts, '</details>');

/** The anchor that GitHub gives a heading. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[`*]/g, '')
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

export const link = (text: string, target: string): string => `[${text}](${target})`;

/** In the order of their code units, which is the same everywhere. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
