/** What tests read in Markdown: fences, text outside of them, headings, links, formulas. */

import { anchorOf } from '../../docs/make/markdown.ts';

export interface Fence {
  readonly language: string;
  readonly text: string;
}

const fencePattern = /^(`{3,})(\w*)\n([\s\S]*?)\n?^\1$/gm;

export const fencesIn = (markdown: string): readonly Fence[] =>
  [...markdown.matchAll(fencePattern)].map(([, , language = '', text = '']) => ({ language, text }));

export const withoutFences = (markdown: string): string => markdown.replace(fencePattern, '');

/** Text in backticks, in lines. */
export const codeIn = (markdown: string): readonly string[] =>
  [...withoutFences(markdown).matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)].map(([, text = '']) => text);

const withoutCode = (markdown: string): string =>
  withoutFences(markdown).replace(/(?<!`)`[^`\n]+`(?!`)/g, '');

/** How often each anchor is one of a heading. */
export function anchorsIn(markdown: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [, heading = ''] of withoutFences(markdown).matchAll(/^#{1,6} (.*)$/gm)) {
    const anchor = anchorOf(heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1'));
    counts.set(anchor, (counts.get(anchor) ?? 0) + 1);
  }
  return counts;
}

/** Targets of links and pictures. */
export const linksIn = (markdown: string): readonly string[] =>
  [...withoutCode(markdown).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = '']) => target);

/** Every formula, in lines and in fences. */
export const formulasIn = (markdown: string): readonly string[] => [
  ...fencesIn(markdown).flatMap(({ language, text }) => (language === 'math' ? [text] : [])),
  ...[...withoutCode(markdown).matchAll(/\$([^$\n]+)\$/g)].map(([, tex = '']) => tex),
];
