/** The parts of a derivation as markup: formulas are set as MathML, so that they need no script, no font and no network. */

import katex from 'katex';
import { html, type Markup, trusted } from '../report/html.ts';
import type { Part, Words } from './document.ts';

export function partMarkup(part: Part): Markup {
  switch (part.kind) {
    case 'title':
      return html`<h1>${inline(part.words)}</h1>\n`;
    case 'section':
      return html`<h2>${inline(part.words)}</h2>\n`;
    case 'step':
      return html`<h3>${inline(part.words)}</h3>\n`;
    case 'text':
      return html`<p>${inline(part.words)}</p>\n`;
    case 'formula':
      return html`<p>${math(part.tex, true)}</p>\n`;
    case 'list':
      return html`<ul>${part.items.map((words) => html`<li>${inline(words)}</li>`)}</ul>\n`;
  }
}

const inline = (words: readonly Words[]): readonly Markup[] =>
  words.map((piece) => {
    if (typeof piece === 'string') return html`${piece}`;
    return piece.kind === 'math' ? math(piece.tex, false) : html`<code>${piece.text}</code>`;
  });

/** KaTeX escapes what is text; nothing that could lead out of the formula is trusted to it. */
const math = (tex: string, displayMode: boolean): Markup =>
  trusted(katex.renderToString(tex, { displayMode, output: 'mathml', trust: false, strict: false }));
